"""What the profile of a showroom leaves out is not kept, whoever sends it: told to the technician, and lost for nobody else."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.desk_faults import faults
from central.desks.registry import DeskDefaults, enter, known_desk
from central.ingest.keeping import TakenIn, take_in
from central.ingest.profile_gate import WITHHELD
from central.ingest.profile_sweep import DAY_S, ProfileEpochRow, ProfileSweep
from central.ingest.reading import read
from central.ingest.rows import RejectedRow
from central.records.event_row import EventRow
from central.scoring.judging import verdicts_on
from central.standards.desk_plans import bring_plans_up_to_date
from protocol.envelope import parse
from protocol.manner import Manner, told_manner
from protocol.measurements import Duty, Encounter, Health
from protocol.standards_folder import find_standard
from protocol.state import Birth, WallMapping
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, gaze, posture, reaction, smile, visit
from tests.worlds.profiles import decide

DEFAULTS = DeskDefaults("North", "Harbour", "Europe/Berlin")
FULL = visit(
    reaction("smiled", 1.0),
    reaction("turned", 2.0),
    smile=smile(),
    gaze=gaze(),
    posture=posture(),
    mouth_covered_share=0.2,
)
NOW_S = OFFSET_S + 1000.0


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine: Engine = open_for_writing(database_url)
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def take(session: Session, *messages: tuple[str, bytes]) -> TakenIn:
    return take_in(
        session,
        [read(f"deskside/1/desk-1/{channel}", payload, NOW_S) for channel, payload in messages],
        DEFAULTS,
    )


def born(*, leaves_out: tuple[Manner, ...] | None, number: int = 5) -> tuple[str, bytes]:
    birth = Birth(
        software="1",
        models={},
        configuration="0" * 64,
        standard="eight-teeth@1",
        calibration=None,
        leaves_out=leaves_out,
        machine_id="1" * 32,
        device="desk-1",
        session=number,
        bootid=BOOT,
        wall=WallMapping(offset_s=OFFSET_S, clock="synced"),
    )
    return "birth", birth.model_dump_json().encode()


def kept(session: Session) -> list[Encounter]:
    rows = session.scalars(select(EventRow).order_by(EventRow.id))
    return [data for row in rows if isinstance(data := parse(row.raw.encode()).data, Encounter)]


def complaints(session: Session, *, closed: bool = False) -> list[str]:
    return [fault.text for fault in faults(session, closed=closed) if "profile" in fault.text]


def test_where_nobody_has_decided_no_smile_is_kept_shown_or_scored_and_a_technician_is_told(
    session: Session,
) -> None:
    taken = take(session, ("event", event(FULL, 1)))
    assert (taken.new, taken.settled) == (1, {"desk-1": {BOOT: 1}})
    (encounter,) = kept(session)
    assert told_manner(encounter) == ("gaze", "posture")
    assert [each.kind for each in encounter.reactions] == ["turned"]
    stored = json.dumps([row.raw for row in session.scalars(select(EventRow))])
    assert not [word for word in ("smiled", "mouth_covered", "lift_cm", "onset_s") if word in stored]
    verdicts = verdicts_on(encounter, find_standard("eight-teeth"), ("x",))
    assert {each.outcome for each in verdicts if each.clause.startswith("smile.")} == {"not_applicable"}
    (told,) = complaints(session)
    assert "the profile eu of its showroom leaves out (smile): it is not kept" in told


def test_a_desk_that_nobody_has_placed_is_under_the_strictest_too(session: Session) -> None:
    arrived = [read("deskside/1/desk-1/event", event(FULL, 1), NOW_S)]
    take_in(session, arrived, DeskDefaults())
    assert told_manner(kept(session)[0]) == ("gaze", "posture")


def test_where_two_people_have_decided_it_is_kept_from_that_moment_on(session: Session) -> None:
    decide(session, "cn", at_wall_s=OFFSET_S + 200.0)
    later = FULL.model_copy(update={"start_s": 300.0, "end_s": 325.0})
    take(session, ("event", event(FULL, 1)), ("event", event(later, 2)))
    before, after = kept(session)
    assert told_manner(before) == ("gaze", "posture")
    assert after == later


def test_what_is_sent_again_is_the_same_measurement_before_and_after_a_decision(session: Session) -> None:
    take(session, ("event", event(FULL, 1)))
    assert take(session, ("event", event(FULL, 1))).repeated == 1
    decide(session, "cn", at_wall_s=0.0)
    again = take(session, ("event", event(FULL, 1)))
    assert (again.repeated, again.rejected) == (1, [])
    assert told_manner(kept(session)[0]) == ("gaze", "posture")
    other = FULL.model_copy(update={"party_size": 2})
    assert len(take(session, ("event", event(other, 1))).rejected) == 1
    duty = Duty(start_s=1.0, end_s=2.0, person="wren")
    assert len(take(session, ("event", event(duty, 1))).rejected) == 1


def test_what_the_time_limit_let_be_forgotten_is_known_when_it_is_sent_again(session: Session) -> None:
    take(session, ("event", event(FULL, 1)))
    sweep(session, NOW_S + 366 * DAY_S)
    assert told_manner(kept(session)[0]) == ()
    again = take(session, ("event", event(FULL, 1)))
    assert (again.repeated, again.rejected) == (1, [])


def test_what_cannot_be_read_keeps_no_smile_aside_and_settles_its_number(session: Session) -> None:
    broken = [event(FULL, number).replace(b'"party_size":1', b'"party_size":"one"') for number in (1, 2)]
    taken = take(session, *(("event", payload) for payload in broken))
    assert taken.settled == {"desk-1": {BOOT: 2}}
    payloads = [row.payload for row in session.scalars(select(RejectedRow))]
    assert len(payloads) == 2
    assert all(payload.startswith(WITHHELD.encode()) for payload in payloads)
    escaped = (
        event(FULL, 4).replace(b'"party_size":1', b'"party_size":"one"').replace(b'"smile"', b'"\\u0073mile"')
    )
    take(session, ("event", escaped))
    assert b"peak_lift_cm" not in b"".join(row.payload for row in session.scalars(select(RejectedRow)))
    without = event(visit(gaze=gaze()), 3).replace(b'"party_size":1', b'"party_size":"one"')
    take(session, ("event", without))
    assert without[:200] in {row.payload[:200] for row in session.scalars(select(RejectedRow))}


def test_the_fault_stays_until_the_desk_says_that_it_leaves_out_what_it_must(session: Session) -> None:
    take(session, born(leaves_out=()), ("event", event(FULL, 1)))
    assert len(complaints(session)) == 1
    healthy = Health(
        start_s=200.0, end_s=260.0, cameras=(), cpu_share=None, memory_mb=None, spooled=0, clock="synced"
    )
    take(session, ("health", event(healthy, 2)))
    assert len(complaints(session)) == 1
    take(session, born(leaves_out=("smile",), number=6))
    assert complaints(session) == []
    assert len(complaints(session, closed=True)) == 1


def test_a_desk_is_sent_what_to_leave_out_once_it_says_that_it_can(session: Session) -> None:
    take(session, born(leaves_out=None))
    assert bring_plans_up_to_date(session, NOW_S) == ()
    take(session, born(leaves_out=(), number=6))
    (first,) = bring_plans_up_to_date(session, NOW_S)
    assert first.leaves_out == ("smile",)
    assert bring_plans_up_to_date(session, NOW_S) == (first,)
    decide(session, "cn", at_wall_s=NOW_S)
    (second,) = bring_plans_up_to_date(session, NOW_S + 1.0)
    assert (second.leaves_out, second.number > first.number) == ((), True)


def sweep(session: Session, now_wall_s: float) -> None:
    sweeping = ProfileSweep()
    while sweeping.step(session, now_wall_s):
        pass


def test_a_desk_that_never_stood_there_leaves_no_smile_behind(session: Session) -> None:
    session.get_one(ProfileEpochRow, session.scalar(select(ProfileEpochRow.wall_s))).wall_s = 0.0
    decide(session, "cn", at_wall_s=0.0)
    take(session, ("event", event(FULL, 1)))
    sweep(session, NOW_S)
    assert kept(session) == [FULL]
    enter(session, "desk-1", company="South", showroom="Market", timezone="Europe/Rome", correct=True)
    assert known_desk(session, "desk-1").showroom == "Market"
    sweep(session, NOW_S)
    assert told_manner(kept(session)[0]) == ("gaze", "posture")


def test_what_was_received_before_there_were_profiles_stays_until_its_time_is_over(session: Session) -> None:
    decide(session, "cn", at_wall_s=0.0)
    take(session, ("event", event(FULL, 1)))
    enter(session, "desk-1", company="South", showroom="Market", timezone="Europe/Rome", correct=True)
    sweep(session, NOW_S + 364 * DAY_S)
    assert kept(session) == [FULL]
    sweep(session, NOW_S + 366 * DAY_S)
    assert told_manner(kept(session)[0]) == ()
