"""Charts cut where something changed in how it is measured: each stretch is held against its own beginning alone. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, Literal, Protocol, TypeVar

from central.statistics.change_watch import LEAST_REFERENCE, LevelChange, Watch
from central.statistics.median_chart import Valued, ValueStretch, value_stretch
from central.statistics.share_chart import CountedPeriod, ShareStretch, share_stretch

ChartMarkKind = Literal["standard", "model", "calibration", "camera", "desk", "baseline"]
"""What changed: the numbers asked for, the networks, the calibration, the cameras or other settings of a desk, which desks are counted; ``baseline``:
somebody said that the present level is the one to be held from now on."""


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A change in how something is measured, or in what is asked."""

    day: date
    """The first one on which it holds for all of the day or a part of it."""
    kind: ChartMarkKind
    what: str
    """Such as ``house@3``, or the name of a desk."""


class Dated(Protocol):
    """Something of one period."""

    @property
    def first_day(self) -> date:
        """Of the period."""


class ChartStretch(Protocol):
    """A stretch of any chart."""

    @property
    def watch(self) -> Watch:
        """What is signalled."""

    @property
    def points(self) -> Sequence[Dated]:
        """Its points, ascending."""


P = TypeVar("P", bound=Dated)
S = TypeVar("S", bound=ChartStretch)


@dataclass(frozen=True, slots=True)
class Signal:
    """A change that a chart signals."""

    signalled: date
    began: date
    """Where to look for what happened."""
    until: date | None
    """None while it lasts."""
    up: bool


@dataclass(frozen=True, slots=True)
class PeriodChart(Generic[S]):
    """A chart with its marks."""

    stretches: tuple[S, ...]
    """One more than there are days with a mark, at most: stretches without a point are left out."""
    marks: tuple[ChartMark, ...]
    signals: tuple[Signal, ...]
    last_mark: date | None
    """The day of the latest mark that has points behind it or none yet."""

    @property
    def now(self) -> Signal | None:
        """The signal that lasts, in the stretch that is the latest; None where there is none."""
        if not self.stretches or self.stretches[-1].watch.now is None:
            return None
        return self.signals[-1]

    @property
    def learning(self) -> int | None:
        """How many points are missing until the latest stretch can signal; None where it can."""
        points = len(self.stretches[-1].points) if self.stretches else 0
        # The point after the reference is the first that is held against it.
        return None if points > LEAST_REFERENCE else LEAST_REFERENCE + 1 - points


def share_chart(counted: Iterable[CountedPeriod], marks: Iterable[ChartMark]) -> PeriodChart[ShareStretch]:
    """A chart of shares; the order in which anything is given does not matter."""
    return _chart([*counted], marks, share_stretch)


def value_chart(valued: Iterable[Valued], marks: Iterable[ChartMark]) -> PeriodChart[ValueStretch]:
    """A chart of single values; the order in which anything is given does not matter."""
    return _chart([*valued], marks, value_stretch)


def _chart(
    periods: Sequence[P], marks: Iterable[ChartMark], stretch: Callable[[Iterable[P]], S]
) -> PeriodChart[S]:
    held = tuple(sorted(set(marks), key=lambda mark: (mark.day, mark.kind, mark.what)))
    edges = [date.min, *sorted({mark.day for mark in held}), date.max]
    stretches = []
    for from_day, until in pairwise(edges):
        here = stretch([each for each in periods if from_day <= each.first_day < until])
        if here.points or until == date.max:
            stretches.append(here)
    signals = tuple(_signal(each, change) for each in stretches for change in each.watch.changes)
    return PeriodChart(tuple(stretches), held, signals, held[-1].day if held else None)


def _signal(stretch: ChartStretch, change: LevelChange) -> Signal:
    days = [point.first_day for point in stretch.points]
    return Signal(
        days[change.signalled],
        days[change.began],
        None if change.until is None else days[change.until],
        change.direction == "up",
    )
