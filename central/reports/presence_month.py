"""For how much of each day of a month desks were staffed, judged by the clauses that ask for it: each day at a desk is one case."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from central.records.day import Day
from central.records.query import LONG_S
from central.scoring.judging import JUDGED, verdicts_on
from central.scoring.staffing import Staffing, Stretch, staffing
from central.verdicts.attended import Attended
from central.verdicts.packing import LETTERS
from central.verdicts.rules import RuledStay
from protocol.standard import Standard, limits_of

OF_DAYS = tuple(clause.name for clause in JUDGED if clause.subject is Staffing)
"""The clauses that are held against a day."""


def asks_for_days(standard: Standard) -> bool:
    """Whether a standard sets any such clause."""
    return any(not limits_of(standard, clause).open for clause in OF_DAYS)


def count_days(
    held: Sequence[RuledStay], days: Sequence[Day], attended: Mapping[str, Sequence[Attended]]
) -> dict[str, Counter[str]]:
    """How many days at a desk came to which outcome, as letters (`central.verdicts.packing`), by each clause that is set.

    A day on which the desk was moved, or another standard was put into force, has a part for each, as in the report of a day.

    Args:
        held: Each desk in its place under its standard.
        days: Of the month, where they stand.
        attended: Of each desk, ascending (`central.verdicts.attended.attended_in`).
    """
    found: dict[str, Counter[str]] = {}
    for each in held:
        if not asks_for_days(each.standard):
            continue
        stay = each.stay
        there = attended[stay.device]
        for day in days:
            part = replace(day, from_wall_s=stay.from_wall_s, until_wall_s=stay.until_wall_s)
            from_s, to_s = part.start_s, part.end_s
            if from_s < to_s:
                time = staffing(_stretches(there, from_s, to_s))
                for verdict in verdicts_on(time, each.standard, ()):
                    found.setdefault(verdict.clause, Counter())[LETTERS[verdict.outcome]] += 1
    return found


def _stretches(attended: Sequence[Attended], from_s: float, to_s: float) -> Iterator[Stretch]:
    """As much of each attendance as lies within a day; ascending, so that the sums are those of the report of a day to the last digit."""
    first = bisect_left(attended, from_s - LONG_S, key=lambda each: each.from_s)
    until = bisect_left(attended, to_s, lo=first, key=lambda each: each.from_s)
    earlier = (each for each in attended[:first] if each.to_s > from_s)
    for each in chain(earlier, attended[first:until]):
        low_s, high_s = max(each.from_s, from_s), min(each.to_s, to_s)
        if low_s < high_s:
            yield Stretch("", high_s - low_s, each.staffed, each.coverage)
