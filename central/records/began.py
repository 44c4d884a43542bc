"""Visits and calls that began in stretches of time, unread: to make a measurement of its JSON takes longer than to fetch it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, found_for_each, given
from central.records.event_row import EventRow
from central.records.exclusions import COUNTS
from central.records.measured import Measured
from central.records.query import VISIT_OR_CALL, DeskStretch, measured_from
from protocol.measurements import Call, Encounter


@dataclass(frozen=True, slots=True)
class Began:
    """A visit or a call as the database holds it."""

    id: str
    wall_s: float
    """Unix time of its beginning."""
    synced: bool
    raw: str

    def read(self) -> Measured[Encounter] | Measured[Call]:
        """The measurement.

        Raises:
            UnusableDatabaseError: It can no longer be read.
        """
        found = measured_from(self.id, self.wall_s, self.synced, self.raw)
        return cast("Measured[Encounter] | Measured[Call]", found)


def began_in(session: Session, stretches: Sequence[DeskStretch]) -> list[tuple[Began, ...]]:
    """The visits and calls that count and began in each stretch, ascending; in one statement."""
    columns = {"place": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}
    asked = given(session, columns, [(place, *each) for place, each in enumerate(stretches)])
    began = (
        EventRow.device == asked.c.desk,
        EventRow.start_wall_s >= asked.c.from_s,
        EventRow.start_wall_s < asked.c.to_s,
        VISIT_OR_CALL,
        COUNTS,
    )
    wanted = (EventRow.start_wall_s, EventRow.bootid, EventRow.sequence, EventRow.synced, EventRow.raw)
    found: list[list[Began]] = [[] for _ in stretches]
    rows = session.execute(found_for_each(session, asked, wanted, began))
    for place, device, _, _, wall_s, bootid, sequence, synced, raw in sorted(tuple(row) for row in rows):
        found[place].append(Began(f"{device}/{bootid}/{sequence}", wall_s, synced, raw))
    return [tuple(each) for each in found]
