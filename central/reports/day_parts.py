"""What a part of a day at a desk adds to waits, staffing, calls and coverage; remembered as long as nothing came that changes it."""

import time
from bisect import bisect_right
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from sqlalchemy import func
from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, found_for_each, given
from central.people.exempt_stretches import exempt_at
from central.records.day import Day
from central.records.event_row import EventRow
from central.records.exclusions import exclusion_count
from central.records.measured import Measured
from central.records.query import measured_between
from central.reports.indicator_cells import ScopeCell, ScopeCells
from central.statistics.day_coverage import union_s
from central.statistics.desk_day import DeskDay, score_day
from central.verdicts.rules import digest_of_standard
from central.verdicts.stored import kept_verdicts
from protocol.measurements import Measurement

REMEMBERED_S = 3600.0
"""What was changed in its place, as when the host's manner is forgotten, shows after an hour at the latest."""
MOST_REMEMBERED = 40_000
"""Parts of days: a year of a hundred desks. Each takes a few hundred bytes."""
LONGEST_S = 86400.0
"""A measurement that began so long before a part of a day may reach into it; none is longer than a day."""


@dataclass(slots=True)
class DayParts:
    """Sums, of one part of a day or of many."""

    ended_s: list[float] = field(default_factory=list)
    """Waits of customers who were attended to."""
    censored_s: list[float] = field(default_factory=list)
    """Waits of which it is known only that they were longer."""
    calls: Counter[str] = field(default_factory=Counter)
    """The raw counts of `central.statistics.service_level.ServiceLevel`."""
    staffed_s: float = 0.0
    unstaffed_s: float = 0.0
    present: int = 0
    """Desk's days on which the clause on staffing was met."""
    absent: int = 0
    span_s: float = 0.0
    """Between the first and the last moment of which the desk reported anything."""
    missing_s: float = 0.0
    """Of it, in which any part of the desk could not measure."""
    desk_days: int = 0
    estimated: int = 0
    """Measurements of which the time comes from a clock that had not been set."""

    def add(self, other: "DayParts") -> None:
        """Add another's sums."""
        self.ended_s += other.ended_s
        self.censored_s += other.censored_s
        self.calls.update(other.calls)
        self.staffed_s += other.staffed_s
        self.unstaffed_s += other.unstaffed_s
        self.present += other.present
        self.absent += other.absent
        self.span_s += other.span_s
        self.missing_s += other.missing_s
        self.desk_days += other.desk_days
        self.estimated += other.estimated


_Key = tuple[object, ...]
_remembered: OrderedDict[_Key, tuple[float, DayParts]] = OrderedDict()
_lock = Lock()


def day_parts(session: Session, cells: ScopeCells) -> Iterator[tuple[date, DayParts]]:
    """The sums of each cell in which anything was measured, with its day."""
    keys = _keys(session, cells)
    by_device: dict[str, list[ScopeCell]] = defaultdict(list)
    for each, key in zip(cells.cells, keys, strict=True):
        if key is None:
            continue
        known = _recalled(key)
        if known is not None:
            yield each.day, known
        else:
            by_device[each.cell.device].append(each)
    found_keys = {id(each): key for each, key in zip(cells.cells, keys, strict=True)}
    for missing in by_device.values():
        for each, measured in _dealt(session, missing):
            parts = _parts(_scored(session, each, measured, cells))
            key = found_keys[id(each)]
            if key is not None:
                _remember(key, parts)
            yield each.day, parts


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
    database = str(session.get_bind().engine.url)
    excluded = exclusion_count(session)
    digests = {id(each.held.standard): digest_of_standard(each.held.standard) for each in cells.cells}
    for place, _, _, _, times, latest, moments in session.execute(
        found_for_each(session, asked, wanted, within, grouped=(EventRow.device,))
    ):
        if not times:
            continue
        each = cells.cells[place]
        digest = digests[id(each.held.standard)]
        cell = each.cell
        stay = (each.day, each.held.stay.timezone)
        found[place] = (
            database,
            cell.device,
            *stay,
            cell.from_s,
            cell.to_s,
            digest,
            cell.exempt,
            times,
            latest,
            moments,
            excluded,
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
