"""Leans as events: when the host leant towards the customers or away from them, and how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.host.history import HostSample
from edge.observation import Estimate

NOTICEABLE_DEG = 6.0
"""A lean is one from here on: people who sit upright sway by 2 or 3 degrees to either side."""
_BEGINS_SHARE = 0.25
"""It begins and ends where a quarter of it is reached."""
_LEAST_S = 0.4
_HOLE_S = 1.0
"""A lean ends where the host was not seen for longer than this."""


@dataclass(frozen=True, slots=True)
class Lean:
    """One lean."""

    kind: Literal["towards", "away"]
    start_s: float
    end_s: float
    peak_deg: Estimate


def leans(samples: Sequence[HostSample]) -> tuple[Lean, ...]:
    """The leans within some samples, in order of time."""
    told = [(m.t_s, m.lean) for m in samples if m.lean is not None]
    found: list[Lean] = []
    index = 0
    while index < len(told):
        if abs(told[index][1].value) < NOTICEABLE_DEG:
            index += 1
            continue
        sign = 1.0 if told[index][1].value > 0 else -1.0
        last = index
        while _goes_on(told, last, sign, NOTICEABLE_DEG):
            last += 1
        lean = _lean(told, index, last, sign)
        if lean.end_s - lean.start_s >= _LEAST_S:
            found.append(lean)
        index = last + 1
    return tuple(found)


def _lean(told: Sequence[tuple[float, Estimate]], first: int, last: int, sign: float) -> Lean:
    peak = max((lean for _, lean in told[first : last + 1]), key=lambda lean: sign * lean.value)
    least = _BEGINS_SHARE * abs(peak.value)
    while (
        first > 0
        and sign * told[first - 1][1].value >= least
        and told[first][0] - told[first - 1][0] <= _HOLE_S
    ):
        first -= 1
    while _goes_on(told, last, sign, least):
        last += 1
    return Lean("towards" if sign > 0 else "away", told[first][0], told[last][0], peak)


def _goes_on(told: Sequence[tuple[float, Estimate]], index: int, sign: float, least: float) -> bool:
    if index + 1 >= len(told) or told[index + 1][0] - told[index][0] > _HOLE_S:
        return False
    return sign * told[index + 1][1].value >= least
