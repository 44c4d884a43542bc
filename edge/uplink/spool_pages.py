"""Reads the rows of tables out of SQLite's pages one by one (SQLite file format, sections 1.5 to 2.1), whatever is left of the rest: pure."""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from edge.uplink.spool_room import PAGE_BYTES

FILE_HEADER_BYTES = 100
"""The first page begins with the header of the file (SQLite file format, 1.3)."""
_TABLE_LEAF = 0x0D
"""The first byte of a page that holds rows of a table (1.6)."""
_LEAF_HEADER_BYTES = 8
"""The header of such a page (1.6)."""
_MOST_LOCAL_BYTES = PAGE_BYTES - 35
"""A row that is no longer stands in its page (1.6)."""
_LEAST_LOCAL_BYTES = (PAGE_BYTES - 12) * 32 // 255 - 23
"""As much at least of a longer one stands there (1.6)."""
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MOST_PAYLOAD_BYTES = 2**20
"""No measurement is nearly as long: 16 numbers and 500 characters are the most that one of its fields holds."""

Value = int | float | str | bytes | None
"""What a column holds."""


class TableRow(NamedTuple):
    """One row of some table, with the key that stands for its INTEGER PRIMARY KEY."""

    key: int
    values: tuple[Value, ...]


class _DamagedError(ValueError):
    """A row or a page that cannot be read."""


def table_rows(page: bytes, overflow: Callable[[int], bytes]) -> Iterator[TableRow]:
    """The rows in one page that can be read; none in a page that holds no rows of a table.

    Args:
        page: The page.
        overflow: Gives the page of a number, for rows that are longer than a page; empty where there is none.
    """
    head = FILE_HEADER_BYTES if page.startswith(b"SQLite format 3\0") else 0
    if len(page) != PAGE_BYTES or page[head] != _TABLE_LEAF:
        return
    (count,) = struct.unpack_from(">H", page, head + 3)
    first = head + _LEAF_HEADER_BYTES
    for place in range(first, min(first + 2 * count, PAGE_BYTES - 1), 2):
        (start,) = struct.unpack_from(">H", page, place)
        try:
            yield _row(page, start, overflow)
        except (_DamagedError, IndexError, struct.error):
            continue


def _row(page: bytes, start: int, overflow: Callable[[int], bytes]) -> TableRow:
    size, place = _varint(page, start)
    key, place = _varint(page, place)
    if not 0 < size <= _MOST_PAYLOAD_BYTES:
        raise _DamagedError
    return TableRow(key - 2**64 if key >= 2**63 else key, _values(_payload(page, place, size, overflow)))


def _payload(page: bytes, place: int, size: int, overflow: Callable[[int], bytes]) -> bytes:
    if size <= _MOST_LOCAL_BYTES:
        return _bytes(page, place, size)
    local = _LEAST_LOCAL_BYTES + (size - _LEAST_LOCAL_BYTES) % (PAGE_BYTES - 4)
    if local > _MOST_LOCAL_BYTES:
        local = _LEAST_LOCAL_BYTES
    parts = [_bytes(page, place, local)]
    (following,) = struct.unpack_from(">I", page, place + local)
    missing = size - local
    while missing > 0:
        further = overflow(following)
        if len(further) != PAGE_BYTES:
            raise _DamagedError
        parts.append(further[4 : 4 + missing])
        missing -= PAGE_BYTES - 4
        (following,) = struct.unpack_from(">I", further)
    return b"".join(parts)


def _values(payload: bytes) -> tuple[Value, ...]:
    head_size, place = _varint(payload, 0)
    if head_size > len(payload):
        raise _DamagedError
    at = head_size
    values = []
    while place < head_size:
        kind, place = _varint(payload, place)
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in {8, 9}:
        return kind - 8, at
    if kind == 7:
        (number,) = struct.unpack(">d", _bytes(payload, at, 8))
        return number, at + 8
    if kind in _INTEGER_BYTES:
        size = _INTEGER_BYTES[kind]
        return int.from_bytes(_bytes(payload, at, size), "big", signed=True), at + size
    if kind < 12:
        raise _DamagedError
    size = (kind - 12) // 2
    raw = _bytes(payload, at, size)
    return (raw.decode("utf-8", "replace") if kind % 2 else raw), at + size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A whole number of one to nine bytes, seven bits in each but the ninth."""
    number = 0
    for count in range(8):
        byte = data[place + count]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + count + 1
    return number << 8 | data[place + 8], place + 9


def _bytes(data: bytes, place: int, size: int) -> bytes:
    found = data[place : place + size]
    if len(found) != size:
        raise _DamagedError
    return found
