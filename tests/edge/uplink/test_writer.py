"""A disk that hangs is waited for by nobody but its own thread, and what it may cost is bounded and said."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.uplink import writer as writer_module
from edge.uplink.spool import Spool
from edge.uplink.stall import PATIENCE_S
from edge.uplink.waiting_room import OVERHEAD_BYTES
from edge.uplink.writer import SpoolWriter
from protocol.measurements import Gap, Measurement

NOON_S = 1_700_000_000.0
SOON_S = 30.0


def numbered(number: int) -> Gap:
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"test {number}", reason="")


class Card(Spool):
    """A spool on a card that a test can let hang."""

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path, "desk-3", clock)
        self.works = threading.Event()
        self.works.set()
        self.hangs = threading.Event()

    def put_all(self, measurements: Sequence[Measurement]) -> int | None:
        if not self.works.is_set():
            self.hangs.set()
            self.works.wait(SOON_S)
        return super().put_all(measurements)


class World:
    def __init__(self, folder: Path) -> None:
        self.now_s = 50.0
        clock = Clock(
            monotonic=lambda: self.now_s, wall=lambda: self.now_s + NOON_S, synced=lambda: True, boot="1" * 32
        )
        self.card = Card(folder / "spool.db", clock)
        self.writer = SpoolWriter(self.card, clock)
        self.writer.start()

    def names(self) -> list[str]:
        return [s.measurement.what for s in self.card.after(0, 10_000) if isinstance(s.measurement, Gap)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.card.works.set()
    world.writer.close(SOON_S)
    world.card.close()


def until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def let_it_hang(world: World) -> None:
    until(lambda: world.writer.pending == 0)
    world.card.works.clear()
    world.writer.put(numbered(0))
    assert world.card.hangs.wait(SOON_S)


def test_what_was_put_is_on_the_disk_in_its_order(world: World) -> None:
    for number in range(20):
        world.writer.put(numbered(number))
    until(lambda: len(world.names()) == 20)
    assert world.names() == [f"test {number}" for number in range(20)]
    until(lambda: world.writer.pending == 20)


def test_a_card_that_hangs_is_told_with_the_time_since_when_in_words_that_stay_the_same(world: World) -> None:
    let_it_hang(world)
    world.now_s += PATIENCE_S - 0.1
    world.writer.check(world.now_s)
    assert world.writer.trouble is None
    world.now_s += 0.2
    world.writer.check(world.now_s)
    told = world.writer.trouble
    assert told is not None
    assert "taken nothing since 2023-11-14 22:14:10 UTC" in told
    world.now_s += 3600.0
    world.writer.check(world.now_s)
    assert world.writer.trouble == told
    world.card.works.set()
    until(lambda: world.writer.trouble is None)


def test_what_is_measured_while_the_card_hangs_is_counted_and_kept_afterwards(world: World) -> None:
    let_it_hang(world)
    for number in range(1, 30):
        world.writer.put(numbered(number))
    assert world.writer.pending == 30
    world.card.works.set()
    until(lambda: len(world.names()) == 30)
    assert world.names() == [f"test {number}" for number in range(30)]


def test_what_memory_has_no_room_for_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(numbered(10).model_dump_json()) + OVERHEAD_BYTES
    monkeypatch.setattr(writer_module, "QUEUE_MB", 10.5 * size / 2**20)
    world = World(tmp_path)
    let_it_hang(world)
    for number in range(10, 35):
        world.writer.put(numbered(number))
    world.card.works.set()
    until(lambda: len(world.names()) == 12)
    _, gap, *rest = world.card.after(0, 100)
    assert isinstance(gap.measurement, Gap)
    assert "15 measurements were lost (15 of gap)" in gap.measurement.reason
    assert [each.measurement.start_s for each in rest] == [float(number) for number in range(25, 35)]
    world.writer.close(SOON_S)
    world.card.close()


def test_a_measurement_on_no_timeline_is_refused_where_it_is_put(world: World) -> None:
    with pytest.raises(ValueError, match="no timeline"):
        world.writer.put(numbered(10**12))
    world.writer.put(numbered(1))
    until(lambda: world.names() == ["test 1"])


def test_a_desk_that_ends_waits_for_the_card_no_longer_than_it_may(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    let_it_hang(world)
    world.writer.put(numbered(1))
    assert not world.writer.close(0.1)
    assert "2 measurements could not be kept" in caplog.text
