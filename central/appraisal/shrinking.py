"""The share of one person, drawn towards their showroom's as far as few cases prove little: beta-binomial, pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, lgamma
from typing import Literal

from scipy.stats import beta

from central.appraisal.proportions import Counts
from central.statistics.share import CONFIDENCE, SMALL_SAMPLE

PriorKind = Literal["jeffreys", "showroom", "empirical_bayes"]
"""``jeffreys``: nobody else was measured, Beta(1/2, 1/2). ``showroom``: the showroom's share, as strong as `FIXED_STRENGTH` cases. ``empirical_bayes``: the
showroom's share, as strong as the people there differ little."""

FIXED_STRENGTH = float(SMALL_SAMPLE)
"""Cases that a prior weighs where too few people tell how much people differ: as many as a rate is stated from at least."""

FEWEST_PEOPLE = 3
"""Other people from whom it is estimated how much people differ: of two, one spread is no estimate."""

STRENGTHS: tuple[float, ...] = tuple(round(2.0 * 2.0 ** (step / 4), 3) for step in range(37))
"""Cases that a prior may weigh, from 2 to 1024 in steps of a fifth: the most likely of these is taken, so that each machine takes the same."""


@dataclass(frozen=True, slots=True)
class Shrunken:
    """A share as it is to be believed, with its 95-percent credible interval."""

    share: float
    low: float
    high: float
    mean: float
    """Of the prior."""
    strength: float
    """How many cases the prior weighs."""


def strength_of(others: Iterable[Counts]) -> float | None:
    """How many cases a prior weighs, by the marginal likelihood of what the others came to; None where they are too few.

    It rests on the others alone: so a visit of the person's own that met the clause never lowers their share.

    Args:
        others: What each other person of the showroom came to, in any order.
    """
    found = sorted(each for each in others if each.whole)
    if len(found) < FEWEST_PEOPLE:
        return None
    mean = (sum(each.met for each in found) + 0.5) / (sum(each.whole for each in found) + 1)
    likely: dict[float, float] = {
        strength: round(_log_likelihood(found, mean, strength), 9) for strength in STRENGTHS
    }
    return max((likely[strength], strength) for strength in STRENGTHS)[1]


def prior_kind(showroom: Counts, own: Counts, strength: float | None) -> PriorKind:
    """By which prior a share is drawn."""
    if showroom.whole <= own.whole:
        return "jeffreys"
    return "showroom" if strength is None else "empirical_bayes"


def shrunken(own: Counts, showroom: Counts, strength: float | None) -> Shrunken:
    """What one person's share is to be believed as.

    Args:
        own: Theirs.
        showroom: Of everybody there, their own included.
        strength: `strength_of` the others.
    """
    if prior_kind(showroom, own, strength) == "jeffreys":
        mean, weight = 0.5, 1.0
    else:
        # Jeffreys again: a showroom in which all was met is not believed never to miss.
        mean = (showroom.met + 0.5) / (showroom.whole + 1)
        weight = FIXED_STRENGTH if strength is None else strength
    a, b = own.met + weight * mean, own.whole - own.met + weight * (1 - mean)
    tail = (1 - CONFIDENCE) / 2
    return Shrunken(a / (a + b), float(beta.ppf(tail, a, b)), float(beta.ppf(1 - tail, a, b)), mean, weight)


def _log_likelihood(found: list[Counts], mean: float, strength: float) -> float:
    a, b = strength * mean, strength * (1 - mean)
    none = _log_beta(a, b)
    return fsum(_log_beta(each.met + a, each.whole - each.met + b) - none for each in found)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
