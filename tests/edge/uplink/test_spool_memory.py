"""What the disk does not take is held in memory, sent from there, and written as soon as there is room; what has none is told."""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from edge.uplink import spool_memory, waiting_room
from edge.uplink.spool import Spool
from protocol.measurements import Gap
from tests.worlds.delivery.spools import (
    OpenSpool,
    World,
    everything,
    names,
    numbered,
    open_spool,
    path,
)

__all__ = ["open_spool", "path"]


def fill(spool: Spool) -> int:
    """Fill a spool to its limit; the number of the first measurement that found no room and is held in memory."""
    assert spool._file is not None
    number = 0
    with suppress(sqlite3.OperationalError):
        while True:
            spool._file.append([numbered(number + n) for n in range(100)], spool.note_wall())
            number += 100
    while spool.put(numbered(number)) is not None:
        number += 1
    return number


def test_at_its_size_limit_the_spool_holds_on_in_memory_and_goes_on_when_there_is_room(
    open_spool: OpenSpool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = open_spool(path, "desk-3", World().clock, max_mb=1)
    number = fill(spool)
    assert spool.trouble is not None
    assert "full at storage.max_mb = 1" in spool.trouble
    for more in range(1, 6):
        assert spool.put(numbered(number + more)) is None
    assert spool.pending == number + 6
    spool.acknowledge({str(spool.bootid): 100})
    assert spool.write_held() == number + 6
    assert spool.trouble is None
    assert names(spool) == [f"test {n}" for n in range(100, number + 6)]
    assert caplog.text.count("full at") == 1, "said once, not for every measurement"
    assert path.stat().st_size <= 2**20


def test_what_neither_disk_nor_memory_had_room_for_is_told_by_a_gap(
    open_spool: OpenSpool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = len(numbered(5000).model_dump_json()) + waiting_room.OVERHEAD_BYTES
    monkeypatch.setattr(spool_memory, "MEMORY_MB", 10.5 * room / 2**20)
    spool = open_spool(path, "desk-3", World().clock, max_mb=1)
    number = fill(spool)
    for more in range(1, 25):
        spool.put(numbered(number + more))
    spool.acknowledge({str(spool.bootid): number})
    assert spool.write_held() is not None
    gap, *rest = [s.measurement for s in everything(spool)]
    assert isinstance(gap, Gap)
    assert gap.what == "spool"
    assert "15 measurements were lost (15 of gap)" in gap.reason
    assert (gap.start_s, gap.end_s) == (float(number), number + 14.5)
    assert [m.start_s for m in rest] == [float(number + n) for n in range(15, 25)]


def test_a_spool_that_cannot_be_opened_says_what_to_do_and_comes_to_life_later(
    open_spool: OpenSpool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.parent.joinpath("spool").write_text("a file where the folder should be")
    spool = open_spool(path, "desk-3", World().clock)
    assert spool.put(numbered(1)) is None
    assert "check card, folder and rights" in caplog.text
    assert spool.pending == 1
    path.parent.unlink()
    assert spool.put(numbered(2)) == 2
    assert names(spool) == ["test 1", "test 2"]


def test_measurements_still_in_memory_at_the_end_are_told(
    open_spool: OpenSpool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.write_text("a file where the folder should be")
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        spool.close()
    assert "1 measurements could not be kept" in caplog.text


@pytest.fixture
def no_disk(path: Path) -> Path:
    """A file where the spool's folder should be."""
    path.parent.write_text("in the way")
    return path


def test_what_the_disk_does_not_take_is_sent_from_memory_under_numbers_of_its_own(
    open_spool: OpenSpool, no_disk: Path
) -> None:
    spool = open_spool(no_disk, "desk-3", World().clock)
    for n in (1, 2, 3):
        assert spool.put(numbered(n)) is None
    sent = spool.after(0, 2)
    assert [s.measurement for s in sent] == [numbered(1), numbered(2)]
    assert [(s.identity.bootid, s.identity.sequence) for s in sent] == [(spool.bootid, 1), (spool.bootid, 2)]
    assert [s.measurement for s in spool.after(sent[-1].row, 5)] == [numbered(3)]
    spool.acknowledge({spool.bootid: 2})
    assert spool.pending == 1
    assert [(h.bootid, h.first, h.last) for h in spool.held()] == [(spool.bootid, 3, 3)]


def test_what_was_sent_from_memory_keeps_its_numbers_when_the_disk_is_back(
    open_spool: OpenSpool, no_disk: Path
) -> None:
    spool = open_spool(no_disk, "desk-3", World().clock)
    for n in (1, 2, 3):
        spool.put(numbered(n))
    first, second = (s.identity for s in spool.after(0, 2))
    spool.acknowledge({first.bootid: 1})
    order = spool.order
    no_disk.parent.unlink()
    assert spool.put(numbered(4)) == 2
    assert spool.order != order, "whoever reads must begin again"
    spool.close()
    again = open_spool(no_disk, "desk-3", World().clock)
    assert names(again) == ["test 2", "test 3", "test 4"]
    assert everything(again)[0].identity == second
    again.acknowledge({second.bootid: 2})
    assert names(again) == ["test 3", "test 4"]


def test_memory_takes_no_more_than_the_file_may(
    open_spool: OpenSpool, no_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = open_spool(no_disk, "desk-3", World().clock, max_mb=1)
    for n in range(5000):
        spool.put(numbered(n))
    assert spool._memory.waiting.size_bytes <= 2**20
    gap, oldest = (s.measurement for s in spool.after(0, 2))
    assert isinstance(gap, Gap)
    assert gap.start_s == 0.0
    assert gap.end_s == oldest.start_s - 0.5
    assert f"{int(oldest.start_s)} measurements were lost" in gap.reason
    assert "check card, folder and rights" in gap.reason
    assert spool.pending == 5001 - int(oldest.start_s)
