"""The spool as everybody meets it: what is put is on the disk, in its order, under numbers that nothing else ever gets."""

import json
import sqlite3
from pathlib import Path

import pytest

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
    row = spool.last_row
    spool.acknowledge({str(spool.bootid): 1})
    spool.close()
    again = open_spool(path, "desk-3", World().clock)
    assert again.put(numbered(2)) == 2
    assert again.last_row > row, "a row is never used twice"


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
    assert spool._file._db.run("PRAGMA journal_mode") == [("wal",)]
    assert spool._file._db.run("PRAGMA synchronous") == [(2,)]


def test_a_measurement_on_no_timeline_is_refused_at_once(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    with pytest.raises(ValueError, match="no timeline"):
        spool.put(numbered(10**15))
    assert spool.pending == 0


def test_whoever_delivers_is_woken_by_each_put(open_spool: OpenSpool, path: Path) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    woken: list[None] = []
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


@pytest.mark.parametrize("start_s", [float("nan"), float("inf"), -float("inf")])
def test_a_measurement_whose_time_is_no_number_is_refused_at_once(
    open_spool: OpenSpool, path: Path, start_s: float
) -> None:
    spool = open_spool(path, "desk-3", World().clock)
    with pytest.raises(ValueError, match="no timeline"):
        spool.put(numbered(1).model_copy(update={"start_s": start_s}))
    assert spool.put(numbered(1)) == 1
