import json
import logging
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.uplink import spool_memory, waiting_room
from edge.uplink.spool import Spool
from edge.uplink.spool_file import Spooled
from protocol.measurements import Gap, Measurement


class World:
    """The clock of a desk, as a test sets it."""

    def __init__(self, boot: str = "1" * 32) -> None:
        self.offset_s = 1_700_000_000.0
        self.synced = False
        self.now_s = 50.0
        self.clock = Clock(
            monotonic=lambda: self.now_s,
            wall=lambda: self.now_s + self.offset_s,
            synced=lambda: self.synced,
            boot=boot,
        )


def numbered(number: int) -> Gap:
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"test {number}", reason="x" * 50)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "spool.db"


OpenSpool = Callable[..., Spool]


@pytest.fixture
def open_spool() -> Iterator[OpenSpool]:
    """Opens spools that are closed again when the test is over."""
    with ExitStack() as opened:

        def open_one(path: Path, device: str, clock: Clock, max_mb: int = 512) -> Spool:
            spool = Spool(path, device, clock, max_mb)
            spool.open()
            opened.callback(spool.close)
            return spool

        yield open_one


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


def everything(spool: Spool) -> list[Spooled]:
    return spool.after(0, 10_000)


def reasons(spool: Spool) -> list[str]:
    return [s.measurement.reason for s in everything(spool) if isinstance(s.measurement, Gap)]


def names(spool: Spool) -> list[str]:
    return [s.measurement.what for s in everything(spool) if isinstance(s.measurement, Gap)]


def test_measurements_wait_in_the_order_in_which_they_were_put(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    assert [spool.put(numbered(n)) for n in (5, 3, 4)] == [1, 2, 3]
    assert names(spool) == ["test 5", "test 3", "test 4"]
    assert [s.identity.sequence for s in everything(spool)] == [1, 2, 3]
    assert spool.pending == 3


def test_what_was_put_is_there_after_a_restart_and_numbering_goes_on(
    open_spool: OpenSpool, path: Path
) -> None:
    first = open_spool(path, "desk-3", World().clock)
    first.put(numbered(1))
    bootid = first.bootid
    first.close()
    second = open_spool(path, "desk-3", World().clock)
    assert second.bootid == bootid
    assert second.put(numbered(2)) == 2


def test_numbering_goes_on_although_everything_was_acknowledged(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    spool.acknowledge({str(spool.bootid): 1})
    spool.close()
    again = open_spool(path, "desk-3", World().clock)
    assert again.put(numbered(2)) == 2
    assert again.last_row == 2, "a row number is never used twice"


def test_a_new_boot_of_the_machine_counts_anew_under_a_new_name(open_spool: OpenSpool, path: Path) -> None:
    before = open_spool(path, "desk-3", World("1" * 32).clock)
    before.put(numbered(1))
    before.close()
    after = open_spool(path, "desk-3", World("2" * 32).clock)
    assert after.put(numbered(2)) == 1
    assert len({s.identity.bootid for s in everything(after)}) == 2
    assert [(h.first, h.last) for h in after.held()] == [(1, 1), (1, 1)]
    assert after.held()[-1].bootid == after.bootid


def test_only_what_is_acknowledged_is_deleted(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(5):
        spool.put(numbered(n))
    spool.acknowledge({"f" * 32: 5})
    assert spool.pending == 5, "an acknowledgement of an unknown boot"
    spool.acknowledge({str(spool.bootid): 3})
    assert [s.identity.sequence for s in everything(spool)] == [4, 5]
    spool.acknowledge({str(spool.bootid): 2})
    assert spool.pending == 2, "an old acknowledgement that came late"
    assert [(h.first, h.last) for h in spool.held()] == [(4, 5)]


def test_an_acknowledgement_beyond_what_was_given_out_acknowledges_nothing_to_come(
    open_spool: OpenSpool, path: Path
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    spool.acknowledge({str(spool.bootid): 1000})
    assert spool.put(numbered(2)) == 2
    assert spool.pending == 1
    assert [(h.first, h.last) for h in spool.held()] == [(2, 2)]


def test_a_boot_that_is_delivered_is_forgotten(open_spool: OpenSpool, path: Path) -> None:
    before = open_spool(path, "desk-3", World("1" * 32).clock)
    before.put(numbered(1))
    before.close()
    after = open_spool(path, "desk-3", World("2" * 32).clock)
    after.acknowledge({everything(after)[0].identity.bootid: 1})
    assert [h.bootid for h in after.held()] == [after.bootid]


def test_measurements_taken_under_another_desk_name_rest_and_are_told(
    open_spool: OpenSpool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = open_spool(path, "desk-3", World().clock)
    old.put(numbered(1))
    old.close()
    renamed = open_spool(path, "desk-4", World().clock)
    assert "1 measurements in the spool were taken under another desk name" in caplog.text
    assert everything(renamed) == []
    assert renamed.put(numbered(2)) == 1
    renamed.close()
    assert names(open_spool(path, "desk-3", World().clock)) == ["test 1"]


def test_wall_time_follows_the_clock_until_it_is_synchronised_and_stays_then(
    open_spool: OpenSpool, path: Path
) -> None:
    world = World()
    spool = open_spool(path, "desk-3", world.clock)
    spool.put(numbered(1))
    assert everything(spool)[0].wall.clock == "estimated"
    world.offset_s += 86400.0
    world.synced = True
    assert spool.note_wall().clock == "synced"
    assert everything(spool)[0].wall.offset_s == world.offset_s
    world.synced = False
    world.offset_s -= 500_000.0
    assert spool.note_wall().offset_s == 1_700_086_400.0, (
        "set by hand later: the synchronised one is believed"
    )


def test_the_wall_time_of_an_earlier_boot_is_remembered(open_spool: OpenSpool, path: Path) -> None:
    before = World("1" * 32)
    before.synced = True
    spool = open_spool(path, "desk-3", before.clock)
    spool.put(numbered(1))
    spool.close()
    after = World("2" * 32)
    after.offset_s = 0.0
    restarted = open_spool(path, "desk-3", after.clock)
    assert everything(restarted)[0].wall.offset_s == before.offset_s
    assert everything(restarted)[0].wall.clock == "synced"


def test_the_disk_has_it_when_put_returns(open_spool: OpenSpool, path: Path) -> None:
    """WAL with synchronous=FULL is SQLite's promise of a sync at each commit; nothing here may weaken it."""
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    assert spool._file is not None
    assert spool._file._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert spool._file._db.execute("PRAGMA synchronous").fetchone() == (2,)


def power_cut(path: Path, to: Path) -> None:
    """What is on the disk at this moment, as a machine without power would find it."""
    to.parent.mkdir(parents=True)
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{path}{suffix}", f"{to}{suffix}")


def test_after_a_power_cut_everything_put_is_there(open_spool: OpenSpool, path: Path, tmp_path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(300):
        spool.put(numbered(n))
        if n % 60 == 0:
            found = tmp_path / str(n) / "spool.db"
            power_cut(path, found)
            after = open_spool(found, "desk-3", World("2" * 32).clock)
            assert names(after) == [f"test {i}" for i in range(n + 1)]
            after.close()


def test_a_log_torn_anywhere_loses_nothing_before_the_tear(
    open_spool: OpenSpool, path: Path, tmp_path: Path
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(40):
        spool.put(numbered(n))
    log = Path(f"{path}-wal").read_bytes()
    draw = random.Random(1)
    for attempt in range(25):
        found = tmp_path / f"torn {attempt}" / "spool.db"
        power_cut(path, found)
        place = draw.randrange(len(log))
        torn = log[:place] + (draw.randbytes(len(log) - place) if attempt % 2 else b"")
        Path(f"{found}-wal").write_bytes(torn)
        after = open_spool(found, "desk-3", World("2" * 32).clock)
        there = [name for name in names(after) if name != "spool"]
        assert there == [f"test {i}" for i in range(len(there))]
        assert after.put(numbered(99)) is not None
        after.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"this is no database" * 400,
        lambda whole: whole[:5000],
        lambda whole: whole[:4096] + bytes(4096) + whole[8192:],
        lambda whole: bytes(100) + whole[100:],
    ],
    ids=["emptied", "overwritten", "cut", "a page of zeros", "no header"],
)
def test_an_unreadable_spool_is_kept_aside_told_and_replaced(
    open_spool: OpenSpool, path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(100):
        spool.put(numbered(n))
    bootid = spool.bootid
    spool.close()
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    again = open_spool(path, "desk-3", World().clock)
    assert again.put(numbered(100)) is not None
    assert again.bootid != bootid, "numbers of the lost file are not given out again under its name"
    if damaged:  # an empty file is a new database to SQLite: there is nothing left in it to keep
        kept = path.with_name("spool.db.unreadable-1")
        assert kept.read_bytes() == damaged
        assert "could not be read" in caplog.text
        assert names(again) == ["spool", "test 100"]
        assert "unreadable-1" in reasons(again)[0]


def test_a_spool_that_becomes_unreadable_in_use_is_replaced_too(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(100):
        spool.put(numbered(n))
    spool.close()
    spool = open_spool(path, "desk-3", World().clock)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    assert spool._file is not None
    spool._file._db.execute(
        "PRAGMA shrink_memory"
    )  # as a day of other work would: nothing is read from the cache
    assert spool.put(numbered(100)) is not None
    assert names(spool) == ["spool", "test 100"]
    assert path.with_name("spool.db.unreadable-1").exists()


def test_unreadable_spools_are_never_overwritten(open_spool: OpenSpool, path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first" * 100, b"second" * 100):
        path.write_bytes(content)
        open_spool(path, "desk-3", World().clock).close()
    assert path.with_name("spool.db.unreadable-1").read_bytes() == b"first" * 100
    assert path.with_name("spool.db.unreadable-2").read_bytes() == b"second" * 100


def test_a_spool_of_a_newer_software_is_kept_aside_not_misread(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    spool.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()
    again = open_spool(path, "desk-3", World().clock)
    assert "version 2" in reasons(again)[0]


def test_a_row_that_cannot_be_read_again_becomes_a_gap_and_is_kept(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in (1, 2, 3):
        spool.put(numbered(n))
    spool.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE measurement SET data = ? WHERE row = 2", (b"{\xff",))
    db.close()
    again = open_spool(path, "desk-3", World().clock)
    assert names(again) == ["test 1", "spool", "test 3"]
    assert [s.identity.sequence for s in everything(again)] == [1, 2, 3]
    again.acknowledge({str(again.bootid): 3})
    again.close()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT row, data FROM unreadable").fetchall() == [(2, b"{\xff")]
    db.close()


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


def test_a_measurement_on_no_timeline_is_refused_at_once(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    with pytest.raises(ValueError, match="no timeline"):
        spool.put(numbered(10**15))
    assert spool.pending == 0


def test_whoever_delivers_is_woken_by_each_put(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    woken: list[Measurement | None] = []
    spool.when_put = lambda: woken.append(None)
    spool.put(numbered(1))
    assert woken == [None]


def test_data_is_kept_as_the_json_it_travels_as(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    spool.close()
    with sqlite3.connect(path) as db:
        (data,) = db.execute("SELECT data FROM measurement").fetchone()
    db.close()
    assert json.loads(data) == json.loads(numbered(1).model_dump_json())


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
