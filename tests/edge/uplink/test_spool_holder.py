"""The programs that hold a spool are named, as the kernel lists their locks."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from edge.uplink.spool_holder import holders

HOLD = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"


def test_another_program_that_holds_the_spool_is_named_with_its_process(tmp_path: Path) -> None:
    spool = tmp_path / "spool.db"
    shared = tmp_path / "spool.db-shm"
    shared.write_bytes(bytes(100))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(shared)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    (named,) = holders(spool)
    holder.communicate()
    assert named.startswith("python")
    assert f"(process {holder.pid})" in named
    assert holders(spool) == ()


def test_our_own_locks_are_nobody_elses(tmp_path: Path) -> None:
    spool = tmp_path / "spool.db"
    with spool.open("wb") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        assert holders(spool) == ()


def test_who_waits_for_a_lock_does_not_hold_it(tmp_path: Path) -> None:
    spool, locks = tmp_path / "spool.db", tmp_path / "locks"
    spool.touch()
    found = spool.stat()
    file = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    locks.write_text(
        f"1: POSIX  ADVISORY  WRITE 4194303 {file} 0 EOF\n1: -> POSIX  ADVISORY  WRITE 4194302 {file} 0 EOF\n"
    )
    assert holders(spool, locks) == ("process 4194303",)


@given(st.text(max_size=200))
def test_whatever_the_kernel_lists_nobody_is_named_wrongly_and_nothing_fails(text: str) -> None:
    locks = Path(os.environ.get("TMPDIR", "/tmp"), f"locks-{os.getpid()}")  # noqa: S108
    locks.write_text(text, encoding="utf-8", errors="replace")
    assert holders(Path("/nowhere/spool.db"), locks) == ()
    locks.unlink()
