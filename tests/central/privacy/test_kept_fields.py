"""Each thing that the page of privacy lists is kept to the last moment of its time, and is gone after it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, exists, func, select
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.accounts.failed_logins import COUNTED_S, FailedLoginRow, note_failed
from central.accounts.own_person import link_person
from central.alerts.alert_book import forget_old_alerts
from central.alerts.alert_rows import AlertRow, AlertSignalRow, AlertTellingRow
from central.appraisal.appraisal_rows import AppraisalRow
from central.appraisal.appraisal_steps import Taking, draft_appraisal
from central.audit.audit_log import AuditRow
from central.competitions.competition_rows import CompetitionEntryRow
from central.competitions.competition_steps import enter_competition
from central.crm.case_rows import CrmCaseRow, CrmMessageRow
from central.crm.pulled import PulledCase
from central.crm.taking_in import crm_row, take_in_case
from central.desks.registry import DeskDefaults
from central.ingest.fading import FADED
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.ingest.rows import BootRow, RejectedRow
from central.ingest.tidying import tidy
from central.people.exemptions import ExemptionRow, end_exemption, sign_exemption
from central.privacy.ageing import forget_with_time
from central.privacy.kept_fields import KEPT_FIELDS
from central.records.event_row import EventRow
from central.records.exclusions import ExclusionRow, exclude
from central.replies.case_history import CaseMessage
from central.settings import Retention
from central.showrooms.premises import showrooms
from central.showrooms.profile_decisions import ProfileDecisionRow
from central.standards.in_force import StandardsInForce
from protocol.measurements import Attendance, Duty, HelpWanted
from tests.central.competitions.test_competition_steps import BEFORE_S, announced
from tests.worlds.appraised import DAY, PERIOD, keep_harbour, measured_at_harbour, visit_number
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event

DAY_S = 86400.0
DAYS = dict(
    zip(
        (
            *("events_days", "names_days", "manner_days", "cases_days"),
            *("alerts_days", "boots_days", "rejected_days"),
        ),
        (400, 100, 50, 200, 150, 900, 30),
        strict=True,
    )
)
"""Each another, so that no time limit is taken for another's."""
RETENTION = Retention(**DAYS)
EARLIER_BOOT = "e" * 32
FIELDS = {field.key: field for field in KEPT_FIELDS}


def run_all(session: Session, now_wall_s: float) -> None:
    """All that forgets with time, until it finds nothing more."""
    while tidy(session, RETENTION, now_wall_s).more:
        pass
    forget_with_time(session, RETENTION, now_wall_s)
    forget_old_alerts(session, RETENTION.alerts_days, now_wall_s)
    session.flush()
    session.expire_all()


def of_type(*names: str) -> list[str]:
    """What the protocol calls these measurements in an envelope."""
    return [f"deskside.{name}" for name in names]


@dataclass(frozen=True)
class Kept:
    """Since when the time of a thing runs, and whether it is there still."""

    since_s: float
    is_there: Callable[[], bool]


def live_in(session: Session) -> dict[str, Kept]:
    """Keep one of everything that the page lists."""
    keep_harbour(session, "other")
    next_number = len(measured_at_harbour("harbour-1")) + 1
    more = [
        event(HelpWanted(start_s=5000.0, end_s=5000.0, kind="technical"), next_number, "harbour-1"),
        event(
            Attendance(start_s=0.0, end_s=5100.0, staffed=True, coverage=1.0), next_number + 1, "harbour-1"
        ),
    ]
    boot = event(Duty(start_s=0.0, end_s=1.0, person="dove"), 1, "harbour-1", EARLIER_BOOT, OFFSET_S - DAY_S)
    arrived = [read("deskside/1/harbour-1/event", raw, OFFSET_S) for raw in [*more, b"rubbish"]]
    take_in(session, arrived, DeskDefaults())
    take_in(session, [read("deskside/1/harbour-1/event", boot, OFFSET_S - 9.0)], DeskDefaults())
    accounts = [make_account(session, name, 1.0) for name in ("manager", "area")]
    (place,) = showrooms(session)
    draft_appraisal(
        session, Taking(accounts[0].id, OFFSET_S, StandardsInForce(STANDARD)), "wren", place, PERIOD
    )
    own = make_account(session, "robin@north", 1.0)
    link_person(session, own.id, "robin", accounts[0].id, 1.0)
    competing = announced(session)
    enter_competition(session, Taking(own.id, BEFORE_S, StandardsInForce(STANDARD)), competing)
    device, bootid, number = visit_number(0).split("/")
    exclude(
        session,
        (device, bootid, int(number)),
        reason="a child",
        decided_by=accounts[1].id,
        now_wall_s=OFFSET_S,
    )
    signed = sign_exemption(
        session,
        person="wren",
        clause="smile.teeth",
        reason="a split lip",
        signed_by=accounts[1].id,
        account=None,
        from_wall_s=OFFSET_S,
        now_wall_s=OFFSET_S,
    )
    end_exemption(session, signed.number, ended_by=accounts[1].id, until_wall_s=OFFSET_S + 9000.0)
    crm = crm_row(session, "tracker")
    asked = CaseMessage("m1", OFFSET_S, "in", "requestor")
    take_in_case(
        session, crm.id, PulledCase("c1", customer="77", messages=(asked,), states=(), places=(), whole=True)
    )
    alert = AlertRow(
        showroom_id=place.id,
        began=DAY,
        opened_wall_s=OFFSET_S,
        closed_wall_s=OFFSET_S + 7.0,
        acknowledged_by="manager",
        acknowledged_wall_s=OFFSET_S,
    )
    session.add(alert)
    session.flush()
    session.add(AlertSignalRow(alert=alert.id, code="wait", up=True, lasts=False))
    session.add(AlertTellingRow(alert=alert.id, channel="mail", due_wall_s=0.0, tries=0))
    session.flush()
    after_last_day_s = (datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=1)).timestamp()
    return {
        **{
            key: _measured(session, *of_type(name))
            for key, name in {
                "visits": "encounter.v2",
                "calls": "call.v1",
                "presence": "attendance.v1",
                "requests": "help.v1",
                "desk": "gap.v1",
            }.items()
        },
        "duty": Kept(
            _ends(session, *of_type("duty.v1")),
            lambda: bool(_count(session, EventRow.raw.contains('"person":"robin"'))),
        ),
        "manner": Kept(
            _ends(session, *of_type("encounter.v2")),
            lambda: bool(_count(session, EventRow.raw.contains('"peak_lift_cm"'))),
        ),
        "aside": Kept(OFFSET_S, lambda: session.scalar(select(exists().where(RejectedRow.id > 0))) is True),
        "boots": Kept(
            OFFSET_S - 9.0,
            lambda: session.scalar(select(exists().where(BootRow.bootid == EARLIER_BOOT))) is True,
        ),
        "appraisals": Kept(
            after_last_day_s,
            lambda: session.scalar(select(exists().where(AppraisalRow.id > 0))) is True,
        ),
        "entries": Kept(
            after_last_day_s, lambda: session.scalar(select(CompetitionEntryRow.person)) == "robin"
        ),
        "exclusions": Kept(OFFSET_S, lambda: session.scalar(select(ExclusionRow.reason)) != FADED),
        "exemptions": Kept(OFFSET_S + 9000.0, lambda: session.scalar(select(ExemptionRow.person)) == "wren"),
        "cases": Kept(
            OFFSET_S,
            lambda: bool(
                (session.scalar(select(func.count()).select_from(CrmCaseRow)) or 0)
                + (session.scalar(select(func.count()).select_from(CrmMessageRow)) or 0)
            ),
        ),
        "alerts": Kept(
            OFFSET_S + 7.0,
            lambda: bool(
                session.scalar(select(exists().where(AlertRow.id > 0)))
                or session.scalar(select(exists().where(AlertTellingRow.id > 0)))
            ),
        ),
    }


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(EventRow).where(*conditions)) or 0  # type: ignore[arg-type]


def _ends(session: Session, *types: str) -> float:
    ends = select(func.max(EventRow.start_wall_s + EventRow.duration_s)).where(EventRow.type.in_(types))
    return float(session.scalar(ends) or 0.0)


def _measured(session: Session, *types: str) -> Kept:
    return Kept(_ends(session, *types), lambda: _count(session, EventRow.type.in_(types)) > 0)


TIMED = sorted(field.key for field in KEPT_FIELDS if field.days(RETENTION) is not None)


@pytest.mark.parametrize("key", TIMED)
def test_it_is_kept_to_the_last_moment_of_its_time_and_is_gone_after_it(engine: Engine, key: str) -> None:
    days = FIELDS[key].days(RETENTION)
    assert days is not None
    with Session(engine) as session, session.begin():
        kept = live_in(session)
        assert sorted(kept) == TIMED, "what has a time limit is tried here"
        over_s = kept[key].since_s + days * DAY_S
        run_all(session, over_s - 1.0)
        assert kept[key].is_there()
        run_all(session, over_s + (DAY_S if key in {"appraisals", "entries"} else 1.0))
        assert not kept[key].is_there()


def test_what_has_no_time_limit_is_there_after_a_lifetime(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        live_in(session)
        noted = session.scalar(select(func.count()).select_from(AuditRow))
        run_all(session, OFFSET_S + 36_000 * DAY_S)
        assert noted
        assert session.scalar(select(func.count()).select_from(AuditRow)) == noted
        assert session.scalar(select(func.count()).select_from(ProfileDecisionRow)) == 1
        assert session.scalar(select(exists().where(ExclusionRow.id > 0))), (
            "it counts no more, for whatever reason"
        )


def test_a_failed_log_in_is_kept_for_a_quarter_of_an_hour(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for at_s, left in ((0.0, 1), (COUNTED_S - 1.0, 2), (COUNTED_S + 1.0, 2), (3 * COUNTED_S, 1)):
            note_failed(session, "wren", "192.0.2.1", at_s)
            assert session.scalar(select(func.count()).select_from(FailedLoginRow)) == left


def test_without_settings_it_is_kept_and_the_strictest_profile_says_how_long_a_name_is(
    engine: Engine,
) -> None:
    with Session(engine) as session, session.begin():
        kept = live_in(session)
        while tidy(session, Retention(), OFFSET_S + 5000 * DAY_S).more:
            pass
        forget_with_time(session, Retention(), OFFSET_S + 5000 * DAY_S)
        for key in ("visits", "cases", "alerts", "exclusions", "exemptions", "appraisals"):
            assert kept[key].is_there(), key
