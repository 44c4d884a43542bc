"""The spool files that are kept aside because they could not be used: their names, and how many there may be."""

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

MOST_ASIDE = 8
"""Files that are kept aside at most; with one more the oldest is given up, of those that were taken up where there are any. A card that damages a file each day has to be replaced within a week."""


def aside_files(path: Path) -> list[Path]:
    """The files kept aside beside a spool, oldest first."""
    numbered = []
    with suppress(OSError):
        for file in path.parent.glob(f"{path.name}.unreadable-*"):
            number = file.name.rsplit("-", 1)[-1]
            if number.isdecimal():
                numbered.append((int(number), file))
    return [file for _, file in sorted(numbered)]


def keep_aside(path: Path, taken_up: Collection[str] = ()) -> Path:
    """Give a spool's file another name beside it, and give up the oldest where there are too many.

    Args:
        path: The spool's file.
        taken_up: Names of files kept aside of which all that can be read was taken up: they are given up before any other.

    Raises:
        OSError: The disk does not take a change of names.
    """
    there = aside_files(path)
    number = int(there[-1].name.rsplit("-", 1)[-1]) + 1 if there else 1
    aside = path.with_name(f"{path.name}.unreadable-{number}")
    for suffix in ("-wal", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    with suppress(FileNotFoundError):
        Path(f"{path}-shm").unlink()
    _sync_folder(path.parent)
    given_up_first = sorted([*there, aside], key=lambda file: file.name not in taken_up)
    for surplus in given_up_first[:-MOST_ASIDE]:
        give_up(surplus)
    return aside


def give_up(aside: Path) -> None:
    """Delete a file that was kept aside."""
    for suffix in ("-wal", ""):
        with suppress(OSError):
            Path(f"{aside}{suffix}").unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a change of names last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
