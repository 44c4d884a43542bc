"""A full disk is no trap: what is acknowledged is deleted, and room comes back, on real file systems and with nobody's help."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.uplink.spool import Spool
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.delivery.small_disks import Others, die, mounted
from tests.worlds.delivery.spools import World, everything, numbered

DISKS = [
    *(("tmpfs", 1, "in use"), ("tmpfs", 1, "closed"), ("tmpfs", 4, "closed"), ("tmpfs", 16, "in use")),
    *(("ext4", 2, "in use"), ("ext4", 2, "closed"), ("ext4", 16, "closed"), ("ext4", 64, "in use")),
    ("vfat", 4, "closed"),
]
"""Kind, megabytes, and what becomes of the spool between filling and acknowledging."""


@pytest.fixture(params=DISKS, ids=lambda disk: f"{disk[0]}, {disk[1]} MB, {disk[2]}")
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    kind, size_mb, _ = request.param
    with mounted(kind, size_mb, tmp_path) as folder:
        yield folder


@pytest.fixture
def reopened(disk: Path, request: pytest.FixtureRequest) -> Callable[[Spool], Spool]:
    """Closes the spool and opens it again, where that is to happen before anything is acknowledged."""

    def reopen(spool: Spool) -> Spool:
        if request.node.callspec.params["disk"][2] == "in use":
            return spool
        spool.close()
        Others(disk).fill()
        return opened(disk)

    return reopen


def opened(folder: Path, max_mb: int = 512) -> Spool:
    spool = Spool(folder / "spool.db", "desk-3", World().clock, max_mb)
    spool.open()
    return spool


def fill_with_spool(folder: Path) -> int:
    """Put measurements, in a process that is then killed, until none is taken any more; how many are on the disk."""
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tests.edge.uplink.test_spool_room import opened\n"
        "from tests.worlds.delivery.spools import numbered\n"
        "spool = opened(Path(sys.argv[1]))\n"
        "last = number = 0\n"
        "while number is not None:\n"
        "    last = number\n"
        "    number = spool.put_all([numbered(last + n, 450) for n in range(1, 101)])\n"
        "number = last\n"
        "while number is not None:\n"
        "    last = number\n"
        "    number = spool.put(numbered(last + 1, 450))\n"
        "print(last, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, check=False
    )
    assert run.returncode == -signal.SIGKILL
    return int(run.stdout)


def acknowledge_all(spool: Spool, step: int) -> None:
    """As the central service does: of what was sent, some at a time."""
    while waiting := spool.after(0, step):
        spool.acknowledge({each.identity.bootid: each.identity.sequence for each in waiting})
        assert spool.after(0, 1)[:1] != waiting[:1], "what was acknowledged is still there"


def test_a_disk_that_the_spool_has_filled_gets_its_room_back(
    disk: Path, reopened: Callable[[Spool], Spool]
) -> None:
    count = fill_with_spool(disk)
    assert count > 100
    Others(disk).fill()
    free_bytes = shutil.disk_usage(disk).free
    spool = opened(disk)
    spool = reopened(spool)
    assert spool.pending >= count
    acknowledge_all(spool, max(100, count // 20))
    assert spool.pending == 0
    assert everything(spool) == []
    assert spool.put(numbered(1)) is not None
    assert spool.trouble is None
    assert spool.bootids == (spool.bootid,)
    freed_bytes = shutil.disk_usage(disk).free - free_bytes
    if disk.name.endswith(("-16", "-64")):
        assert freed_bytes > count * 500 / 2, "room comes back to the disk"
    spool.close()


def test_a_disk_that_others_have_filled_lets_go_of_all_that_is_acknowledged(
    disk: Path, reopened: Callable[[Spool], Spool]
) -> None:
    spool = opened(disk)
    count = 0
    while count < 300 and spool.put(numbered(count + 1, 450)) is not None:
        count += 1
    others = Others(disk)
    others.fill()
    taken = 0
    while spool.put(numbered(count + taken + 1, 450)) is not None:
        taken += 1
        others.fill()
    spool = reopened(spool)
    waiting = spool.pending
    assert waiting >= count + taken
    acknowledge_all(spool, 7)
    assert spool.pending == 0
    others.fill()
    numbers = [spool.put(numbered(n, 450)) for n in range(1, 101)]
    assert None not in numbers, "what was deleted has left room for as many"
    assert spool.trouble is None
    spool.close()


def test_others_who_fill_the_disk_again_and_again_trap_nothing(tmp_path: Path) -> None:
    with mounted("ext4", 16, tmp_path) as disk:
        spool = opened(disk)
        others = Others(disk)
        put = 0
        for _ in range(30):
            for _ in range(40):
                put += 1
                spool.put(numbered(put, 450))
            others.fill()
            waiting = spool.after(0, 100)
            spool.acknowledge({each.identity.bootid: each.identity.sequence for each in waiting})
            others.fill()
        acknowledge_all(spool, 100)
        assert spool.pending == 0
        spool.close()


def test_a_reserve_is_kept_beside_the_spool(tmp_path: Path) -> None:
    with mounted("ext4", 16, tmp_path) as disk:
        spool = opened(disk)
        spool.put(numbered(1))
        for file in ("spool.db.reserve", "spool.db-wal"):
            found = (disk / file).stat()
            assert found.st_blocks * 512 >= found.st_size > 800_000
        spool.close()
        assert (disk / "spool.db.reserve").stat().st_blocks * 512 > 800_000


def test_the_log_stays_short_however_much_is_put(tmp_path: Path) -> None:
    spool = opened(tmp_path, max_mb=64)
    log = tmp_path / "spool.db-wal"
    longest = log.stat().st_size
    for start in range(0, 20_000, 100):
        spool.put_all([numbered(start + n, 450) for n in range(100)])
        assert log.stat().st_size == longest
    spool.close()


READ = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN")
db.execute("SELECT count(*) FROM measurement").fetchone()
print("reads", flush=True)
sys.stdin.read()
"""


def test_a_reader_who_never_ends_makes_the_log_no_longer_than_it_may_be(tmp_path: Path) -> None:
    spool = opened(tmp_path, max_mb=4)
    spool.put(numbered(0))
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, str(tmp_path / "spool.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    log = tmp_path / "spool.db-wal"
    longest = log.stat().st_size
    put = 0
    while spool.put_all([numbered(put + n, 450) for n in range(1, 51)]) is not None:
        put += 50
    assert spool.trouble is not None
    assert log.stat().st_size < 4 * longest
    reader.communicate()
    assert spool.write_held() == put + 51
    assert spool.trouble is None
    assert log.stat().st_size < 4 * longest
    spool.close()


def test_a_program_that_ends_while_the_file_grows_leaves_no_page_behind_that_is_not_there(
    tmp_path: Path,
) -> None:
    """Killed at any moment: what others then fill is not needed."""
    with mounted("tmpfs", 2, tmp_path) as disk:
        for after_s in (0.3, 0.35, 0.4, 0.45, 0.5):
            script = (
                "import sys\n"
                "from pathlib import Path\n"
                "from tests.edge.uplink.test_spool_room import opened\n"
                "from tests.worlds.delivery.spools import numbered\n"
                "spool = opened(Path(sys.argv[1]))\n"
                "print('opened', flush=True)\n"
                "while True:\n"
                "    spool.put_all([numbered(n, 450) for n in range(10)])\n"
            )
            process = subprocess.Popen(
                [sys.executable, "-c", script, str(disk)], cwd=PROJECT, stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(after_s - 0.25)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            Others(disk).fill()
            spool = opened(disk)
            acknowledge_all(spool, 50)
            assert spool.pending == 0
            spool.close()
            Others(disk).leave()


def test_what_waits_on_a_card_that_died_is_still_said_to_wait(tmp_path: Path) -> None:
    with mounted("ext4", 16, tmp_path) as folder:
        spool = opened(folder)
        for number in range(3):
            assert spool.put(numbered(number)) == number + 1
        die(folder)
        assert spool.put(numbered(3)) is None
        assert spool.pending == 4
        spool.close()
