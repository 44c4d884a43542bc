"""Verdicts as they are kept, read again: one by one for a day, or counted for months."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, given
from central.records.event_row import EventRow
from central.records.query import VISIT_OR_CALL, measured_of
from central.scoring.judging import verdicts_on
from central.scoring.verdict import Verdict
from central.verdicts.filling import under_of
from central.verdicts.packing import counts_without, packed, unpacked
from central.verdicts.verdict_row import VerdictRow
from protocol.measurements import Call, Encounter
from protocol.standard import Standard


def kept_verdicts(
    session: Session, device: str, standard: Standard, from_s: float, to_s: float
) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts on a desk's visits and calls that began in a stretch of time, by the measurement's id, as far as they were made.

    Args:
        session: Where to read.
        device: The desk.
        standard: Under which.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
    """
    under = under_of(session, standard)
    if under is None:
        return {}
    rows = session.execute(
        select(EventRow.bootid, EventRow.sequence, VerdictRow.outcomes, VerdictRow.said)
        .join(EventRow, EventRow.id == VerdictRow.event)
        .where(
            VerdictRow.under == under,
            VerdictRow.device == device,
            VerdictRow.start_wall_s >= from_s,
            VerdictRow.start_wall_s < to_s,
        )
    )
    named = ((f"{device}/{bootid}/{sequence}", outcomes, said) for bootid, sequence, outcomes, said in rows)
    return {name: unpacked(outcomes, said, standard, name) for name, outcomes, said in named}


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of time at one desk in which nothing changes that a count depends on but what was measured."""

    device: str
    from_s: float
    to_s: float
    standard: Standard
    exempt: frozenset[str] = frozenset()
    """Clauses by which whoever was on duty is not judged."""


def counted(session: Session, cells: Sequence[Cell]) -> list[Counter[str]]:
    """How many visits and calls that began in each cell came to which outcomes (`central.verdicts.packing`).

    What is not judged yet is judged here, so that a page is right at every moment.
    """
    standards = {id(each.standard): each.standard for each in cells}
    unders = {key: under_of(session, standard) or 0 for key, standard in standards.items()}
    rows = [
        (number, unders[id(each.standard)], each.device, each.from_s, each.to_s)
        for number, each in enumerate(cells)
    ]
    columns = {"cell": NUMBER, "under": NUMBER, "device": TEXT, "from_s": REAL, "to_s": REAL}
    asked = given(session, columns, rows)
    found: list[Counter[str]] = [Counter() for _ in cells]
    judged = (
        select(asked.c.cell, VerdictRow.outcomes, func.count())
        .join(
            VerdictRow,
            (VerdictRow.under == asked.c.under)
            & (VerdictRow.device == asked.c.device)
            & (VerdictRow.start_wall_s >= asked.c.from_s)
            & (VerdictRow.start_wall_s < asked.c.to_s),
        )
        .group_by(asked.c.cell, VerdictRow.outcomes)
    )
    for number, outcomes, count in session.execute(judged):
        found[number][outcomes] += count
    there = (
        select(asked.c.cell, func.count())
        .join(
            EventRow,
            (EventRow.device == asked.c.device)
            & (EventRow.start_wall_s >= asked.c.from_s)
            & (EventRow.start_wall_s < asked.c.to_s)
            & VISIT_OR_CALL,
        )
        .group_by(asked.c.cell)
    )
    counts: dict[int, int] = dict(tuple(row) for row in session.execute(there))
    for number, each in enumerate(cells):
        if counts.get(number, 0) != found[number].total():
            found[number] += _judged_now(session, each, unders[id(each.standard)])
    return [counts_without(each, cell.exempt) for each, cell in zip(found, cells, strict=True)]


def _judged_now(session: Session, cell: Cell, under: int) -> Counter[str]:
    """What came to what of a cell's visits and calls that have no verdict yet."""
    has_one = exists().where(VerdictRow.event == EventRow.id, VerdictRow.under == under)
    chosen = select(EventRow).where(
        EventRow.device == cell.device,
        EventRow.start_wall_s >= cell.from_s,
        EventRow.start_wall_s < cell.to_s,
        VISIT_OR_CALL,
        ~has_one,
    )
    measured = (measured_of(row).data for row in session.scalars(chosen))
    return Counter(
        packed(data, verdicts_on(data, cell.standard, ()))[0]
        for data in measured
        if isinstance(data, Encounter | Call)
    )
