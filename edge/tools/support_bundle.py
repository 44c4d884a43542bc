"""`deskside support-bundle`: what a technician who is not at the desk needs of it, in one file without secrets, names or pictures."""

import io
import os
import platform
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from edge.settings.desk_toml import Settings
from edge.tools.secrets_out import without_secrets
from protocol.broker.address import BrokerFileError, password
from protocol.errors import MendableError
from protocol.program import refusal
from protocol.software import running_software
from protocol.toml_file import BadFileError, load

LOG_LINES, KERNEL_LINES = 5000, 1000
"""Days of a desk at work, or an hour of one that starts again and again."""
HEALTH_ROWS = 60
"""An hour of them, where they wait for the network."""
PART_BYTES = 2_000_000
"""Most of one part; of a longer one its end is kept. The file is to go by e-mail."""
DOCTOR_S = 600.0
"""Each of its checks has a limit of a minute."""
JOURNAL_S = 30.0
"""Longest that the journal may take to answer."""


class BundleError(MendableError):
    """The file could not be written; the text says why and what to do."""


def write_bundle(file: Path, desk_file: Path, standards: Path, state: Path | None) -> tuple[str, ...]:
    """Write the file, readable by its owner alone; the names of what is in it.

    Args:
        file: A compressed archive (.tar.gz) that is not there yet.
        desk_file: The desk's settings.
        standards: Where the standards lie.
        state: Where the desk keeps its last good settings; None for the usual place.

    Raises:
        BundleError: The file is there already, or cannot be written.
    """
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BundleError(f"{file} is there already: it is left as it is; name another file") from None
    except OSError as error:
        raise BundleError(f"{file} cannot be written: {refusal(error)}") from None
    settings = _settings(desk_file)
    known = _known_secrets(settings)
    names = []
    with os.fdopen(opened, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, part in _parts(desk_file, standards, state, settings):
            text = without_secrets(_had(part), known).encode(errors="replace")[-PART_BYTES:]
            entry = tarfile.TarInfo(f"deskside-support/{name}")
            entry.size, entry.mtime, entry.mode = len(text), int(time.time()), 0o600
            archive.addfile(entry, io.BytesIO(text))
            names.append(name)
    return tuple(names)


def _parts(
    desk_file: Path, standards: Path, state: Path | None, settings: Settings | None
) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "machine.txt", _machine
    yield "doctor.txt", lambda: _doctor(desk_file, standards, state)
    yield "desk.toml", lambda: desk_file.read_text(encoding="utf-8", errors="replace")
    if settings is not None:
        yield "health.jsonl", lambda: _health(settings.storage.spool)
    yield "journal.txt", lambda: _journal("--unit=deskside", LOG_LINES)
    yield "kernel.txt", lambda: _journal("--dmesg", KERNEL_LINES)


def _had(part: Callable[[], str]) -> str:
    """What a part says; of one that cannot be had, why."""
    try:
        return part()
    except (OSError, subprocess.SubprocessError, sqlite3.Error, MendableError) as error:
        return f"could not be had: {error}\n"


def _settings(desk_file: Path) -> Settings | None:
    try:
        return load(desk_file, Settings)
    except (BadFileError, OSError):
        return None


def _known_secrets(settings: Settings | None) -> tuple[str, ...]:
    if settings is None:
        return ()
    with suppress(BrokerFileError):
        return tuple(filter(None, [password(settings.uplink)]))
    return ()


def _machine() -> str:
    system = os.uname()
    board = Path("/proc/device-tree/model")
    memory = Path("/proc/meminfo").read_text().splitlines()[:3]
    disks = [
        f"{each}: {_room(each)}"
        for each in ("/", "/var/lib/deskside", "/boot/firmware")
        if Path(each).exists()
    ]
    return "\n".join(
        (
            f"taken: {time.strftime('%Y-%m-%dT%H:%M:%S%z')}",
            f"software: deskside {running_software()}, Python {platform.python_version()}",
            f"board: {board.read_text().strip(chr(0)) if board.exists() else system.machine}",
            f"kernel: {system.release} {system.version}",
            f"up: {Path('/proc/uptime').read_text().split()[0]} s, load: {os.getloadavg()}",
            *memory,
            *disks,
            "",
        )
    )


def _room(folder: str) -> str:
    disk = os.statvfs(folder)
    return f"{disk.f_bavail * disk.f_frsize >> 20} of {disk.f_blocks * disk.f_frsize >> 20} MB free"


def _doctor(desk_file: Path, standards: Path, state: Path | None) -> str:
    """What `deskside doctor` prints, by a program of its own: it gives up the rights that the journal asks for."""
    options = ["--desk", desk_file, "--standards", standards, *(() if state is None else ("--state", state))]
    command = [sys.executable, "-P", "-c", "from edge.cli import main; main()", "doctor", *map(str, options)]
    environment = {**os.environ, "COLUMNS": "300", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=DOCTOR_S,
        check=False,
    )
    return done.stdout + done.stderr


def _health(spool: Path) -> str:
    """The latest health measurements that wait for the network; of visits, calls and duty nothing."""
    if not spool.exists():
        return f"{spool} is not there: the desk has not run yet\n"
    with closing(sqlite3.connect(f"file:{spool}?mode=ro", uri=True, timeout=5.0)) as db:
        waiting = db.execute("SELECT type, count(*) FROM measurement GROUP BY type ORDER BY type").fetchall()
        rows = db.execute(
            "SELECT data FROM measurement WHERE type GLOB 'deskside.health.*' ORDER BY row DESC LIMIT ?",
            (HEALTH_ROWS,),
        ).fetchall()
    counts = ", ".join(f"{count} {kind}" for kind, count in waiting) or "nothing"
    return f"# waiting: {counts}\n" + "".join(f"{bytes(data).decode(errors='replace')}\n" for (data,) in rows)


def _journal(which: str, lines: int) -> str:
    command = ["journalctl", which, f"--lines={lines}", "--no-pager", "--output=short-iso"]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=JOURNAL_S, check=False
    )
    return done.stdout or f"journalctl says nothing: {done.stderr.strip()}\n"
