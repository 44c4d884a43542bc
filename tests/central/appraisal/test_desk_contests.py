"""What a host contested at the page of their desk is a contest of the appraisal that holds the visit; and presence stands in it, of the desk."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.accounts.own_person import link_person
from central.appraisal.appraisal_rows import AppraisalRow, ContestClaimRow
from central.appraisal.appraisal_steps import (
    AppraisalStepError,
    Taking,
    claims_of,
    decide_contest,
    draft_appraisal,
    drawn_anew,
    sign_appraisal,
)
from central.appraisal.desk_contests import adopt_desk_contests, contested_days
from central.appraisal.figures import appraisal_text
from central.appraisal.reading_back import drawn_of, figures_of, holds
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.privacy.held_of_person import everything_held
from central.records.exclusions import exclusion_of
from central.showrooms.premises import showrooms
from central.standards.in_force import StandardsInForce
from protocol.measurements import Contest, Measurement
from tests.central.database.test_registry_migration import stepped
from tests.worlds.appraised import PERIOD, SLOT_S, WREN_MET, WREN_MISSED, keep_harbour, visit_number
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, event, staffed

NOW_S = 1_790_100_000.0
STANDARDS = StandardsInForce(STANDARD)
CONTESTED = WREN_MET
"""The first of wren's visits that took too long."""
BEGAN_S = 10.0 + CONTESTED * SLOT_S
TOUCHED_S = BEGAN_S + 5.0


def keep(session: Session, *data: Measurement, first: int = 500, offset_s: float = OFFSET_S) -> None:
    sent = [event(each, number, "harbour-1") for number, each in enumerate(data, first)]
    take_in(session, [read("deskside/1/harbour-1/event", raw, offset_s) for raw in sent], DeskDefaults())
    session.flush()


def touch(visit_s: float | None = BEGAN_S, at_s: float = TOUCHED_S) -> Contest:
    return Contest(
        start_s=at_s, end_s=at_s, about="day" if visit_s is None else "visit", visit_start_s=visit_s
    )


def by(session: Session, name: str) -> Taking:
    (number,) = session.execute(text("SELECT id FROM account WHERE name = :name"), {"name": name}).one()
    return Taking(number, NOW_S, STANDARDS)


def live(session: Session) -> None:
    keep_harbour(session)
    for name in ("manager", "area", "wren@north"):
        make_account(session, name, 0.0)
    session.flush()


def draft(session: Session, person: str = "wren") -> AppraisalRow:
    (harbour,) = [each for each in showrooms(session) if each.name == "Harbour"]
    number = draft_appraisal(session, by(session, "manager"), person, harbour, PERIOD)
    return session.get_one(AppraisalRow, number)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        live(session)
        yield session


def test_a_touch_at_the_desk_is_a_contest_of_the_draft_and_nobody_signs_before_a_second_person_decides(
    session: Session,
) -> None:
    row = draft(session)
    assert claims_of(session, [row.id]) == ()
    keep(session, touch())
    with pytest.raises(AppraisalStepError, match="decided before anybody signs"):
        sign_appraisal(session, by(session, "manager"), row.id, "a fair day", row.sha256)
    (claim,) = claims_of(session, [row.id])
    assert claim.measurement == visit_number(CONTESTED)
    assert (claim.request, claim.made_by, claim.said) == (f"harbour-1/{BOOT}/500", None, "")
    assert claim.made_wall_s == OFFSET_S + TOUCHED_S
    link_person(session, by(session, "wren@north").account, "wren", by(session, "area").account, 0.0)
    with pytest.raises(AppraisalStepError, match="their own contest"):
        decide_contest(session, by(session, "wren@north"), claim.id, "excluded", "so it was")
    decide_contest(session, by(session, "area"), claim.id, "excluded", "the guard, no customer")
    assert figures_of(row.figures)["clauses"]["respond.within_s"]["not_met"] == WREN_MISSED - 1
    assert exclusion_of(session, "harbour-1", BOOT, CONTESTED + 2) is not None
    assert session.scalar(text("SELECT count(*) FROM event WHERE sequence = 14 AND device = 'harbour-1'"))
    sign_appraisal(session, by(session, "manager"), row.id, "a fair day", row.sha256)
    assert adopt_desk_contests(session, row, NOW_S) == 0
    (told,) = everything_held(session, "wren")["appraisals"]
    assert told["contests"][0]["request"] == claim.request


def test_whoever_has_an_account_made_the_contest_by_it_and_a_kept_one_is_not_asked_again(
    session: Session,
) -> None:
    own = by(session, "wren@north").account
    link_person(session, own, "wren", by(session, "area").account, 0.0)
    # Touched twice: it is one contest.
    keep(session, touch(), touch(at_s=TOUCHED_S + 1.0))
    row = draft(session)
    (claim,) = claims_of(session, [row.id])
    assert claim.made_by == own
    decide_contest(session, by(session, "area"), claim.id, "kept", "the visit shows a customer")
    assert draft(session).id == row.id
    sign_appraisal(session, by(session, "manager"), row.id, "a fair day", row.sha256)


def test_a_touch_after_the_signature_is_a_contest_of_what_was_signed(session: Session) -> None:
    row = draft(session)
    sign_appraisal(session, by(session, "manager"), row.id, "a fair day", row.sha256)
    keep(session, touch())
    assert adopt_desk_contests(session, row, NOW_S) == 1
    (claim,) = claims_of(session, [row.id])
    following = decide_contest(session, by(session, "area"), claim.id, "excluded", "the guard")
    assert following != row.id
    assert claims_of(session, [following]) == ()


def test_a_touch_is_no_contest_of_another_person_and_of_no_visit_that_is_not_there(session: Session) -> None:
    keep(session, touch(BEGAN_S + 0.4), touch(BEGAN_S, at_s=1300.0))
    row, doves = draft(session), draft(session, "dove")
    assert claims_of(session, [row.id, doves.id]) == ()


def test_a_clock_that_was_set_between_the_visit_and_the_touch_does_not_matter(session: Session) -> None:
    keep(session, touch(), offset_s=OFFSET_S + 300.0)
    with session.no_autoflush:
        session.execute(
            text("UPDATE event SET start_wall_s = start_wall_s + 240 WHERE type = 'deskside.contest.v1'")
        )
    session.expire_all()
    row = draft(session)
    assert [each.measurement for each in claims_of(session, [row.id])] == [visit_number(CONTESTED)]


def test_the_numbers_of_a_day_contested_are_shown_and_exclude_nothing(session: Session) -> None:
    row = draft(session)
    seen = row.sha256
    keep(session, touch(None))
    (day,) = contested_days(session, row, NOW_S)
    assert (day.device, day.wall_s) == ("harbour-1", OFFSET_S + TOUCHED_S)
    assert contested_days(session, draft(session, "dove"), NOW_S) == ()
    assert (row.sha256, claims_of(session, [row.id])) == (seen, ())


def test_presence_stands_in_it_by_day_and_desk_as_far_as_the_person_was_signed_in(session: Session) -> None:
    # wren is signed in for the first 1200 s; the desk is empty for a quarter of the stretch, and half seen after it.
    keep(
        session,
        staffed(0.0, 600.0),
        staffed(600.0, 900.0, staffed=False),
        staffed(900.0, 1500.0, coverage=0.5),
    )
    row = draft(session)
    day = datetime.fromtimestamp(OFFSET_S, UTC).date().isoformat()
    (there,) = drawn_of(row.figures).presence or ()
    assert (there.day, there.device) == (day, "harbour-1")
    assert (there.on_duty_s, there.staffed_s, there.unstaffed_s, there.unseen_s) == (1200, 750, 300, 150)
    found = figures_of(row.figures)["presence"]
    # A rate is stated of an hour or more that was seen.
    assert found == {"days": 1, "staffed_s": 750, "unstaffed_s": 300, "unseen_s": 150, "share": None}
    assert drawn_anew(session, row, STANDARDS) == row.figures


def test_what_was_signed_before_presence_stood_in_it_is_recomputed_as_it_was(session: Session) -> None:
    row = draft(session)
    early = drawn_of(row.figures).model_copy(update={"format": 1, "presence": None})
    old = appraisal_text(early)
    assert "presence" not in old
    assert appraisal_text(drawn_of(old)) == old
    assert not holds(old, row.sha256)


def test_the_migration_keeps_contests_and_what_refuses_changes_of_them(session: Session) -> None:
    row = draft(session)
    keep(session, touch())
    adopt_desk_contests(session, row, NOW_S)
    (claim,) = claims_of(session, [row.id])
    claim.made_by = by(session, "wren@north").account
    decide_contest(session, by(session, "area"), claim.id, "kept", "a customer")
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    stepped(engine, "0033", down=True)
    stepped(engine, "head")
    with Session(engine) as again:
        assert again.scalar(select(func.count()).select_from(ContestClaimRow)) == 1
        with pytest.raises(Exception, match="stays as it was decided"):
            again.execute(text("UPDATE contest_claim SET outcome = 'excluded'"))
