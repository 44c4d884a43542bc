"""What is wrong with a spool's disk, in words for a technician."""

import sqlite3
from collections.abc import Sequence

from edge.uplink.spool_database import LogHeldError

HELD = "measurements are held in memory meanwhile, and lost if the desk is switched off"
"""What every trouble with the disk means."""


def is_full(error: Exception) -> bool:
    """Whether there was no room, on the disk or within `storage.max_mb`."""
    return _name(error) == "SQLITE_FULL"


def is_held(error: Exception) -> bool:
    """Whether another program holds the file."""
    return isinstance(error, LogHeldError) or _name(error).startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
    )


def held_in_words(programs: Sequence[str]) -> str:
    """That others hold the spool; ``programs`` names them as far as they are known."""
    who = (
        ", ".join(programs)
        if programs
        else "another program (a backup, a database browser, a second deskside)"
    )
    return f"the spool is held by {who}: end it or let it finish; {HELD}"


def full_in_words(limit_mb: int | None) -> str:
    """That there is no room; ``limit_mb`` where it is `storage.max_mb` that is reached."""
    if limit_mb is None:
        return f"the disk is full: make room on it; {HELD}"
    return f"full at storage.max_mb = {limit_mb}: reach the central service or raise it; {HELD}"


def refused_in_words(error: Exception) -> str:
    """That the disk does not take measurements for another reason."""
    return f"the disk does not take measurements ({error}): check card, folder and rights; {HELD}"


def stalled_in_words(since: str) -> str:
    """That the disk answers nothing; ``since`` is the wall time from which on."""
    return f"the card has taken nothing since {since}: it hangs, or is dying; replace it if that comes again; {HELD}"


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", "") if isinstance(error, sqlite3.Error) else ""
