"""What is kept has bounds: payloads by size and number, and all by age where the settings say so."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults, enter
from central.ingest import tidying
from central.ingest.keeping import take_in
from central.ingest.outstanding import awaited, dropped_count, rejected, rejected_count
from central.ingest.reading import read
from central.ingest.rows import BootRow, RejectedRow
from central.ingest.tidying import tidy
from central.records.event_row import EventRow
from central.settings import Retention
from protocol.envelope import parse
from protocol.measurements import Duty, Encounter, Measurement
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, gaze, posture, smile, staffed, visit
from tests.worlds.profiles import decide

DAY_S = 86400.0
OTHER_BOOT = "e" * 32


def take(engine: Engine, *messages: tuple[str, bytes], at_s: float = OFFSET_S) -> None:
    with Session(engine) as session, session.begin():
        take_in(
            session,
            [read(f"deskside/1/{topic}", payload, at_s) for topic, payload in messages],
            DeskDefaults(),
        )


def tidied(engine: Engine, retention: Retention, now_s: float = OFFSET_S) -> tidying.Tidied:
    with Session(engine) as session, session.begin():
        return tidy(session, retention, now_s)


def test_who_sends_rubbish_pushes_out_his_own_and_it_is_counted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "MOST_REJECTED_OF_ONE", 10)
    take(engine, ("desk-2/event", b"one"), ("desk-2/event", b"two"))
    take(engine, *(("desk-1/event", f"rubbish {number}".encode()) for number in range(50)))
    tidied(engine, Retention())
    with Session(engine) as session:
        assert [row.payload for row in rejected(session, "desk-1", 2)] == [b"rubbish 49", b"rubbish 48"]
        assert (rejected_count(session, "desk-1"), dropped_count(session, "desk-1")) == (50, 40)
        assert (rejected_count(session, "desk-2"), dropped_count(session, "desk-2")) == (2, 0)
    take(engine, *(("desk-1/event", f"more {number}".encode()) for number in range(5)))
    tidied(engine, Retention())
    with Session(engine) as session:
        assert dropped_count(session, "desk-1") == 45


def test_rubbish_under_many_names_is_bounded_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "MOST_REJECTED", 20)
    take(engine, *((f"desk-{number}/event", b"rubbish") for number in range(60)))
    tidied(engine, Retention())
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(RejectedRow)) == 20


def test_what_is_older_than_the_settings_say_goes_and_what_would_be_sent_again_stays(engine: Engine) -> None:
    day = [event(staffed(DAY_S * number, DAY_S * number + 9.0), number) for number in (1, 2, 4)]
    take(engine, *(("desk-1/event", payload) for payload in day), ("desk-1/event", b"rubbish"))
    later_s = OFFSET_S + 100 * DAY_S
    assert tidied(engine, Retention(events_days=98), later_s).events == 1
    assert tidied(engine, Retention(events_days=30), later_s).events == 1
    with Session(engine) as session:
        assert session.scalars(select(EventRow.sequence)).all() == [4]
        assert awaited(session, "desk-1") == 1
        assert rejected(session, "desk-1") == ()


def test_names_and_how_the_host_looked_are_forgotten_and_the_visits_stay(engine: Engine) -> None:
    """And what is sent again of them is known, and not kept anew."""
    old: list[Measurement] = [
        Duty(start_s=1.0, end_s=2.0, person="wren", ongoing=True),
        visit(smile=smile(), gaze=gaze(), posture=posture(), at_s=100.0),
        Duty(start_s=1.0, end_s=500.0, person="wren"),
        visit(smile=smile(), at_s=50 * DAY_S),
        Duty(start_s=50 * DAY_S, end_s=50 * DAY_S, person="wren", ongoing=True),
    ]
    sent = [event(data, number) for number, data in enumerate(old, 1)]
    with Session(engine) as session, session.begin():
        decide(session, "other")
        enter(session, "desk-1", company="North", showroom="Harbour")
    take(engine, *(("desk-1/event", payload) for payload in sent))
    later_s = OFFSET_S + 60 * DAY_S
    done = tidied(engine, Retention(names_days=30, manner_days=30), later_s)
    assert (done.events, done.names, done.manner) == (0, 2, 1)
    assert tidied(engine, Retention(names_days=30, manner_days=30), later_s).names == 0
    take(engine, *(("desk-1/event", payload) for payload in sent))
    with Session(engine) as session:
        data = [
            parse(raw.encode()).data
            for raw in session.scalars(select(EventRow.raw).order_by(EventRow.sequence))
        ]
        assert rejected(session, "desk-1") == ()
    assert [each.person for each in data if isinstance(each, Duty)] == ["erased-0", "erased-0", "wren"]
    first, second = (each for each in data if isinstance(each, Encounter))
    assert (first.smile, first.gaze, first.posture) == (None, None, None)
    assert first.model_copy(update={"smile": 1, "gaze": 1, "posture": 1}) == old[1].model_copy(
        update={"smile": 1, "gaze": 1, "posture": 1}
    )
    assert second == old[3]


def test_measurements_are_kept_for_ever_where_nobody_says_otherwise(engine: Engine) -> None:
    take(engine, ("desk-1/event", event(staffed(0.0, 9.0), 1)))
    assert tidied(engine, Retention(), OFFSET_S + 36_000 * DAY_S).events == 0


def test_boots_of_which_nothing_is_kept_go_save_the_latest(engine: Engine) -> None:
    take(engine, ("desk-1/event", event(staffed(0.0, 9.0), 1, boot=OTHER_BOOT)))
    take(engine, ("desk-1/event", event(staffed(0.0, 9.0), 1)), at_s=OFFSET_S + DAY_S)
    later_s = OFFSET_S + 500 * DAY_S
    assert tidied(engine, Retention(), later_s).boots == 0
    tidied(engine, Retention(events_days=30), later_s)
    with Session(engine) as session:
        assert session.scalars(select(BootRow.bootid)).all() == [BOOT]
    # A measurement that comes again after all is kept again, and acknowledged.
    take(engine, ("desk-1/event", event(staffed(0.0, 9.0), 1, boot=OTHER_BOOT)))


def test_it_is_deleted_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "AT_ONCE", 10)
    take(engine, *(("desk-1/event", event(staffed(n, n + 1.0), n)) for n in range(1, 26)))
    later_s = OFFSET_S + 100 * DAY_S
    found = [tidied(engine, Retention(events_days=1), later_s) for _ in range(3)]
    assert [(part.events, part.more) for part in found] == [(10, True), (10, True), (5, False)]
