"""Every measurement once, in whatever order and however often it comes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.places import DeskPlaceRow
from central.desks.registry import DeskDefaults, DeskRow, UnknownDeskError, desks, enter, known_desk
from central.ingest.claims import CONFIRM_S
from central.ingest.keeping import TakenIn, all_settled, take_in
from central.ingest.outstanding import awaited, rejected
from central.ingest.reading import read
from central.ingest.rows import BootRow, RejectedRow
from central.records.event_row import EventRow
from central.records.query import measured_between
from protocol.state import Birth, Held, State, WallMapping
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, gap, staffed

OTHER_BOOT = "f" * 32
DEFAULTS = DeskDefaults("Acme", "North Street", "Europe/Berlin")


@dataclass
class Store:
    engine: Engine

    def take(self, *messages: tuple[str, bytes], at_s: float = 1000.0) -> TakenIn:
        arrived = [read(f"deskside/1/{topic}", payload, at_s) for topic, payload in messages]
        with Session(self.engine) as session, session.begin():
            return take_in(session, arrived, DEFAULTS)

    def settled(self, boot: str = BOOT) -> int:
        with Session(self.engine) as session:
            row = session.get(BootRow, ("desk-1", boot))
            return row.settled if row else 0

    def clear(self) -> None:
        with Session(self.engine) as session, session.begin():
            for table in (RejectedRow, EventRow, BootRow, DeskPlaceRow, DeskRow):
                session.execute(delete(table))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = open_for_writing(database_url)
    yield Store(engine)
    engine.dispose()


def sent(number: int, **envelope: object) -> tuple[str, bytes]:
    data = staffed(100.0 * number, 100.0 * number + 50.0)
    return "desk-1/event", event(data, number, **envelope)  # type: ignore[arg-type]


def birth(offset_s: float, clock: str, *, held: tuple[Held, ...] = (), session: int = 5) -> tuple[str, bytes]:
    wall = WallMapping.model_validate({"offset_s": offset_s, "clock": clock})
    message = Birth(
        software="0.1.0",
        models={},
        configuration="0" * 64,
        standard="eight-teeth@1",
        calibration=None,
        device="desk-1",
        session=session,
        bootid=BOOT,
        wall=wall,
        held=held,
    )
    return "desk-1/birth", message.model_dump_json().encode()


def test_what_was_taken_in_is_found_again_word_for_word(store: Store) -> None:
    topic, payload = sent(1)
    assert store.take((topic, payload)).new == 1
    with Session(store.engine) as session:
        assert session.scalars(select(EventRow.raw)).one().encode() == payload
        (found,) = measured_between(session, "desk-1", OFFSET_S, OFFSET_S + 1000)
    assert found.id == f"desk-1/{BOOT}/1"
    assert found.wall_s == OFFSET_S + 100.0


def test_a_measurement_that_comes_again_is_kept_once_and_acknowledged_again(store: Store) -> None:
    store.take(sent(1))
    again = store.take(sent(1), sent(1, historical=True))
    assert (again.new, again.repeated, again.settled) == (0, 2, {"desk-1": {BOOT: 1}})


def test_only_the_unbroken_run_is_acknowledged(store: Store) -> None:
    assert store.take(sent(1), sent(3)).settled == {"desk-1": {BOOT: 1}}
    assert store.take(sent(2)).settled == {"desk-1": {BOOT: 3}}


def test_boots_and_desks_are_numbered_apart(store: Store) -> None:
    other_desk = ("desk-2/event", event(staffed(0, 1), 1, device="desk-2"))
    taken = store.take(sent(1), sent(2), sent(1, boot=OTHER_BOOT), other_desk)
    assert taken.settled == {"desk-1": {BOOT: 2, OTHER_BOOT: 1}, "desk-2": {BOOT: 1}}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, 15), max_size=6), max_size=8))
def test_any_order_any_repetition_any_batches(store: Store, batches: list[list[int]]) -> None:
    store.clear()
    seen: set[int] = set()
    for batch in batches:
        before = store.settled()
        taken = store.take(*(sent(number) for number in batch))
        assert taken.new == len(set(batch) - seen)
        seen |= set(batch)
        expected = next(number for number in range(1, 17) if number not in seen) - 1
        assert store.settled() == expected >= before
        assert not batch or taken.settled == {"desk-1": {BOOT: expected}}
    with Session(store.engine) as session:
        assert sorted(session.scalars(select(EventRow.sequence))) == sorted(seen)
        assert awaited(session, "desk-1") == max(seen, default=0) - len(seen)


def test_what_cannot_be_read_is_kept_with_its_reason_and_its_number_is_settled(store: Store) -> None:
    broken = json.loads(sent(2)[1])
    broken["data"]["staffed"] = "perhaps"
    payload = json.dumps(broken).encode()
    taken = store.take(sent(1), ("desk-1/event", payload), sent(3))
    assert taken.settled == {"desk-1": {BOOT: 3}}
    with Session(store.engine) as session:
        (kept,) = rejected(session, "desk-1")
        assert (kept.payload, kept.sequence) == (payload, 2)
        assert "staffed" in kept.reason
        assert awaited(session, "desk-1") == 0


def test_the_same_rubbish_is_kept_once(store: Store) -> None:
    rubbish = ("desk-1/event", b"\x00\xff rubbish")
    assert [len(store.take(rubbish, rubbish).rejected), len(store.take(rubbish).rejected)] == [1, 0]


def test_rubbish_from_nowhere_is_kept_too(store: Store) -> None:
    assert len(store.take(("Not A Desk/event", b"{}")).rejected) == 1
    with Session(store.engine) as session:
        assert desks(session) == ()


def test_another_measurement_under_a_number_that_is_taken_is_kept_aside(store: Store) -> None:
    store.take(sent(1))
    taken = store.take(("desk-1/event", event(gap(0, 5), 1)))
    assert [item.reason for item in taken.rejected] == [
        "number 1 of this boot is already taken by another measurement"
    ]
    with Session(store.engine) as session:
        assert session.scalars(select(EventRow.type)).all() == ["deskside.attendance.v1"]


def test_a_desk_cannot_speak_for_another(store: Store) -> None:
    taken = store.take(("desk-2/event", sent(1)[1]))
    assert taken.new == 0
    assert len(taken.rejected) == 1
    assert taken.settled == {}


LATER_S = 1000.0 + CONFIRM_S


def test_numbers_the_desk_no_longer_holds_are_not_waited_for_once_it_says_so_again(store: Store) -> None:
    held = (Held(bootid=BOOT, first=40, last=60), Held(bootid=OTHER_BOOT, first=7, last=9))
    told = birth(OFFSET_S, "synced", held=held)
    first = store.take(told)
    assert (first.settled, first.unconfirmed) == ({"desk-1": {BOOT: 0, OTHER_BOOT: 0}}, {"desk-1"})
    assert store.take(sent(40)).settled == {"desk-1": {BOOT: 0}}
    again = store.take(told, at_s=LATER_S)
    assert (again.settled, again.unconfirmed) == ({"desk-1": {BOOT: 40, OTHER_BOOT: 6}}, set())


def test_a_false_birth_makes_nothing_vanish_and_the_true_one_heals(store: Store) -> None:
    store.take(sent(1))
    false = birth(OFFSET_S, "synced", held=(Held(bootid=BOOT, first=402, last=520),), session=6)
    true = birth(OFFSET_S, "synced", held=(Held(bootid=BOOT, first=2, last=520),))
    assert store.take(false).settled == {"desk-1": {BOOT: 1}}
    assert store.take(sent(402), sent(403)).settled == {"desk-1": {BOOT: 1}}
    healed = store.take(true, at_s=LATER_S - 20.0)
    assert (healed.settled, healed.unconfirmed) == ({"desk-1": {BOOT: 1}}, set())
    assert store.take(false, at_s=LATER_S).settled == {"desk-1": {BOOT: 1}}


def test_a_measurement_shows_that_a_birth_was_false(store: Store) -> None:
    false = birth(OFFSET_S, "synced", held=(Held(bootid=BOOT, first=402, last=520),))
    store.take(false)
    assert store.take(sent(2), sent(500)).unconfirmed == set()
    assert store.take(false, at_s=LATER_S).settled == {"desk-1": {BOOT: 0}}
    assert store.take(sent(1), at_s=LATER_S).settled == {"desk-1": {BOOT: 2}}


def test_a_birth_is_answered_even_when_nothing_is_known_of_the_boot(store: Store) -> None:
    assert store.take(birth(OFFSET_S, "estimated")).settled == {"desk-1": {BOOT: 0}}


def test_times_from_a_clock_that_was_not_set_are_corrected_once_it_is(store: Store) -> None:
    wrong_s = OFFSET_S - 86400.0
    store.take(birth(wrong_s, "estimated"), sent(1, offset_s=wrong_s, clock="estimated"))
    store.take(birth(OFFSET_S, "synced"), sent(2), sent(3, offset_s=wrong_s, clock="estimated"))
    with Session(store.engine) as session:
        found = measured_between(session, "desk-1", wrong_s, OFFSET_S + 1000)
    assert [(item.wall_s, item.synced) for item in found] == [
        (OFFSET_S + 100.0, True),
        (OFFSET_S + 200.0, True),
        (OFFSET_S + 300.0, True),
    ]


def test_times_that_were_never_set_say_so(store: Store) -> None:
    store.take(birth(OFFSET_S, "estimated"), sent(1, clock="estimated"))
    with Session(store.engine) as session:
        (found,) = measured_between(session, "desk-1", OFFSET_S, OFFSET_S + 1000)
    assert not found.synced


def test_times_of_a_set_clock_are_not_touched_by_a_later_birth(store: Store) -> None:
    store.take(sent(1), birth(OFFSET_S + 3.0, "synced"))
    with Session(store.engine) as session:
        (found,) = measured_between(session, "desk-1", OFFSET_S, OFFSET_S + 1000)
    assert found.wall_s == OFFSET_S + 100.0


def test_a_last_will_of_an_earlier_session_means_nothing(store: Store) -> None:
    def state(name: str, session: int) -> tuple[str, bytes]:
        return "desk-1/state", State.model_validate(
            {"device": "desk-1", "session": session, "state": name}
        ).model_dump_json().encode()

    store.take(birth(OFFSET_S, "synced", session=6), state("ready", 6))
    store.take(state("lost", 5))
    with Session(store.engine) as session:
        assert [desk.state for desk in desks(session)] == ["ready"]
    store.take(state("lost", 6))
    with Session(store.engine) as session:
        assert [desk.state for desk in desks(session)] == ["lost"]


def test_a_desk_heard_of_for_the_first_time_is_entered_with_the_defaults(store: Store) -> None:
    assert store.take(sent(1)).registered == ["desk-1"]
    assert store.take(sent(2)).registered == []
    with Session(store.engine) as session:
        (desk,) = desks(session)
    assert (desk.company, desk.showroom, desk.timezone) == ("Acme", "North Street", "Europe/Berlin")


def test_a_desk_that_moves_renames_nothing(store: Store) -> None:
    store.take(sent(1))
    with Session(store.engine) as session, session.begin():
        moved = enter(session, "desk-1", showroom="South Street", timezone="Asia/Shanghai")
    assert (moved.company, moved.showroom, moved.device) == ("Acme", "South Street", "desk-1")
    assert store.take(sent(2)).registered == []


def test_a_name_that_no_desk_can_have_is_not_entered(store: Store) -> None:
    with (
        Session(store.engine) as session,
        pytest.raises(UnknownDeskError, match="'Desk 9' is no device name"),
    ):
        enter(session, "Desk 9", label="nowhere")


def test_a_desk_that_was_entered_before_it_is_heard_of_keeps_its_entry(store: Store) -> None:
    with Session(store.engine) as session, session.begin():
        enter(session, "desk-1", showroom="Lyon", defaults=DEFAULTS)
    assert store.take(sent(1)).registered == []
    with Session(store.engine) as session:
        assert known_desk(session, "desk-1").showroom == "Lyon"


def test_the_latest_boots_are_acknowledged_unasked(store: Store) -> None:
    store.take(sent(1), sent(2), sent(1, boot=OTHER_BOOT))
    with Session(store.engine) as session:
        assert all_settled(session, 16) == {"desk-1": {BOOT: 2, OTHER_BOOT: 1}}
        assert len(all_settled(session, 1)["desk-1"]) == 1
