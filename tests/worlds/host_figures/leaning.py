"""Leans as a labeller notes them: when the host leant towards the customers or away from them, and how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.host.host_now import HostNow
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


def leans(nows: Sequence[HostNow]) -> tuple[Lean, ...]:
    """The leans that a host's states show, in order of time."""
    known = [(now.t_s, now.lean_deg) for now in nows if now.lean_deg is not None]
    found: list[Lean] = []
    index = 0
    while index < len(known):
        if abs(known[index][1].value) < NOTICEABLE_DEG:
            index += 1
            continue
        sign = 1.0 if known[index][1].value > 0 else -1.0
        last = index
        while _goes_on(known, last, sign, NOTICEABLE_DEG):
            last += 1
        lean = _lean(known, index, last, sign)
        if lean.end_s - lean.start_s >= _LEAST_S:
            found.append(lean)
        index = last + 1
    return tuple(found)


def _lean(known: Sequence[tuple[float, Estimate]], first: int, last: int, sign: float) -> Lean:
    peak = max((lean for _, lean in known[first : last + 1]), key=lambda lean: sign * lean.value)
    least = _BEGINS_SHARE * abs(peak.value)
    while (
        first > 0
        and sign * known[first - 1][1].value >= least
        and known[first][0] - known[first - 1][0] <= _HOLE_S
    ):
        first -= 1
    while _goes_on(known, last, sign, least):
        last += 1
    return Lean("towards" if sign > 0 else "away", known[first][0], known[last][0], peak)


def _goes_on(known: Sequence[tuple[float, Estimate]], index: int, sign: float, least: float) -> bool:
    if index + 1 >= len(known) or known[index + 1][0] - known[index][0] > _HOLE_S:
        return False
    return sign * known[index + 1][1].value >= least
