"""What a call's rings looked like, and how well that fits a cadence of the table."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from edge.cadence.cadence import Cadence, written
from edge.phone.rings import Ring

RELATIVE_SD = 0.05
"""Spread of a time around the table's: exchanges keep within 10 %."""
ABSOLUTE_SD_S = 0.04
"""Spread of a measured time: a pulse of ringing current more or less at either end."""
LARGEST_STRETCH_S = 0.25
"""Most by which an envelope detector may stretch the end of a burst: RC filters of 50 to 100 ms, to their threshold."""
STRETCH_STEP_S = 0.05
"""Steps in which a stretch is tried: about the spread of a measured time."""
MERGED_S = 0.03
"""A pause stretched shut to this is not seen any more."""
STRANGER = 25.0
"""Squared deviation of a first ring with more or fewer bursts than it should have: five standard deviations."""
RARITY = 3.0
"""Squared deviation that a distinctive pattern starts with, and a cadence whose times a system's settings may stretch: few
lines ring so, and the latter fits many by chance."""
UNLIKE = 0.1
"""A fit below this is none: the times are more than two standard deviations off on average."""


@dataclass(frozen=True, slots=True)
class MeasuredCadence:
    """The typical ring of a call or of a line."""

    ring_s: tuple[float, ...]
    """On, off, ..., on of the typical ring; empty when none was whole."""
    pause_s: float | None
    """Silence between two rings; None while there was only one."""
    first_s: tuple[float, ...]
    """On, off, ..., on of the first ring, where it had more bursts than the typical one; otherwise empty."""
    pauses: int
    """Number of pauses that ``pause_s`` is the median of."""

    @property
    def span_s(self) -> float:
        """From the start of a ring to its end."""
        return sum(self.ring_s)

    @property
    def text(self) -> str:
        """As people write it, to the tenth of a second: ``0.4/0.2/0.4/2``."""
        times = (*self.ring_s, *(() if self.pause_s is None else (self.pause_s,)))
        return written(tuple(round(time_s, 1) for time_s in times))


@dataclass(frozen=True, slots=True)
class Fit:
    """The cadence that fits best."""

    cadence: Cadence
    fit: float
    """1 when every time is the table's, 0.6 when they are off by one standard deviation on average, towards 0."""
    share: float
    """How much better it fits than all others: its share of the likelihood, 0 to 1."""


def measure(rings: Sequence[Ring], pauses_s: Sequence[float], *, last_is_cut: bool) -> MeasuredCadence:
    """The typical ring of one call.

    The first ring may be short, since a call comes in at any moment of the exchange's cycle, and the last may be cut off by
    the pick-up or the caller; each counts only where nothing better is known.
    """
    whole = [ring for ring in rings if len(ring.segments_s) % 2]
    if last_is_cut and whole and whole[-1] is rings[-1]:
        whole = whole[:-1]
    judged = whole[1:] if len(whole) > 1 and whole[0].number == 1 else whole
    typical = typical_segments([ring.segments_s for ring in judged])
    first = whole[0].segments_s if whole and whole[0].number == 1 and len(judged) < len(whole) else ()
    return MeasuredCadence(
        ring_s=typical,
        pause_s=median(pauses_s) if pauses_s else None,
        first_s=first if len(first) > len(typical) else (),
        pauses=len(pauses_s),
    )


def typical_segments(rings_s: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """The medians of the on and off times of the rings with the most common number of bursts."""
    kept = [ring for ring in rings_s if ring]
    if not kept:
        return ()
    bursts, _ = Counter(len(ring) for ring in kept).most_common(1)[0]
    return tuple(median(times) for times in zip(*(ring for ring in kept if len(ring) == bursts), strict=True))


def best_fit(measured: MeasuredCadence, cadences: Iterable[Cadence], *, stretches: bool) -> Fit | None:
    """The cadence that fits best, or None when nothing fits at all.

    Args:
        measured: The typical ring.
        cadences: What may come into question; those of the same times count as one.
        stretches: Whether the input may stretch the end of a burst (an envelope detector).
    """
    if not measured.ring_s:
        return None
    seen: dict[tuple[tuple[float, ...], ...], tuple[float, float, Cadence]] = {}
    for cadence in cadences:
        key = (cadence.once_s, cadence.cycle_s, cadence.scale)
        if key not in seen:
            deviation = _deviation(measured, cadence, stretches=stretches)
            likely = cadence.kind == "line" and cadence.scale == (1.0, 1.0)
            seen[key] = (deviation + (0.0 if likely else RARITY), deviation, cadence)
    judged, deviation, cadence = min(seen.values(), key=lambda entry: entry[0])
    fit = math.exp(-0.5 * deviation / (len(measured.ring_s) + (measured.pause_s is not None)))
    if fit < UNLIKE:
        return None
    return Fit(cadence, fit, 1.0 / sum(math.exp(0.5 * (judged - other)) for other, _, _ in seen.values()))


def _deviation(measured: MeasuredCadence, cadence: Cadence, *, stretches: bool) -> float:
    """Sum of squared deviations in standard deviations, for the stretch that suits best."""
    steps = round(LARGEST_STRETCH_S / STRETCH_STEP_S) if stretches else 0
    return min(_deviation_at(measured, cadence, step * STRETCH_STEP_S) for step in range(steps + 1))


def _deviation_at(measured: MeasuredCadence, cadence: Cadence, stretch_s: float) -> float:
    scale = _scale(measured, cadence)
    ring = stretched(tuple(time * scale for time in cadence.ring_s), stretch_s)
    total = _compare(measured.ring_s, ring)
    if measured.pause_s is not None:
        total += _squared(measured.pause_s, cadence.pause_s * scale - stretch_s)
    first = stretched((*cadence.once_s, *cadence.ring_s), stretch_s) if cadence.once_s else ()
    if len(first) != len(measured.first_s):
        total += STRANGER
    elif first:
        total += _compare(measured.first_s, first) / len(first)
    return total


def _scale(measured: MeasuredCadence, cadence: Cadence) -> float:
    """How far the system's settings stretch the cycle, judged by its period, which no detector changes."""
    smallest, largest = cadence.scale
    if measured.pause_s is not None:
        ratio = (measured.span_s + measured.pause_s) / sum(cadence.cycle_s)
    else:
        ratio = measured.span_s / sum(cadence.ring_s)
    return min(max(ratio, smallest), largest)


def stretched(ring_s: tuple[float, ...], stretch_s: float) -> tuple[float, ...]:
    """A ring as a detector shows it that stretches the end of every burst: longer bursts, shorter or no pauses."""
    seen = [ring_s[0]]
    for pause_s, burst_s in zip(ring_s[1::2], ring_s[2::2], strict=True):
        if pause_s - stretch_s <= MERGED_S:
            seen[-1] += pause_s + burst_s
        else:
            seen[-1] += stretch_s
            seen += [pause_s - stretch_s, burst_s]
    seen[-1] += stretch_s
    return tuple(seen)


def _compare(seen: tuple[float, ...], expected: tuple[float, ...]) -> float:
    if len(seen) != len(expected):
        return math.inf
    return sum(_squared(time_s, expected_s) for time_s, expected_s in zip(seen, expected, strict=True))


def _squared(seen_s: float, expected_s: float) -> float:
    spread_s = RELATIVE_SD * abs(expected_s) + ABSOLUTE_SD_S
    return ((seen_s - expected_s) / spread_s) ** 2
