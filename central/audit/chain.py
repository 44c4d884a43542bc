"""The hash chain of the audit log: pure. Each entry's hash covers all of it and the hash of the entry before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64
"""What the first entry names as the hash of the one before it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done or read."""

    number: int
    """1, 2, 3, ... without holes."""
    wall_s: float
    """Unix time."""
    actor: str
    """Who: ``account 3``, ``command line``, ``nobody`` before a log-in. Never a name: names can be erased, entries cannot."""
    action: str
    """What was done: ``read visit``."""
    subject: str
    """To what: ``desk-1/<bootid>/12``, ``account 4``."""
    detail: str
    """What else is to be known, such as the role that was given."""


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry as it is kept."""

    entry: AuditEntry
    previous: str
    """Hash of the entry before, `START` for the first one."""
    digest: str
    """Its own hash."""


def digest_of(entry: AuditEntry, previous: str) -> str:
    """SHA-256 of an entry and of the hash before it, in hexadecimal digits.

    The parts are written as a JSON list, so that no two entries are written alike.
    """
    parts = [
        previous,
        entry.number,
        repr(entry.wall_s),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def chained(entry: AuditEntry, previous: str) -> ChainedEntry:
    """An entry with its place in the chain."""
    return ChainedEntry(entry, previous, digest_of(entry, previous))


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a look over the whole chain found."""

    entries: int
    head: str
    """Hash of the last entry, `START` of an empty log. Whoever keeps it elsewhere sees later whether the log was written anew."""
    broken_at: int | None
    """Number of the first entry that is not as it was written; None of a chain that holds."""


def examine(entries: Iterable[ChainedEntry], after: ChainState | None = None) -> ChainState:
    """Go along a chain until it ends or breaks.

    Args:
        entries: In the order of their numbers.
        after: What was found of the entries before, which held; None from the first entry on.
    """
    count, head = (0, START) if after is None else (after.entries, after.head)
    for kept in entries:
        expected = count + 1
        if (
            kept.entry.number != expected
            or kept.previous != head
            or digest_of(kept.entry, head) != kept.digest
        ):
            return ChainState(count, head, expected)
        count, head = expected, kept.digest
    return ChainState(count, head, None)
