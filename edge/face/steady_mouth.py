"""A mouth that stays where it is while glasses or a patch go on or off.

A mesh lays its eyes, and with them the face's frame, by what it sees around them. Dark glasses move them by their own shape, and with them
everything that is measured against them: the corners of one mouth stand up to 0.6 cm higher behind narrow lenses, and in their place behind
large ones. The lips are drawn where they were. So what a mouth measures just before the eyes were hidden and just after is one mouth's, and
the step between is taken out of what follows; as far as the mouth may have moved by itself, what glasses do to most people stands in.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from edge.face.mouth import Mouth
from edge.observation import Estimate

Shown = tuple[bool, bool]
"""Whether the person's right eye and their left one show."""

_LOOK_S = 0.25
"""What is seen for so long before and after a change is one look at the mouth."""
_STAYS_CM, _STAYS_SHARE = 0.08, 0.85
"""From one such look to the next a mouth wavers by so much in this share of the looks, talking or not (two clips)."""
_MOVES_CM = 0.40
"""In the others it moves by so much: words, and smiles that begin."""
_ELSEWHERE_CM = 0.05
"""Glasses that are put on again sit a little elsewhere."""
_NO_SHIFT = Estimate(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Shifts:
    """By how much what hides eyes moves what is measured of a mouth, in cm."""

    corner: Estimate
    above_nose: Estimate
    width: Estimate

    def in_order(self) -> tuple[Estimate, ...]:
        """In the order of `_values`."""
        return self.corner, self.corner, self.above_nose, self.width


_USUAL = {
    2: _Shifts(_NO_SHIFT, _NO_SHIFT, _NO_SHIFT),
    1: _Shifts(Estimate(0.0, 0.10), Estimate(-0.06, 0.09), Estimate(-0.04, 0.08)),
    0: _Shifts(Estimate(0.10, 0.20), Estimate(0.06, 0.12), Estimate(-0.01, 0.13)),
}
"""By how many eyes show: 18 pictures of 14 people, each behind nine dark glasses of other shapes, tints and frames, and with a patch. The
corners' spread was 0.16 cm, with more far off than so narrow a bell has."""


class SteadyMouth:
    """What is measured of one person's mouth, freed of what hides or shows their eyes; begin a new one for the next person.

    Everything is given as it would be with the eyes as they were first seen.
    """

    def __init__(self) -> None:
        self._shown: Shown | None = None
        self._shifts: dict[Shown, tuple[Estimate, ...]] = {}
        """Of each way that eyes were seen to show, against the first one."""
        self._expected: tuple[Estimate, ...] = ()
        """The present one's as it was known when it began."""
        self._latest: deque[tuple[float, tuple[float, ...]]] = deque()
        """Times and what was measured, in the present state."""
        self._before: tuple[float, ...] | None = None
        """The mouth just before this state began, free of the shift then; None where nothing was seen of it."""
        self._began_s = 0.0

    def at(self, t_s: float, lips: Mouth, shown: Shown) -> Mouth:
        """Take a frame into account; its mouth without the shift.

        Args:
            t_s: When the light arrived; frames come in order of time.
            lips: What the mesh measures.
            shown: Which eyes show in it.
        """
        if shown != self._shown:
            self._change(t_s, shown)
        self._latest.append((t_s, tuple(each.value for each in _values(lips))))
        if t_s - self._began_s > _LOOK_S:
            self._before = None
            while self._latest[0][0] < t_s - _LOOK_S:
                self._latest.popleft()
        elif self._before is not None:
            self._shifts[shown] = tuple(
                expected if expected.se == 0.0 else _seen_step(now - before, expected)
                for now, before, expected in zip(
                    _middle(self._latest), self._before, self._expected, strict=True
                )
            )
        left, right, above_nose, width = (
            Estimate(each.value - shift.value, math.hypot(each.se, shift.se))
            for each, shift in zip(_values(lips), self._shifts[shown], strict=True)
        )
        return Mouth(left, right, above_nose, width, lips.open_cm)

    def _change(self, t_s: float, shown: Shown) -> None:
        """The eyes begin to show in another way."""
        if self._shown is not None and (self._before is None or t_s - self._began_s > _LOOK_S):
            recent = [row for row in self._latest if row[0] >= t_s - _LOOK_S]
            self._before = None
            if recent:
                self._before = tuple(
                    value - shift.value
                    for value, shift in zip(_middle(recent), self._shifts[self._shown], strict=True)
                )
        self._shown, self._began_s = shown, t_s
        self._latest.clear()
        self._expected = self._shifts[shown] = self._known(shown)

    def _known(self, shown: Shown) -> tuple[Estimate, ...]:
        """The shift to expect, before the step is seen."""
        known = self._shifts.get(shown)
        if known is not None:
            return tuple(
                shift if shift.se == 0.0 else Estimate(shift.value, math.hypot(shift.se, _ELSEWHERE_CM))
                for shift in known
            )
        if not self._shifts:
            return (_NO_SHIFT,) * 4
        first = next(iter(self._shifts))
        return tuple(
            Estimate(now.value - then.value, math.hypot(now.se, then.se))
            for now, then in zip(_USUAL[sum(shown)].in_order(), _USUAL[sum(first)].in_order(), strict=True)
        )


def _values(lips: Mouth) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    return lips.lift_left_cm, lips.lift_right_cm, lips.lift_above_nose_cm, lips.width_cm


def _middle(rows: Sequence[tuple[float, tuple[float, ...]]]) -> tuple[float, ...]:
    """The median of each value."""
    middle = []
    for values in zip(*(row for _, row in rows), strict=True):
        ordered = sorted(values)
        middle.append((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)
    return tuple(middle)


def _seen_step(step_cm: float, expected: Estimate) -> Estimate:
    """A shift that was expected, and then seen as a step to which the mouth's own movement is added.

    Args:
        step_cm: By how much what is measured changed.
        expected: The shift as it was known before.
    """
    answers: list[tuple[float, Estimate]] = []
    for share, moves_cm in ((_STAYS_SHARE, _STAYS_CM), (1 - _STAYS_SHARE, _MOVES_CM)):
        spread = math.hypot(expected.se, moves_cm)
        off = (step_cm - expected.value) / spread
        answers.append(
            (
                share / spread * math.exp(-(min(abs(off), _FURTHEST) ** 2) / 2),
                Estimate(
                    expected.value + (step_cm - expected.value) * (expected.se / spread) ** 2,
                    expected.se * moves_cm / spread,
                ),
            )
        )
    total = sum(weight for weight, _ in answers)
    value = sum(weight * answer.value for weight, answer in answers) / total
    variance = sum(weight * (answer.se**2 + (answer.value - value) ** 2) for weight, answer in answers)
    return Estimate(value, math.sqrt(variance / total))


_FURTHEST = 30.0
"""Of its spread a step counts as no further off, so that its likelihood does not vanish."""
