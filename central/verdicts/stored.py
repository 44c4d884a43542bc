"""Verdicts as they are kept, read again: one by one for a day, or counted for months."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, func, select
from sqlalchemy.orm import Session, join

from central.database.given import NUMBER, REAL, TEXT, Columns, found_for_each, given
from central.records.event_row import EventRow
from central.records.exclusions import excluded_rows
from central.records.query import VISIT_OR_CALL, measured_from, measured_of
from central.scoring.judging import verdicts_on
from central.scoring.verdict import Verdict
from central.verdicts.filling import under_of, unders_of
from central.verdicts.packing import counts_without, packed, unpacked
from central.verdicts.rules import digest_of_standard
from central.verdicts.verdict_row import VerdictRow
from protocol.measurements import Call, Encounter
from protocol.standard import Standard

_CELL: Columns = {"cell": NUMBER, "kept_under": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}


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


def kept_on(session: Session, judged: Sequence[tuple[str, Standard]]) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts on some visits and calls, by the measurement's id, as far as they were made: in two statements, however many they are.

    Args:
        session: Where to read.
        judged: Id of each measurement, and the standard under which it is judged.
    """
    digests = {id(standard): digest_of_standard(standard) for _, standard in judged}
    unders = unders_of(session, {digests[id(standard)]: standard for _, standard in judged}.values())
    rows = []
    for place, (name, standard) in enumerate(judged):
        device, bootid, sequence = name.split("/")
        if (under := unders.get(digests[id(standard)])) is not None:
            rows.append((place, device, bootid, int(sequence), under))
    columns = {"place": NUMBER, "desk": TEXT, "boot": TEXT, "number": NUMBER, "kept_under": NUMBER}
    asked = given(session, columns, rows)
    named = (
        EventRow.device == asked.c.desk,
        EventRow.bootid == asked.c.boot,
        EventRow.sequence == asked.c.number,
        VerdictRow.under == asked.c.kept_under,
    )
    both = join(EventRow, VerdictRow, VerdictRow.event == EventRow.id)
    found: dict[str, tuple[Verdict, ...]] = {}
    if rows:
        chosen = found_for_each(session, asked, (VerdictRow.outcomes, VerdictRow.said), named, source=both)
        for place, *_, outcomes, said in session.execute(chosen):
            name, standard = judged[place]
            found[name] = unpacked(outcomes, said, standard, name)
    return found


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

    What is not judged yet is judged here, so that a page is right at every moment. The statements are as few for many cells as for one.
    """
    standards = {id(each.standard): each.standard for each in cells}
    numbers = unders_of(session, standards.values())
    unders = {key: numbers.get(digest_of_standard(standard), 0) for key, standard in standards.items()}
    rows = [
        (number, unders[id(each.standard)], each.device, each.from_s, each.to_s)
        for number, each in enumerate(cells)
    ]
    asked = given(session, _CELL, rows)
    found: list[Counter[str]] = [Counter() for _ in cells]
    kept = (
        VerdictRow.under == asked.c.kept_under,
        VerdictRow.device == asked.c.desk,
        VerdictRow.start_wall_s >= asked.c.from_s,
        VerdictRow.start_wall_s < asked.c.to_s,
    )
    columns = (VerdictRow.outcomes, func.count().label("times"))
    judged = found_for_each(session, asked, columns, kept, grouped=(VerdictRow.outcomes,))
    for number, _, _, _, _, outcomes, times in session.execute(judged):
        found[number][outcomes] += times
    began = select(func.count()).select_from(EventRow).where(*_began(asked)).scalar_subquery()
    missing = [
        rows[number]
        for number, count in session.execute(select(asked.c.cell, began))
        if count != found[number].total()
    ]
    if missing:
        _judge_now(session, cells, missing, found)
    _leave_out_excluded(session, cells, found)
    return [counts_without(each, cell.exempt) for each, cell in zip(found, cells, strict=True)]


def _leave_out_excluded(session: Session, cells: Sequence[Cell], found: list[Counter[str]]) -> None:
    """Take out of the counts what is excluded from every figure: there are few, so that the many are still counted by their index."""
    if not cells:
        return
    low_s, high_s = min(each.from_s for each in cells), max(each.to_s for each in cells)
    for row in excluded_rows(session, {each.device for each in cells}, low_s, high_s):
        data = measured_of(row).data
        for cell, counts in zip(cells, found, strict=True):
            here = cell.device == row.device and cell.from_s <= row.start_wall_s < cell.to_s
            if here and isinstance(data, Encounter | Call):
                counts[packed(data, verdicts_on(data, cell.standard, ()))[0]] -= 1
    for number, counts in enumerate(found):
        found[number] = +counts


def _judge_now(
    session: Session,
    cells: Sequence[Cell],
    missing: Sequence[Sequence[object]],
    found: Sequence[Counter[str]],
) -> None:
    """Add what came to what of the visits and calls that have no verdict yet, of cells that have such."""
    asked = given(session, _CELL, missing)
    kept = select(VerdictRow.event).where(
        VerdictRow.event == EventRow.id, VerdictRow.under == asked.c.kept_under
    )
    has_one = kept.correlate(EventRow, asked).exists()
    wanted = (EventRow.bootid, EventRow.sequence, EventRow.start_wall_s, EventRow.synced, EventRow.raw)
    chosen = found_for_each(session, asked, wanted, (*_began(asked), ~has_one))
    for number, _, device, _, _, bootid, sequence, wall_s, synced, raw in session.execute(chosen):
        data = measured_from(f"{device}/{bootid}/{sequence}", wall_s, synced, raw).data
        if isinstance(data, Encounter | Call):
            found[number][packed(data, verdicts_on(data, cells[number].standard, ()))[0]] += 1


def _began(asked: CTE) -> tuple[ColumnElement[bool], ...]:
    """A visit or call began in a cell."""
    return (
        EventRow.device == asked.c.desk,
        EventRow.start_wall_s >= asked.c.from_s,
        EventRow.start_wall_s < asked.c.to_s,
        VISIT_OR_CALL,
    )
