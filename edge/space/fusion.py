"""Several estimates of one value made one: weighed by their errors, without the one that disagrees."""

import math
from dataclasses import dataclass

from edge.observation import Estimate

DISAGREES_SIGMA = 2.5
"""A cue this many of its standard errors away from the others is not used."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A fused value, and the names of what went into it, in the order given."""

    estimate: Estimate
    used: tuple[str, ...]


def fuse(cues: dict[str, Estimate]) -> Fused:
    """The inverse-variance mean of independent estimates, which must not be empty.

    The cue that disagrees most with the rest is dropped, one after another; of two that disagree the less precise one goes.
    What was dropped, and what scatters more than its errors allow, widens the error of the result.
    """
    kept = dict(cues)
    lost = 0.0
    while len(kept) > 1:
        worst = _worst(kept)
        if _off_sigma(worst, kept) <= DISAGREES_SIGMA:
            break
        dropped = kept.pop(worst)
        if len(kept) == 1:  # One against one: neither is known to be right.
            lost = abs(dropped.value - _mean(kept).value) / 2
    mean = _mean(kept)
    scatter = _scatter(kept, mean.value)
    return Fused(Estimate(mean.value, math.hypot(mean.se * scatter, lost)), tuple(kept))


def _worst(cues: dict[str, Estimate]) -> str:
    if len(cues) == 2:
        return max(cues, key=lambda name: cues[name].se)
    return max(cues, key=lambda name: _off_sigma(name, cues))


def _off_sigma(name: str, cues: dict[str, Estimate]) -> float:
    rest = _mean({other: cue for other, cue in cues.items() if other != name})
    return abs(cues[name].value - rest.value) / math.hypot(cues[name].se, rest.se)


def _mean(cues: dict[str, Estimate]) -> Estimate:
    weights = {name: 1.0 / cue.se**2 for name, cue in cues.items()}
    total = sum(weights.values())
    return Estimate(
        sum(weights[name] * cue.value for name, cue in cues.items()) / total, math.sqrt(1.0 / total)
    )


def _scatter(cues: dict[str, Estimate], mean: float) -> float:
    """Birge's ratio, at least 1: by how much the cues scatter beyond their errors."""
    if len(cues) < 2:
        return 1.0
    chi2 = sum(((cue.value - mean) / cue.se) ** 2 for cue in cues.values())
    return max(1.0, math.sqrt(chi2 / (len(cues) - 1)))
