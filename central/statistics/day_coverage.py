"""What of a day could not be measured, by which part, for how long and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from central.records.day import Day
from central.records.measured import Measured, only
from protocol.measurements import Gap, Measurement

Span = tuple[float, float]
"""Unix times of its first and last moment."""


@dataclass(frozen=True, slots=True)
class GapSeen:
    """One gap, as much of it as lies within the day."""

    measurement: str
    what: str
    reason: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """How much of the day one part of the desk was missing."""

    what: str
    missing_s: float
    """Seconds, overlapping gaps counted once."""
    share: float
    """Of the time from the day's first to its last measurement, the share in which this part worked."""


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """How far the day's scores rest on what was seen."""

    from_s: float
    to_s: float
    """Unix times of the first and last moment of the day of which the desk reported anything."""
    parts: tuple[PartCoverage, ...]
    """Parts with gaps; a part that is not named had none."""
    gaps: tuple[GapSeen, ...]


def coverage_of(measured: Sequence[Measured[Measurement]], day: Day) -> DayCoverage | None:
    """The coverage of a day; None when nothing was measured on it."""
    spans = [clipped for item in measured if (clipped := day.clip(item.wall_s, item.end_wall_s))]
    if not spans:
        return None
    from_s, to_s = min(start for start, _ in spans), max(end for _, end in spans)
    gaps = tuple(sorted(_gaps(measured, day), key=lambda gap: (gap.what, gap.from_s)))
    parts = tuple(
        _part(what, [(gap.from_s, gap.to_s) for gap in group], to_s - from_s)
        for what, group in groupby(gaps, key=lambda gap: gap.what)
    )
    return DayCoverage(from_s, to_s, parts, gaps)


def union_s(spans: Iterable[Span]) -> float:
    """Seconds covered by any of the spans."""
    total_s, reached_s = 0.0, float("-inf")
    for from_s, to_s in sorted(spans):
        total_s += max(0.0, to_s - max(from_s, reached_s))
        reached_s = max(reached_s, to_s)
    return total_s


def _gaps(measured: Sequence[Measured[Measurement]], day: Day) -> Iterable[GapSeen]:
    for item in only(Gap, measured):
        if clipped := day.clip(item.wall_s, item.end_wall_s):
            yield GapSeen(item.id, item.data.what, item.data.reason, *clipped)


def _part(what: str, spans: list[Span], window_s: float) -> PartCoverage:
    missing_s = union_s(spans)
    return PartCoverage(what, missing_s, 1.0 - missing_s / window_s)
