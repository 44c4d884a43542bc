"""Damage costs only what it hit: what can be read is delivered, what cannot is a gap with its number, and the file is kept."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.uplink import spool_rows, spool_take_up
from edge.uplink.spool import Spool
from edge.uplink.spool_aside import MOST_ASIDE, keep_aside
from protocol.measurements import Gap
from protocol.software import Software
from tests.worlds.delivery.spools import (
    OpenSpool,
    World,
    everything,
    names,
    numbered,
    open_spool,
    path,
    reasons,
)

__all__ = ["open_spool", "path"]


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


COUNT = 120


@pytest.fixture(autouse=True)
def _all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken up is there as soon as the spool is open, however slow the machine is."""
    monkeypatch.setattr(spool_take_up, "TAKE_S", 600.0)


@pytest.fixture
def whole(open_spool: OpenSpool, path: Path) -> bytes:
    """A spool's file with measurements in many pages, closed in order."""
    spool = open_spool(path, "desk-3", World().clock)
    for start in range(1, COUNT, 20):
        spool.put_all([numbered(n, 450) for n in range(start, start + 20)])
    spool.close()
    return path.read_bytes()


def delivered(path: Path, boot: str = "1" * 32) -> dict[int, str]:
    """What a desk delivers of the first boot in a file: number and part; each number once, in its order."""
    spool = Spool(path, "desk-3", World(boot).clock)
    spool.open()
    try:
        found = [(s.identity.bootid, s.identity.sequence, s.measurement) for s in everything(spool)]
        assert len({(bootid, number) for bootid, number, _ in found}) == len(found)
        assert all(isinstance(measurement, Gap) for _, _, measurement in found)
        for held in spool.held():
            numbers = [number for bootid, number, _ in found if bootid == held.bootid]
            assert numbers == list(range(held.first, held.last + 1)), "no hole holds up what is behind it"
        for bootid, number, _ in found:
            spool.acknowledge({bootid: number})
        assert spool.pending == 0
        assert spool.put(numbered(1)) is not None
        first = found[0][0] if found else ""
        return {number: m.what for bootid, number, m in found if bootid == first and isinstance(m, Gap)}
    finally:
        spool.close()


def only_gaps_differ(found: dict[int, str]) -> int:
    """How many measurements a damage has cost; those that are there are what they were."""
    assert all(what in {f"test {number}", "spool"} for number, what in found.items())
    return sum(what == "spool" for what in found.values())


def clear(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def test_what_waits_in_a_file_kept_aside_waits_until_it_is_taken_up(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_take_up, "TAKE_S", 0.0)
    spool = Spool(path, "desk-3", World().clock)
    path.write_bytes(whole[:4096] + b"\0" * 4096 + whole[8192:])
    spool.open()
    assert spool.pending > 0, "nobody takes it for delivered"
    monkeypatch.setattr(spool_take_up, "TAKE_S", 600.0)
    spool.write_held()
    assert spool.pending == len(everything(spool)) > COUNT / 2
    spool.close()


def test_a_file_that_turns_out_damaged_counts_with_what_it_held(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_take_up, "TAKE_S", 0.0)
    spool = Spool(path, "desk-3", World().clock)
    spool.open()
    before = spool.pending
    assert before == COUNT
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE measurement RENAME TO other")
    db.close()
    spool.put(numbered(COUNT + 1))
    assert spool.pending >= before
    monkeypatch.setattr(spool_take_up, "TAKE_S", 600.0)
    spool.write_held()
    assert spool.pending == len(everything(spool)) > COUNT / 2
    spool.close()


def test_no_change_of_one_byte_of_the_first_page_costs_anything(path: Path, whole: bytes) -> None:
    draw = random.Random(14)
    used = [place for place in range(4096) if place < 108 or whole[place]]
    for place in [*range(108), *draw.sample(used, 100)]:
        clear(path)
        damaged = bytearray(whole)
        damaged[place] ^= draw.choice((0xFF, 1 << draw.randrange(8)))
        path.write_bytes(damaged)
        assert delivered(path) == {n: f"test {n}" for n in range(1, COUNT + 1)}, place


def test_a_changed_bit_anywhere_costs_no_more_than_the_page_it_is_in(path: Path, whole: bytes) -> None:
    draw = random.Random(2)
    costs = []
    for _ in range(60):
        clear(path)
        damaged = bytearray(whole)
        damaged[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        costs.append(only_gaps_differ(delivered(path)))
    assert max(costs) <= 8, "a page holds seven of them"
    assert 0 < sum(costs) < 60


def test_a_page_that_is_overwritten_costs_what_was_in_it(path: Path, whole: bytes) -> None:
    draw = random.Random(3)
    for page in range(len(whole) // 4096):
        clear(path)
        path.write_bytes(whole[: page * 4096] + draw.randbytes(4096) + whole[page * 4096 + 4096 :])
        found = delivered(path)
        assert only_gaps_differ(found) <= 8
        assert len(found) == COUNT or max(found) == COUNT


def test_damage_that_shows_while_the_spool_is_in_use_costs_what_it_hit(
    open_spool: OpenSpool, path: Path
) -> None:
    spool = open_spool(path, "desk-3", World().clock, 16)
    for start in range(1, 4000, 100):
        spool.put_all([numbered(n, 450) for n in range(start, start + 100)])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4096 // 2 * 4096)
        file.write(b"overwritten" * 300)
    found = names(spool)
    spool.write_held()
    found = names(spool)
    assert 0 < found.count("spool") <= 9
    assert len(found) == 4000
    assert spool.put(numbered(1)) is not None


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_changed_bit_in_the_log_costs_what_it_hit_and_gives_no_number_out_twice(
    open_spool: OpenSpool, path: Path, tmp_path: Path, place: float
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in range(1, 81):
        spool.put(numbered(n, 450))
    found = tmp_path / "found" / "spool.db"
    power_cut(path, found)
    log = bytearray(Path(f"{found}-wal").read_bytes())
    used = len(log.rstrip(b"\0"))
    log[round(used * place)] ^= 0x10
    Path(f"{found}-wal").write_bytes(log)
    after = open_spool(found, "desk-3", World().clock)
    there = [s.measurement.what for s in everything(after) if isinstance(s.measurement, Gap)]
    assert [s.identity.sequence for s in everything(after)] == list(range(1, 81))
    # Behind its end the log holds what is left from before, where a change costs nothing.
    assert after.bootid != spool.bootid or "spool" not in there
    assert there.count("spool") <= 8


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sqlite_schema SET sql = replace(sql, 'sequence', 'number')",
        "UPDATE sqlite_schema SET sql = replace(sql, 'TABLE measurement', 'TABLE measurément')",
        "UPDATE sqlite_schema SET name = 'other', tbl_name = 'other' WHERE name = 'measurement'",
        "UPDATE sqlite_schema SET sql = 'nothing' WHERE name = 'boot'",
        "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ', more TEXT) STRICT')",
        "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'measurement'",
        "UPDATE sqlite_schema SET sql = CAST(x'ff' || sql AS TEXT)",
        "DELETE FROM sqlite_schema",
    ],
)
def test_a_changed_schema_costs_nothing(path: Path, whole: bytes, change: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(change)
    db.close()
    assert delivered(path) == {n: f"test {n}" for n in range(1, COUNT + 1)}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"this is no database" * 400,
        lambda whole: whole[:5000],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: bytes(100) + whole[100:],
        lambda whole: b"\xff" * len(whole),
    ],
    ids=["emptied", "overwritten", "cut to a page", "cut in half", "no header", "ones"],
)
def test_whatever_a_file_is_the_spool_goes_on_and_keeps_what_it_cannot_read(
    open_spool: OpenSpool, path: Path, whole: bytes, damage: Callable[[bytes], bytes]
) -> None:
    damaged = damage(whole)
    path.write_bytes(damaged)
    again = open_spool(path, "desk-3", World().clock)
    assert again.put(numbered(999)) is not None
    assert names(again)[-1] == "test 999"
    kept = path.with_name("spool.db.unreadable-1")
    if "spool" in names(again):
        assert kept.read_bytes() == damaged
        assert "unreadable-1" in next(reason for reason in reasons(again) if "unreadable" in reason)
    else:
        assert not kept.exists(), "nothing of it is missing"


def test_no_more_files_are_kept_aside_than_a_few(open_spool: OpenSpool, path: Path) -> None:
    path.parent.mkdir()
    for number in range(MOST_ASIDE + 3):
        path.write_bytes(b"%d" % number * 8192)
        open_spool(path, "desk-3", World().clock).close()
    kept = sorted(path.parent.glob("spool.db.unreadable-*"))
    assert len(kept) == MOST_ASIDE
    assert path.with_name("spool.db.unreadable-3") not in kept, "the oldest are given up"


def test_a_file_that_was_taken_up_is_given_up_before_one_that_still_waits(path: Path) -> None:
    path.parent.mkdir()
    for number in range(1, MOST_ASIDE + 1):
        path.with_name(f"spool.db.unreadable-{number}").write_bytes(b"%d" % number)
    path.write_bytes(b"the next")
    newest = keep_aside(path, {"spool.db.unreadable-5"})
    assert newest.read_bytes() == b"the next"
    given_up = {*range(1, MOST_ASIDE + 2)} - {
        int(file.name.rsplit("-", 1)[-1]) for file in path.parent.glob("spool.db.unreadable-*")
    }
    assert given_up == {5}


def test_what_was_taken_up_as_far_as_it_can_be_is_known_to_be(open_spool: OpenSpool, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 800)
    spool = open_spool(path, "desk-3", World().clock)
    spool.put(numbered(1))
    assert spool._taking_up.taken_up == {"spool.db.unreadable-1"}


def test_a_row_that_cannot_be_read_again_becomes_a_gap_and_is_kept(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in (1, 2, 3):
        spool.put(numbered(n))
    spool.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE measurement SET data = ? WHERE row % 1024 = 2", (b"{\xff",))
    db.close()
    again = open_spool(path, "desk-3", World().clock)
    assert names(again) == ["test 1", "spool", "test 3"]
    assert [s.identity.sequence for s in everything(again)] == [1, 2, 3]
    again.acknowledge({str(again.bootid): 3})
    again.close()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT data FROM unreadable").fetchall() == [(b"{\xff",)]
    db.close()


@pytest.mark.parametrize(
    "change",
    [
        "data = CAST(replace(CAST(data AS TEXT), 'test 2', 'test 7') AS BLOB)",
        "start_s = start_s + 1",
        "bootid = replace(bootid, substr(bootid, 1, 1), 'x')",
        "type = 'deskside.call.v1'",
        "checksum = checksum + 1",
    ],
)
def test_a_row_that_reads_as_another_valid_one_is_not_believed(
    open_spool: OpenSpool, path: Path, change: str
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    for n in (1, 2, 3):
        spool.put(numbered(n))
    spool.close()
    with sqlite3.connect(path) as db:
        db.execute(
            f"UPDATE measurement SET {change} WHERE row % 1024 = 2"  # noqa: S608  # one of those above
        )
    db.close()
    again = open_spool(path, "desk-3", World().clock)
    assert names(again) == ["test 1", "spool", "test 3"]


def test_a_boot_whose_numbers_were_changed_is_not_believed(path: Path, whole: bytes) -> None:
    for change in (
        "acknowledged = 90",
        "last = 3",
        "bootid = replace(bootid, substr(bootid, 1, 1), 'a')",
        "offset_s = 1",
    ):
        clear(path)
        path.write_bytes(whole)
        with sqlite3.connect(path) as db:
            db.execute(f"UPDATE boot SET {change}")  # noqa: S608  # one of those above
        db.close()
        assert delivered(path) == {n: f"test {n}" for n in range(1, COUNT + 1)}, change


def test_a_hole_in_the_numbers_becomes_gaps_and_blocks_nothing(
    open_spool: OpenSpool, path: Path, whole: bytes
) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM measurement WHERE row % 2048 IN (1, 10, 11, 12, 120)")
    db.close()
    again = open_spool(path, "desk-3", World().clock)
    assert [s.identity.sequence for s in everything(again)] == list(range(1, COUNT + 1))
    gaps = {s.identity.sequence: s.measurement for s in everything(again) if isinstance(s.measurement, Gap)}
    missing = {number: gap for number, gap in gaps.items() if gap.what == "spool"}
    assert list(missing) == [1, 10, 11, 12, 120]
    assert (missing[10].start_s, missing[10].end_s) == (9.0, 13.0), "between its neighbours"
    assert "one of 10 to 12" in reasons(again)[9]
    again.close()
    assert only_gaps_differ(delivered(path)) == 5


def test_when_everything_is_missing_each_number_is_a_gap(
    open_spool: OpenSpool, path: Path, whole: bytes
) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM measurement")
    db.close()
    assert only_gaps_differ(delivered(path)) == COUNT


FIRST_LAYOUT = """
BEGIN;
CREATE TABLE boot (
    key INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    machine_boot TEXT NOT NULL,
    bootid TEXT NOT NULL UNIQUE,
    last_sequence INTEGER NOT NULL DEFAULT 0,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    offset_s REAL NOT NULL,
    clock TEXT NOT NULL,
    UNIQUE (device, machine_boot)
) STRICT;
CREATE TABLE measurement (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    boot INTEGER NOT NULL REFERENCES boot,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    start_s REAL NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (boot, sequence)
) STRICT;
CREATE TABLE unreadable (
    row INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
PRAGMA user_version = 1;
COMMIT;
"""
"""The tables of version 0.2."""


def of_the_first_layout(path: Path, last: int, acknowledged: int, device: str = "desk-3") -> str:
    """A spool as version 0.2 left it, its log not yet brought into the file; the bootid of its measurements."""
    made = path.with_name("made.db")
    path.parent.mkdir()
    db = sqlite3.connect(made, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(FIRST_LAYOUT)
    bootid = "b" * 32
    db.execute(
        "INSERT INTO boot VALUES (1, ?, ?, ?, ?, ?, 1700000000.0, 'synced')",
        (device, "9" * 32, bootid, last, acknowledged),
    )
    for n in range(1, last + 1):
        db.execute(
            "INSERT INTO measurement (boot, sequence, type, start_s, data) VALUES (1, ?, 'deskside.gap.v1', ?, ?)",
            (n, float(n), numbered(n, 450).model_dump_json().encode()),
        )
    db.execute("DELETE FROM measurement WHERE sequence <= ?", (acknowledged,))
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{made}{suffix}", f"{path}{suffix}")
    db.close()
    return bootid


def test_a_spool_of_an_older_version_is_taken_over_whole(open_spool: OpenSpool, path: Path) -> None:
    bootid = of_the_first_layout(path, last=300, acknowledged=40)
    spool = open_spool(path, "desk-3", World().clock)
    assert names(spool) == [f"test {n}" for n in range(41, 301)]
    assert {s.identity.bootid for s in everything(spool)} == {bootid}
    assert [s.identity.sequence for s in everything(spool)] == list(range(41, 301))
    assert everything(spool)[0].wall.clock == "synced"
    assert spool.put(numbered(301)) == 1
    assert not list(path.parent.glob("*unreadable*")), "all of it is in the new file"


def test_an_older_spool_of_another_desk_name_goes_on_resting(open_spool: OpenSpool, path: Path) -> None:
    of_the_first_layout(path, last=3, acknowledged=0, device="desk-4")
    spool = open_spool(path, "desk-3", World().clock)
    assert names(spool) == []
    spool.close()
    assert names(open_spool(path, "desk-4", World().clock)) == ["test 1", "test 2", "test 3"]


def test_a_spool_of_a_newer_version_is_told_kept_and_taken_up_after_the_upgrade(
    open_spool: OpenSpool, path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(path) as db:
        for table in ("boot", "measurement"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN more INTEGER NOT NULL DEFAULT 7")
        db.execute("PRAGMA user_version = 3")
        db.execute("CREATE TABLE was AS SELECT * FROM measurement")
        db.execute("UPDATE measurement SET more = 8")
        db.execute("UPDATE boot SET more = 8")
    db.close()
    older = open_spool(path, "desk-3", World().clock)
    assert ["version 3" in reason for reason in reasons(older)] == [True]
    assert older.put(numbered(500)) is not None
    older.close()
    kept = path.with_name("spool.db.unreadable-1")
    again = open_spool(path, "desk-3", World().clock)
    assert names(again) == ["spool", "test 500"], "told once"
    again.close()
    # The later version knows those tables.
    kept.write_bytes(whole)
    monkeypatch.setattr(spool_take_up, "running_software", lambda: Software("99.0", commit=None))
    newer = open_spool(path, "desk-3", World().clock)
    assert sorted(names(newer)) == sorted([*(f"test {n}" for n in range(1, COUNT + 1)), "spool", "test 500"])
    assert not kept.exists()


def test_what_a_later_version_can_read_of_a_file_kept_aside_is_delivered_under_another_name(
    open_spool: OpenSpool, path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its numbers were given to gaps, which the central database may have."""
    damaged = bytearray(whole)
    place = whole.index(b"test 60")
    damaged[place] ^= 1
    damaged[50:60] = bytes(10)
    damaged[0] ^= 1
    path.write_bytes(damaged)
    spool = open_spool(path, "desk-3", World().clock)
    (gap,) = [
        s.identity
        for s in everything(spool)
        if isinstance(s.measurement, Gap)
        if s.measurement.what == "spool"
    ]
    assert gap.sequence == 60
    spool.close()
    path.with_name("spool.db.unreadable-1").write_bytes(whole)
    for version in ("98.0", "98.0", "99.0"):
        monkeypatch.setattr(spool_take_up, "running_software", lambda v=version: Software(v, commit=None))
        later = open_spool(path, "desk-3", World().clock)
        (found,) = [
            s.identity
            for s in everything(later)
            if isinstance(s.measurement, Gap)
            if s.measurement.what == "test 60"
        ]
        assert found.bootid != gap.bootid
        assert found.sequence == 1
        later.close()


def test_a_measurement_that_only_a_later_version_knows_is_delivered_by_it_once(
    open_spool: OpenSpool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a step back to an older version and forward again."""
    spool = open_spool(path, "desk-3", World().clock)
    for n in (1, 2, 3):
        spool.put(numbered(n))
    with monkeypatch.context() as older:
        older.setattr(spool_rows, "measurement_from", unknown_to_it)
        assert names(spool) == ["spool", "spool", "spool"]
    spool.acknowledge({spool.bootid: 3})
    spool.close()
    for version in ("98.0", "99.0"):
        monkeypatch.setattr(spool_take_up, "running_software", lambda v=version: Software(v, commit=None))
        later = open_spool(path, "desk-3", World().clock)
        assert names(later) == ["test 1", "test 2", "test 3"]
        assert [s.identity.sequence for s in everything(later)] == [1, 2, 3]
        assert later.bootid not in {s.identity.bootid for s in everything(later)}
        later.close()


def unknown_to_it(kind: str, data: bytes) -> Gap:
    raise KeyError(kind)
