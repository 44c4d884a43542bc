"""Visits or calls of many desks in the order in which they arrived, so that who reads on from one misses none and reads none twice."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from central.desks.places import DeskPlaceRow
from central.records.event_row import EventRow
from central.records.measured import Measured
from central.records.query import measured_of
from protocol.measurements import Measurement

ListedKind = Literal["encounter", "call"]


@dataclass(frozen=True, slots=True)
class ListedOnly:
    """Which of them are listed."""

    kind: ListedKind
    showrooms: Collection[int] | None = None
    """Only what was measured while the desk stood in one of these, by their keys; None for wherever it stood."""
    device: str | None = None
    from_s: float | None = None
    """Unix time of the beginning, included."""
    to_s: float | None = None
    """Unix time of the beginning, excluded."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One of them, with its place in the order of arrival."""

    key: int
    item: Measured[Measurement]


def listed_after(session: Session, only: ListedOnly, after: int, most: int) -> tuple[Listed, ...]:
    """The next ones in the order of arrival.

    Args:
        session: Where to read.
        only: Which.
        after: Key of the last one that was read; 0 to begin.
        most: How many at most.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    rows = session.scalars(
        select(EventRow)
        .where(EventRow.id > after, EventRow.type.like(f"deskside.{only.kind}.%"), *_conditions(only))
        .order_by(EventRow.id)
        .limit(most)
    )
    return tuple(Listed(row.id, measured_of(row)) for row in rows)


def _conditions(only: ListedOnly) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only.device is not None:
        found.append(EventRow.device == only.device)
    if only.from_s is not None:
        found.append(EventRow.start_wall_s >= only.from_s)
    if only.to_s is not None:
        found.append(EventRow.start_wall_s < only.to_s)
    if only.showrooms is not None:
        stood = select(DeskPlaceRow.id).where(
            DeskPlaceRow.device == EventRow.device,
            DeskPlaceRow.showroom_id.in_(only.showrooms),
            or_(DeskPlaceRow.from_wall_s.is_(None), DeskPlaceRow.from_wall_s <= EventRow.start_wall_s),
            or_(DeskPlaceRow.until_wall_s.is_(None), EventRow.start_wall_s < DeskPlaceRow.until_wall_s),
        )
        found.append(stood.exists())
    return found
