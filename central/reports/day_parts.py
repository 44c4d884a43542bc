"""What a part of a day at a desk adds to waits, staffing, calls and coverage; remembered as long as nothing came that changes it."""

import time
from bisect import bisect_right
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from threading import Lock

from sqlalchemy import func
from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, found_for_each, given
from central.people.exempt_stretches import exempt_at
from central.records.day import Day
from central.records.event_row import EventRow
from central.records.exclusions import exclusion_counts
from central.records.measured import Measured
from central.records.query import measured_between
from central.reports.day_sums import LONGEST_S, DayParts, MadeSums, digest_of_sums, kept_sums
from central.reports.indicator_cells import ScopeCell, ScopeCells
from central.statistics.day_coverage import union_s
from central.statistics.desk_day import DeskDay, score_day
from central.verdicts.rules import digest_of_standard
from central.verdicts.stored import kept_verdicts
from protocol.measurements import Measurement

REMEMBERED_S = 86_400.0
"""The sums hold nothing that is forgotten or corrected in its place without another digest; they are looked at anew each day all the same."""
MOST_REMEMBERED = 40_000
"""Parts of days: a year of a hundred desks. Each takes a few hundred bytes."""
_Key = tuple[object, ...]
_remembered: OrderedDict[_Key, tuple[float, DayParts]] = OrderedDict()
_lock = Lock()


def day_parts(
    session: Session, cells: ScopeCells, made: list[MadeSums] | None = None
) -> Iterator[tuple[date, DayParts]]:
    """The sums of each cell in which anything was measured, with its day: as remembered, as kept, or reckoned.

    Args:
        session: Where to read.
        cells: Of whom.
        made: Takes what had to be reckoned, for whoever keeps it.
    """
    digests: dict[int, str] = {}
    unknown: list[tuple[ScopeCell, str]] = []
    for each, key in zip(cells.cells, _keys(session, cells), strict=True):
        if key is None:
            continue
        digest = digest_of_sums(key)
        known = _recalled((_database(session), digest))
        if known is not None:
            yield each.day, known
        else:
            unknown.append((each, digest))
    kept = kept_sums(session, [digest for _, digest in unknown])
    by_device: dict[str, list[ScopeCell]] = defaultdict(list)
    for each, digest in unknown:
        if digest in kept:
            _remember((_database(session), digest), kept[digest])
            yield each.day, kept[digest]
        else:
            digests[id(each)] = digest
            by_device[each.cell.device].append(each)
    for missing in by_device.values():
        for each, measured in _dealt(session, missing):
            parts, digest = _parts(_scored(session, each, measured, cells)), digests[id(each)]
            _remember((_database(session), digest), parts)
            if made is not None:
                made.append(MadeSums(each.cell.device, each.cell.from_s, each.cell.to_s, digest, parts))
            yield each.day, parts


def _database(session: Session) -> str:
    return str(session.get_bind().engine.url)


def _keys(session: Session, cells: ScopeCells) -> list[_Key | None]:
    """What each cell's sums depend on; None of a cell in which nothing was measured."""
    columns = {"place": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}
    rows = [
        (place, each.cell.device, each.cell.from_s - LONGEST_S, each.cell.to_s)
        for place, each in enumerate(cells.cells)
    ]
    found: list[_Key | None] = [None] * len(rows)
    if not rows:
        return found
    asked = given(session, columns, rows)
    within = (
        EventRow.device == asked.c.desk,
        EventRow.start_wall_s >= asked.c.from_s,
        EventRow.start_wall_s < asked.c.to_s,
    )
    wanted = (
        func.count().label("times"),
        func.max(EventRow.id).label("latest"),
        func.sum(EventRow.start_wall_s).label("moments"),
    )
    excluded = exclusion_counts(session)
    standards = {id(each.held.standard): each.held.standard for each in cells.cells}
    digests = {number: digest_of_standard(standard) for number, standard in standards.items()}
    for place, _, _, _, times, latest, moments in session.execute(
        found_for_each(session, asked, wanted, within, grouped=(EventRow.device,))
    ):
        if not times:
            continue
        each = cells.cells[place]
        digest = digests[id(each.held.standard)]
        cell = each.cell
        stay = (each.day.isoformat(), each.held.stay.timezone)
        found[place] = (
            cell.device,
            *stay,
            cell.from_s,
            cell.to_s,
            digest,
            cell.exempt,
            times,
            latest,
            # A sum of so many numbers depends on their order in its last digits.
            round(moments),
            excluded[cell.device],
        )
    return found


def _recalled(key: _Key) -> DayParts | None:
    with _lock:
        known = _remembered.get(key)
        if known is None or time.monotonic() - known[0] > REMEMBERED_S:
            return None
        _remembered.move_to_end(key)
        return known[1]


def _remember(key: _Key, parts: DayParts) -> None:
    with _lock:
        _remembered[key] = time.monotonic(), parts
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)


def _dealt(
    session: Session, cells: Sequence[ScopeCell]
) -> Iterator[tuple[ScopeCell, list[Measured[Measurement]]]]:
    """The cells of one desk, each with what touches it, read in stretches of neighbouring days."""
    ordered = sorted(cells, key=lambda each: each.cell.from_s)
    begins = [each.cell.from_s for each in ordered]
    dealt: list[list[Measured[Measurement]]] = [[] for _ in ordered]
    for item in measured_between(
        session, ordered[0].cell.device, begins[0], max(each.cell.to_s for each in ordered)
    ):
        # Those that began before it ended, from the latest back to the first that ended after it began.
        for place in range(bisect_right(begins, item.end_wall_s) - 1, -1, -1):
            if ordered[place].cell.to_s <= item.wall_s:
                break
            dealt[place].append(item)
    yield from zip(ordered, dealt, strict=True)


def _scored(
    session: Session, each: ScopeCell, measured: Sequence[Measured[Measurement]], cells: ScopeCells
) -> DeskDay | None:
    """What was measured in one cell, scored as on the page of a day."""
    if not measured:
        return None
    cell, exempt = each.cell, cells.exempt[each.cell.device]
    kept = kept_verdicts(session, cell.device, cell.standard, cell.from_s, cell.to_s)
    day = Day(each.day, each.held.stay.timezone, cell.from_s, cell.to_s)
    return score_day(
        measured, cell.standard, day, exempt_at=lambda wall_s: exempt_at(exempt, wall_s), kept=kept
    )


def _parts(day: DeskDay | None) -> DayParts:
    if day is None or day.coverage is None:
        return DayParts()
    waits = [each.wait for each in day.encounters if each.has_a_judged_wait]
    level = day.service_level
    outcomes = [each.outcome for each in day.presence]
    return DayParts(
        [wait.seconds for wait in waits if wait.end == "reaction"],
        [wait.seconds for wait in waits if wait.censored],
        Counter(
            answered_in_time=level.answered_in_time,
            answered_late=level.answered_late,
            abandoned_in_time=level.abandoned_in_time,
            abandoned_late=level.abandoned_late,
            unknown=level.unknown,
        ),
        day.staffing.staffed_s,
        day.staffing.unstaffed_s,
        outcomes.count("pass"),
        outcomes.count("fail"),
        day.coverage.to_s - day.coverage.from_s,
        union_s((gap.from_s, gap.to_s) for gap in day.coverage.gaps),
        1,
        day.estimated_times,
    )
