"""Times of a desk whose time server is wrong are marked, told, and corrected when it heals."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.desk_faults import faults
from central.desks.registry import DeskDefaults
from central.ingest.arrivals import Arrived
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.records.event_row import EventRow
from protocol.measurements import Health, Measurement
from protocol.state import Birth, WallMapping
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, staffed

HOUR_S = 3600.0


class Minutes:
    """A desk that sends its health and one measurement each minute, as its clock has it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._number = 0
        self._minute = 0

    def run(self, minutes: int, off_s: float) -> None:
        for _ in range(minutes):
            self._minute += 1
            end_s = 60.0 * self._minute
            health = Health(
                start_s=end_s - 60.0,
                end_s=end_s,
                cameras=(),
                cpu_share=None,
                memory_mb=None,
                spooled=0,
                clock="synced",
            )
            sent: list[tuple[str, Measurement]] = [
                ("event", staffed(end_s - 60.0, end_s)),
                ("health", health),
            ]
            messages = []
            for channel, data in sent:
                self._number += 1
                payload = event(data, self._number, offset_s=OFFSET_S + off_s)
                messages.append(read(f"deskside/1/desk-1/{channel}", payload, OFFSET_S + end_s + 1.0))
            self._take(messages)

    def bear(self, off_s: float) -> None:
        birth = Birth(
            software="1",
            models={},
            configuration="0" * 64,
            standard="eight-teeth@1",
            calibration=None,
            device="desk-1",
            session=1,
            bootid=BOOT,
            wall=WallMapping(offset_s=OFFSET_S + off_s, clock="synced"),
        )
        received_s = OFFSET_S + 60.0 * self._minute + 2.0
        self._take([read("deskside/1/desk-1/birth", birth.model_dump_json().encode(), received_s)])

    def off_s(self) -> list[tuple[float, bool]]:
        """By how much each measurement's time is off, and whether it counts as set."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(EventRow.start_wall_s, EventRow.timeline_s, EventRow.synced)
                .where(EventRow.type == "deskside.attendance.v1")
                .order_by(EventRow.sequence)
            )
            return [(round(start_s - OFFSET_S - line_s), synced) for start_s, line_s, synced in rows]

    def told(self) -> list[str]:
        with Session(self.engine) as session:
            return [fault.text for fault in faults(session)]

    def _take(self, arrived: list[Arrived]) -> None:
        with Session(self.engine) as session, session.begin():
            take_in(session, arrived, DeskDefaults())


@pytest.fixture
def minutes(database_url: str) -> Iterator[Minutes]:
    engine = open_for_writing(database_url)
    yield Minutes(engine)
    engine.dispose()


@pytest.mark.parametrize("off_s", [-7 * HOUR_S, 2 * HOUR_S, -310.0, 400.0])
def test_a_wrong_time_server_is_told_its_times_are_marked_and_corrected_when_it_heals(
    minutes: Minutes, off_s: float
) -> None:
    minutes.run(3, 0.0)
    minutes.run(4, off_s)
    assert ["time server that is wrong" in text for text in minutes.told()] == [True]
    assert not any(synced for off, synced in minutes.off_s() if off)
    minutes.bear(off_s)  # Asked for, it says the same as before.
    assert not any(synced for off, synced in minutes.off_s() if off)
    minutes.bear(0.0)
    assert minutes.off_s() == [(0, True)] * 7
    minutes.run(2, 0.0)
    assert minutes.told() == []
    assert minutes.off_s() == [(0, True)] * 9


def test_it_heals_without_a_birth_too(minutes: Minutes) -> None:
    minutes.bear(HOUR_S)
    minutes.run(3, HOUR_S)
    assert minutes.told() != []
    minutes.run(1, 0.0)
    assert (minutes.told(), minutes.off_s()) == ([], [(0, True)] * 4)


def test_a_clock_that_is_four_minutes_off_is_none_of_ours(minutes: Minutes) -> None:
    minutes.run(4, 240.0)
    assert (minutes.told(), minutes.off_s()) == ([], [(240, True)] * 4)
