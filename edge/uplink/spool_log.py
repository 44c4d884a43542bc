"""Reads SQLite's write-ahead log (SQLite file format, section 4) to see whether all of it is what was written: pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from edge.uplink.spool_room import FRAME_BYTES, LOG_HEADER_BYTES, PAGE_BYTES

MAGIC = 0x377F0682
"""The first four bytes of a log; the last bit says that checksums read its words as big-endian (SQLite file format, 4.1)."""
GENERATIONS = 2**20
"""Each time a log begins anew its first salt grows by one. Frames whose salt is less by no more than this are left from before."""
_FRAME_HEAD_BYTES = FRAME_BYTES - PAGE_BYTES
"""The header of a frame: page, size of the file after a commit, two salts, two checksums."""

LogState = Literal["whole", "torn", "damaged"]
"""``torn``: its end is missing, as after a power cut. ``damaged``: something was written behind what cannot be read."""


@dataclass(frozen=True, slots=True)
class LogFrame:
    """One page in a log, whatever state it is in."""

    page: int
    content: bytes


def log_state(log: bytes) -> LogState:
    """Whether SQLite will find in a log all that was written to it.

    >>> log_state(b""), log_state(bytes(8192))
    ('whole', 'whole')
    """
    head = log[:LOG_HEADER_BYTES]
    if not any(head):
        return "whole"
    if len(head) < LOG_HEADER_BYTES:
        return "torn"
    magic, _, page_bytes, _, salt, salt_2, *sums = struct.unpack(">8I", head)
    order = ">" if magic & 1 else "<"
    at = _checksum(head[:24], order, (0, 0))
    if magic & ~1 != MAGIC or page_bytes != PAGE_BYTES or at != tuple(sums):
        return "damaged"
    return _state_of_frames(log, (salt, salt_2), order, at)


def _state_of_frames(log: bytes, salts: tuple[int, int], order: str, at: tuple[int, int]) -> LogState:
    readable = True
    for place in range(LOG_HEADER_BYTES, len(log), FRAME_BYTES):
        frame = log[place : place + FRAME_BYTES]
        if len(frame) < _FRAME_HEAD_BYTES:
            return "torn"
        _, commit, *found = struct.unpack(">4I", frame[:16])
        if tuple(found) != salts:
            old = not any(frame[:_FRAME_HEAD_BYTES]) or 0 < (salts[0] - found[0]) % 2**32 <= GENERATIONS
            return "whole" if readable and old else "torn"
        if readable:
            at = _checksum(frame[:8] + frame[_FRAME_HEAD_BYTES:], order, at)
            readable = len(frame) == FRAME_BYTES and at == struct.unpack(">2I", frame[16:24])
        if not readable and commit and len(frame) == FRAME_BYTES:
            return "damaged"
    return "whole" if readable else "torn"


def frames(log: bytes) -> Iterator[LogFrame]:
    """Every page in a log, in the order in which they stand there; those from before its last beginning too."""
    for place in range(LOG_HEADER_BYTES, len(log) - FRAME_BYTES + 1, FRAME_BYTES):
        (page,) = struct.unpack(">I", log[place : place + 4])
        yield LogFrame(page, log[place + _FRAME_HEAD_BYTES : place + FRAME_BYTES])


def _checksum(data: bytes, order: str, since: tuple[int, int]) -> tuple[int, int]:
    if len(data) % 8:
        return -1, -1
    one, two = since
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
