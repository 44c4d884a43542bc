"""Who was on duty at a desk and when, from sign-ins, sign-outs and corrections: pure, and never from a face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

UNKNOWN = "unknown"
"""Who was on duty where nobody had signed in."""
ERASED = "erased-"
"""How what stands in the place of an erased name begins; a number of its own follows, for somebody was on duty, and always the same one."""


@dataclass(frozen=True, slots=True)
class SignedDuty:
    """One sign-in, or what was measured at its sign-out."""

    measurement: str
    """Its id, ``<device>/<bootid>/<sequence>``."""
    person: str
    timeline_s: float
    """The sign-in on the desk's own timeline: the same, to the last digit, in what is sent at the sign-in and at the sign-out."""
    from_s: float
    """Unix time of the sign-in."""
    until_s: float | None
    """Unix time of the sign-out, or of the last thing that the desk measured before it was switched off; None while neither is known."""


@dataclass(frozen=True, slots=True)
class DutyCorrection:
    """What somebody says in place of a sign-in, or of none."""

    number: int
    """Of the correction; of several about one duty the latest holds."""
    measurement: str | None
    """The duty that is corrected, by the id of its sign-in or its sign-out; None where nobody had signed in."""
    person: str
    from_s: float
    until_s: float | None
    reason: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch in which one person was on duty."""

    person: str
    from_s: float
    until_s: float | None
    """None while it lasts."""
    measurements: tuple[str, ...]
    """The sign-in and the sign-out it rests on, as they came."""
    correction: DutyCorrection | None = None

    def holds_at(self, wall_s: float) -> bool:
        """Whether the person was on duty at a Unix time."""
        return self.from_s <= wall_s and (self.until_s is None or wall_s < self.until_s)


def shifts_of(duties: Iterable[SignedDuty], corrections: Iterable[DutyCorrection]) -> tuple[Shift, ...]:
    """Who was on duty at one desk: corrections before what was measured, and one person at a time.

    Args:
        duties: Of one desk, in any order; the sign-in and the sign-out of one duty begin at the same moment of one boot.
        corrections: Of that desk.
    """
    measured = _one_each(duties)
    latest: dict[tuple[str, ...] | int, DutyCorrection] = {}
    corrected: set[tuple[str, ...]] = set()
    for correction in sorted(corrections, key=lambda correction: correction.number):
        about = next((shift for shift in measured if correction.measurement in shift.measurements), None)
        if correction.measurement is None:
            latest[correction.number] = correction
        elif about is not None:
            corrected.add(about.measurements)
            latest[about.measurements] = correction
    said = [
        Shift(each.person, each.from_s, each.until_s, key if isinstance(key, tuple) else (), each)
        for key, each in latest.items()
        if each.until_s is None or each.until_s > each.from_s
    ]
    left = [shift for shift in measured if shift.measurements not in corrected]
    for shift in said:
        left = [part for each in left for part in _without(each, shift)]
    return tuple(sorted([*said, *left], key=lambda shift: shift.from_s))


def on_duty_at(shifts: Sequence[Shift], wall_s: float) -> str:
    """Who was on duty at a Unix time; `UNKNOWN` where nobody was.

    Of several shifts that say different people, as two corrections may, the one that was said last holds.
    """
    holding = [shift for shift in shifts if shift.holds_at(wall_s)]
    if not holding:
        return UNKNOWN
    return max(holding, key=lambda shift: shift.correction.number if shift.correction else 0).person


def _one_each(duties: Iterable[SignedDuty]) -> list[Shift]:
    """Each duty once, ascending: it lasts until its sign-out, or until the next duty begins at that desk."""
    found: dict[tuple[str, float], Shift] = {}
    for duty in sorted(duties, key=lambda duty: (duty.from_s, duty.measurement)):
        key = (duty.measurement.rsplit("/", 1)[0], duty.timeline_s)
        known = found.get(key)
        if known is None:
            found[key] = Shift(duty.person, duty.from_s, duty.until_s, (duty.measurement,))
        else:
            until_s = duty.until_s if known.until_s is None else max(known.until_s, duty.until_s or 0.0)
            found[key] = replace(known, until_s=until_s, measurements=(*known.measurements, duty.measurement))
    ascending = sorted(found.values(), key=lambda shift: shift.from_s)
    closed = []
    for shift, following in zip_longest(ascending, ascending[1:]):
        ends = [
            moment
            for moment in (shift.until_s, following.from_s if following else None)
            if moment is not None
        ]
        closed.append(replace(shift, until_s=min(ends, default=None)))
    return closed


def _without(shift: Shift, other: Shift) -> list[Shift]:
    """What is left of a shift outside of another."""
    parts = []
    if shift.from_s < other.from_s:
        end_s = other.from_s if shift.until_s is None else min(shift.until_s, other.from_s)
        parts.append(replace(shift, until_s=end_s))
    if other.until_s is not None and (shift.until_s is None or shift.until_s > other.until_s):
        parts.append(replace(shift, from_s=max(shift.from_s, other.until_s)))
    return parts
