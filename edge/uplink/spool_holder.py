"""Which other programs hold a lock on a spool's files, as far as the kernel tells."""

import os
from collections.abc import Iterator
from pathlib import Path

LOCKS = Path("/proc/locks")
"""Linux's list of file locks: kind, process, device and inode of each (proc_locks(5))."""
_NAMES = Path("/proc")
"""Where a process has its name, unless the service may not see others (ProtectProc=invisible)."""


def holders(spool: Path, locks: Path = LOCKS) -> tuple[str, ...]:
    """The programs that hold a lock on the spool or the files beside it, such as ``sqlite3 (process 812)``."""
    files = {key for suffix in ("", "-wal", "-shm") if (key := _key(Path(f"{spool}{suffix}"))) is not None}
    try:
        lines = locks.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return ()
    processes = sorted(
        {process for process, file in _held(lines) if file in files and process != os.getpid()}
    )
    return tuple(_named(process) for process in processes)


def _held(lines: list[str]) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Process and file of every lock: ``1: POSIX ADVISORY WRITE 812 b3:02:1234 0 EOF``."""
    for line in lines:
        words = line.split()
        if len(words) != 8 or not words[4].isdigit():
            continue  # waits for a lock, or a lock of no process
        major, minor, inode = words[5].split(":")
        yield int(words[4]), (int(major, 16), int(minor, 16), int(inode))


def _key(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return os.major(found.st_dev), os.minor(found.st_dev), found.st_ino


def _named(process: int) -> str:
    try:
        name = (_NAMES / str(process) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return f"process {process}"
    return f"{name} (process {process})"
