"""Whoever was exempt stays so when their name is forgotten by age: what is judged of that time does not change."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, make_account
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.ingest.tidying import tidy
from central.people.duty_corrections import correct_duty
from central.people.exempt_stretches import ExemptStretch, exempt_stretches, who_is_exempt
from central.people.exemptions import end_exemption, sign_exemption
from central.settings import Retention
from protocol.measurements import Duty
from tests.worlds.desk_facts import OFFSET_S, event

DAY_S = 86400.0


def signed_in(engine: Engine, *duties: Duty) -> None:
    with Session(engine) as session, session.begin():
        sent = [event(duty, number) for number, duty in enumerate(duties, 1)]
        take_in(session, [read("deskside/1/desk-1/event", raw, OFFSET_S) for raw in sent], DeskDefaults())


def exempted(session: Session, person: str, clause: str, from_s: float) -> int:
    signer = account_named(session, "chief") or make_account(session, "chief", 1.0)
    made = sign_exemption(
        session,
        person=person,
        clause=clause,
        reason="braces",
        signed_by=signer.id,
        account=None,
        from_wall_s=OFFSET_S + from_s,
        now_wall_s=OFFSET_S,
    )
    return made.number


def stretches(engine: Engine, until_s: float = 5000.0) -> list[tuple[str, float, float]]:
    with Session(engine) as session:
        found = exempt_stretches(session, "desk-1", OFFSET_S, OFFSET_S + until_s)
    return [(each.clause, each.from_s - OFFSET_S, each.until_s - OFFSET_S) for each in found]


@pytest.fixture
def worked(engine: Engine) -> Engine:
    """Wren is on duty twice, and exempt from a moment within the first time to one within the second; lark is between, who is not."""
    signed_in(
        engine,
        Duty(start_s=100.0, end_s=100.0, person="wren", ongoing=True),
        Duty(start_s=100.0, end_s=1000.0, person="wren"),
        Duty(start_s=1100.0, end_s=2000.0, person="lark"),
        Duty(start_s=2100.0, end_s=3000.0, person="wren"),
    )
    with Session(engine) as session, session.begin():
        number = exempted(session, "wren", "smile.teeth", 500.0)
        end_exemption(session, number, ended_by=1, until_wall_s=OFFSET_S + 2500.0)
        exempted(session, "wren", "smile.hold_s", 2200.0)
        correct_duty(
            session,
            "desk-1",
            measurement=None,
            person="lark",
            from_wall_s=OFFSET_S + 700.0,
            until_wall_s=OFFSET_S + 800.0,
            reason="lark stood in",
            made_by="the manager",
        )
    return engine


EXPECTED = [
    ("smile.teeth", 500.0, 700.0),
    ("smile.teeth", 800.0, 1000.0),
    ("smile.teeth", 2100.0, 2500.0),
    ("smile.hold_s", 2200.0, 3000.0),
]


def covered(found: list[tuple[str, float, float]]) -> set[tuple[str, int]]:
    """Every tenth second and the clause, so that stretches that are cut otherwise are the same."""
    return {(clause, at) for clause, from_s, to_s in found for at in range(int(from_s), int(to_s), 10)}


def test_stretches_are_within_the_shifts_of_whoever_is_exempt(worked: Engine) -> None:
    assert covered(stretches(worked)) == covered(EXPECTED)
    assert stretches(worked, 600.0) == [("smile.teeth", 500.0, 600.0)]


def test_names_that_are_forgotten_by_age_leave_exemptions_as_they_were(worked: Engine) -> None:
    """In two parts, as the years pass: first what is older than the second duty, then all of it."""
    for later_s in (30 * DAY_S + 1500.0, 40 * DAY_S):
        with Session(worked) as session, session.begin():
            assert tidy(session, Retention(names_days=30), OFFSET_S + later_s).names
        assert covered(stretches(worked)) == covered(EXPECTED)
    with Session(worked) as session:
        exempt = who_is_exempt(session, "desk-1", OFFSET_S, OFFSET_S + 5000.0)
        assert [set(exempt(OFFSET_S + at_s)) for at_s in (600.0, 750.0, 1500.0, 2300.0)] == [
            {"smile.teeth"},
            set(),
            set(),
            {"smile.teeth", "smile.hold_s"},
        ]


def test_what_is_kept_of_them_names_nobody() -> None:
    assert ExemptStretch._fields == ("clause", "from_s", "until_s")
