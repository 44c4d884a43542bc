"""Lists in parts: each part ends with a cursor from which the next one goes on, whatever was added meanwhile."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Query, Request

from central.web.api.problems import ApiError, ProblemPart

USUAL = 50
"""Items of one part where nobody says how many: a screen or two."""
MOST = 200
"""Items of one part at most: verdicts on two hundred visits take a quarter of a second."""
CURSOR_LETTERS = 500
"""Letters of a cursor at most: that of the longest key has fewer than 400."""
OUTSIDE_THE_LIST = frozenset({"cursor", "limit"})
"""Parts of a query that do not say which list it is."""

T = TypeVar("T")
Key = int | str
"""By which a list is ordered: it is never the same for two items, and an item keeps it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a list is asked for."""

    after: Key | None
    """Only what comes after it; None for the first part."""
    limit: int
    of: str
    """The list: its address and its filters."""

    def cursor(self, key: Key) -> str:
        """The cursor that goes on after an item."""
        text = json.dumps([self.of, key], ensure_ascii=True, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def part(self, items: Sequence[T], key_of: Callable[[T], Key]) -> tuple[Sequence[T], str | None]:
        """The part of a whole list that is asked for, and the cursor of the next one.

        Args:
            items: All of them, in any order.
            key_of: The key of an item; all of one kind.
        """
        later = [item for item in items if self.after is None or _is_after(key_of(item), self.after)]
        return self.first(sorted(later, key=key_of), key_of)

    def first(self, items: Sequence[T], key_of: Callable[[T], Key]) -> tuple[Sequence[T], str | None]:
        """The first of items that come after the cursor already, and the cursor of the next part where there are more."""
        part = items[: self.limit]
        return part, self.cursor(key_of(part[-1])) if len(items) > len(part) else None


def asked(
    request: Request,
    cursor: Annotated[
        str | None, Query(max_length=CURSOR_LETTERS, description="`next` of the part before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Items of one part at most.")] = USUAL,
) -> Asked:
    """Which part of a list a request asks for.

    Raises:
        ApiError: The cursor is of no list, or of another one.
    """
    filters = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in OUTSIDE_THE_LIST)
    of = hashlib.sha256(json.dumps([request.url.path, filters]).encode()).hexdigest()[:16]
    return Asked(None if cursor is None else _key(cursor, of), limit, of)


def _key(cursor: str, of: str) -> Key:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    match found:
        case [str(list_), int() | str() as key] if list_ == of and not isinstance(key, bool) and _fits(key):
            return key
    raise ApiError(
        422,
        "The cursor is of another list, or of none: begin without one, and leave the filters as they are.",
        kind="cursor",
        errors=[ProblemPart(where="query.cursor", what="is of no such list")],
    )


def _fits(key: Key) -> bool:
    """Whether every database takes it for a key."""
    return "\0" not in key if isinstance(key, str) else 0 <= key < 2**63


def _is_after(key: Key, after: Key) -> bool:
    if isinstance(key, int) and isinstance(after, int):
        return key > after
    return str(key) > str(after)
