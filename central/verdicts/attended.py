"""When desks were staffed, read from what is kept; what is not kept yet is read from the measurements."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import CTE, ColumnElement, func, select
from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, Columns, found_for_each, given
from central.records.event_row import EventRow
from central.records.query import IS_ATTENDANCE, IS_LONG, LONG_S, DeskStretch, measured_from
from central.verdicts.attended_row import AttendedRow
from protocol.measurements import Attendance

_COLUMNS: Columns = {"place": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}


class Attended(NamedTuple):
    """An attendance in wall time, as Unix seconds, the second one excluded."""

    from_s: float
    to_s: float
    staffed: bool
    coverage: float


def attended_in(session: Session, stretches: Sequence[DeskStretch]) -> list[list[Attended]]:
    """The attendances that touch each stretch, ascending, in as many statements for one desk as for all."""
    rows = [(place, *each) for place, each in enumerate(stretches)]
    asked = given(session, _COLUMNS, rows)
    near = (
        AttendedRow.device == asked.c.desk,
        AttendedRow.start_wall_s >= asked.c.from_s - LONG_S,
        AttendedRow.start_wall_s < asked.c.to_s,
    )
    wanted = (AttendedRow.start_wall_s, AttendedRow.duration_s, AttendedRow.staffed, AttendedRow.coverage)
    found: list[list[Attended]] = [[] for _ in stretches]
    kept = [0] * len(stretches)
    for place, _, from_s, _, began_s, lasted_s, staffed, coverage in session.execute(
        found_for_each(session, asked, wanted, near)
    ):
        kept[place] += 1
        if began_s + lasted_s > from_s:
            found[place].append(Attended(began_s, began_s + lasted_s, staffed, coverage))
    there = select(func.count()).select_from(EventRow).where(*_near(asked)).scalar_subquery()
    missing = [
        rows[place] for place, count in session.execute(select(asked.c.place, there)) if count != kept[place]
    ]
    if missing:
        _read_missing(session, missing, found)
    early = (
        EventRow.device == asked.c.desk,
        IS_ATTENDANCE,
        IS_LONG,
        EventRow.start_wall_s < asked.c.from_s - LONG_S,
        EventRow.start_wall_s + EventRow.duration_s > asked.c.from_s,
    )
    _read(session, asked, early, found)
    return [sorted(each) for each in found]


def _near(asked: CTE) -> tuple[ColumnElement[bool], ...]:
    return (
        EventRow.device == asked.c.desk,
        IS_ATTENDANCE,
        EventRow.start_wall_s >= asked.c.from_s - LONG_S,
        EventRow.start_wall_s < asked.c.to_s,
    )


def _read_missing(
    session: Session, missing: Sequence[Sequence[object]], found: Sequence[list[Attended]]
) -> None:
    asked = given(session, _COLUMNS, missing)
    kept = select(AttendedRow.event).where(AttendedRow.event == EventRow.id)
    _read(session, asked, (*_near(asked), ~kept.correlate(EventRow).exists()), found)


def _read(
    session: Session, asked: CTE, where: tuple[ColumnElement[bool], ...], found: Sequence[list[Attended]]
) -> None:
    wanted = (EventRow.bootid, EventRow.sequence, EventRow.start_wall_s, EventRow.synced, EventRow.raw)
    for place, device, from_s, _, bootid, sequence, began_s, synced, raw in session.execute(
        found_for_each(session, asked, wanted, where)
    ):
        item = measured_from(f"{device}/{bootid}/{sequence}", began_s, synced, raw)
        if isinstance(item.data, Attendance) and item.end_wall_s > from_s:
            found[place].append(Attended(began_s, item.end_wall_s, item.data.staffed, item.data.coverage))
