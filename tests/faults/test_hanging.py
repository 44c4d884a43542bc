"""A card, a journal or a systemd that hangs: looking, light, pins and watchdog go on, and nothing that was measured is lost."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from edge.phone.learnt import LearntLine
from tests.not_tested import needs
from tests.worlds.rung_desk import LATER_S, PATIENCE_S, RungDesk, remembered

HANG_S = 40
"""What cards were seen to do while they tidy up, or die."""
SYNC, WRITE, READ, OPEN, LOCK = (
    "fsync,fdatasync,sync_file_range",
    "write,pwrite64,writev,pwritev,ftruncate,fallocate",
    "read,pread64,preadv",
    "openat,open,mkdir,rename,unlink",
    "fcntl,flock",
)
LOOK = "newfstatat,stat,lstat,fstat,statx,access,faccessat2,statfs,fstatfs,getdents64"
CALLS = (SYNC, WRITE, READ, OPEN, LOCK, LOOK)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def strace(*options: str) -> subprocess.Popen[bytes]:
    """Trace a process."""
    program = shutil.which("strace")
    if program is None:
        needs("strace", "apt-get install strace")
    works = subprocess.run([program, "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if works.returncode:
        needs("the right to trace a process", works.stderr.decode().strip())
    return subprocess.Popen([program, "-f", "-qq", *options])


def kept(folder: Path) -> int:
    """How many measurements are in the spool's file."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'spool.db'}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM measurement").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # it is being made


def keeps_more_than(folder: Path, count: int) -> bool:
    until_s = time.monotonic() + PATIENCE_S
    while kept(folder) <= count:
        if time.monotonic() > until_s:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def a_hanging_card(desk: RungDesk, calls: str) -> Iterator[None]:
    """From now on each of these calls to the spool's disk takes `HANG_S`; afterwards the card works again."""
    names = (
        "",
        "/spool.db",
        "/spool.db-wal",
        "/spool.db-shm",
        "/spool.db-journal",
        "/phone-lines.json",
        "/phone-lines.new",
    )
    places = [word for name in names for word in ("-P", f"{desk.folder}{name}")]
    # A question mark lets strace pass over calls that this architecture has not.
    calls = ",".join(f"?{call}" for call in calls.split(","))
    faults = ["-e", f"trace={calls}", "-e", f"inject={calls}:delay_enter={HANG_S}s"]
    tracer = strace("-o", "/dev/null", *places, *faults, "-p", str(desk.process.pid))
    time.sleep(0.5)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)  # lets go of the desk, and of the call that hangs
        tracer.wait(PATIENCE_S)


@pytest.mark.parametrize("calls", CALLS)
def test_a_desk_starts_and_works_while_its_card_hangs_in_every_call(calls: str, folder: Path) -> None:
    remembered(folder, {"1": LearntLine(hook_moved=True)})
    with RungDesk(folder) as desk:
        with a_hanging_card(desk, calls):
            desk.begin()
            assert desk.rung() < LATER_S
            assert desk.longest_silence_s(over_s=4.0) < LATER_S
            assert desk.logged("the card has taken nothing since 20")
        assert desk.logged("the card takes measurements again")
        assert keeps_more_than(folder, 5), "what was measured meanwhile is written at last"
        assert desk.logged("phone 1: goes on with what 0 calls have shown")


@pytest.mark.parametrize("calls", [SYNC, LOCK])
def test_a_card_that_begins_to_hang_slows_nothing_and_loses_nothing(calls: str, folder: Path) -> None:
    with RungDesk(folder) as desk:
        desk.begin()
        assert keeps_more_than(folder, 0)
        with a_hanging_card(desk, calls):
            assert desk.logged("the card has taken nothing since 20")
            assert desk.rung() < LATER_S
            assert desk.longest_silence_s(over_s=4.0) < LATER_S
            before = kept(folder)
        assert desk.logged("the card takes measurements again")
        assert keeps_more_than(folder, before + 5), "what was measured meanwhile is written at last"
        desk.stop()
        assert desk.process.returncode == 0


def test_a_desk_is_stopped_while_its_card_hangs(folder: Path) -> None:
    with RungDesk(folder) as desk:
        desk.begin()
        assert keeps_more_than(folder, 0)
        with a_hanging_card(desk, SYNC):
            assert desk.logged("the card has taken nothing since 20")
            desk.stop()
        assert "could not be kept: the card has taken nothing since" in desk.log.read_text()
        assert "Traceback" not in desk.log.read_text()


def test_a_spool_held_by_another_program_is_told_as_such_and_written_when_it_is_free(folder: Path) -> None:
    with RungDesk(folder) as desk:
        desk.begin()
        assert keeps_more_than(folder, 0)
        with closing(sqlite3.connect(folder / "spool.db", isolation_level=None)) as backup:
            backup.execute("BEGIN IMMEDIATE")
            assert desk.logged("the spool is held by ")
            assert desk.rung() < LATER_S
            assert desk.longest_silence_s(over_s=4.0) < LATER_S
            before = kept(folder)
            backup.execute("ROLLBACK")
        assert desk.logged("takes measurements again")
        assert keeps_more_than(folder, before)
        assert f"(process {os.getpid()})" in desk.log.read_text()
        assert "taken nothing" not in desk.log.read_text()


def test_a_spool_that_is_held_when_the_desk_starts_is_told_as_such(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "spool.db", isolation_level=None)) as backup:
        backup.execute("BEGIN EXCLUSIVE")
        with RungDesk(folder) as desk:
            desk.begin()
            assert desk.logged("the spool is held by ")
            assert desk.rung() < LATER_S
            backup.execute("ROLLBACK")
            assert desk.logged("takes measurements again")
            assert keeps_more_than(folder, 0)


def test_a_systemd_that_does_not_read_stops_nothing(folder: Path) -> None:
    with RungDesk(folder) as desk:
        desk.begin()
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as others:
            others.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    others.sendto(b"STATUS=as all services do", desk.systemd.getsockname())
        time.sleep(3.0)
        assert desk.rung() < LATER_S
        assert desk.longest_silence_s(over_s=3.0) < LATER_S


def test_a_journal_that_does_not_read_stops_nothing(folder: Path) -> None:
    unread, journal = os.pipe()
    os.set_blocking(journal, False)
    with suppress(BlockingIOError):
        while True:
            os.write(journal, bytes(4096))
    os.set_blocking(journal, True)
    with RungDesk(folder, "sh", "-c", f'exec "$@" 2>/proc/{os.getpid()}/fd/{journal}', "sh") as desk:
        desk.begin()
        assert desk.rung() < LATER_S
        assert desk.longest_silence_s(over_s=3.0) < LATER_S
        desk.stop()
        assert desk.process.returncode == 0
    os.close(unread)
    os.close(journal)


def test_the_loop_that_feeds_light_and_watchdog_touches_no_disk(folder: Path, tmp_path: Path) -> None:
    """What the loop asks of the kernel while it measures, lights, and sums up its health: nothing of a file but /proc."""
    trace = tmp_path / "trace"
    with RungDesk(folder) as desk:
        desk.begin()
        desk.rung()
        tracer = strace("-y", "-o", str(trace), "-e", "trace=%file,%desc", "-p", str(desk.process.pid))
        desk.longest_silence_s(over_s=2.0)
        desk.rung()
        desk.longest_silence_s(over_s=2.0)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(PATIENCE_S)
        lines = trace.read_text().splitlines()
    of_loop = [line for line in lines if line.split()[0] == str(desk.process.pid)]
    assert any("fdatasync" in line for line in lines), "the writer's thread did touch the disk"
    assert not [line for line in of_loop if "/statm" not in line]
