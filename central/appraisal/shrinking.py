"""The share of one person, drawn towards their showroom's as far as few cases prove little: beta-binomial, pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, fsum, lgamma, log
from typing import Literal

from scipy.stats import beta

from central.appraisal.proportions import Counts
from central.statistics.share import CONFIDENCE, SMALL_SAMPLE

PriorKind = Literal["jeffreys", "showroom", "empirical_bayes"]
"""``jeffreys``: nobody else was measured. ``showroom``: the showroom's share, as strong as `FIXED_STRENGTH` cases. ``empirical_bayes``: the showroom's share, as
strong as the people there differ little. Under each stands Jeffreys' Beta(1/2, 1/2)."""

FIXED_STRENGTH = float(SMALL_SAMPLE)
"""Cases that a prior weighs where too few people tell how much people differ: as many as a rate is stated from at least."""

FEWEST_PEOPLE = 3
"""Other people from whom it is estimated how much people differ: of two, one spread is no estimate."""

STRENGTHS: tuple[float, ...] = tuple(round(2.0 * 2.0 ** (step / 4), 3) for step in range(29))
"""Cases that a prior may weigh, from 2 to 256 in steps of a fifth: whoever did more than that speaks for themselves."""


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
    """How many cases a prior weighs, by what the others came to; None where they are too few.

    Empirical Bayes: each of `STRENGTHS` by its marginal likelihood, of which the mean of logarithms is taken, and not the likeliest one, which among few
    people who came out alike is as good as certain that all people are. It rests on the others alone: so a visit of the person's own that met the
    clause never lowers their share.

    Args:
        others: What each other person of the showroom came to, in any order.
    """
    found = sorted(each for each in others if each.whole)
    if len(found) < FEWEST_PEOPLE:
        return None
    mean = (sum(each.met for each in found) + 0.5) / (sum(each.whole for each in found) + 1)
    logs = [_log_likelihood(found, mean, strength) for strength in STRENGTHS]
    weights = [exp(each - max(logs)) for each in logs]
    total = fsum(weight * log(strength) for weight, strength in zip(weights, STRENGTHS, strict=True))
    return round(exp(total / fsum(weights)), 3)


def prior_kind(showroom: Counts, own: Counts, strength: float | None) -> PriorKind:
    """By which prior a share is drawn."""
    if showroom.whole <= own.whole:
        return "jeffreys"
    return "showroom" if strength is None else "empirical_bayes"


def shrunken(own: Counts, showroom: Counts, strength: float | None) -> Shrunken:
    """What one person's share is to be believed as: between what they came to and what the showroom did.

    Args:
        own: Theirs.
        showroom: Of everybody there, their own included.
        strength: `strength_of` the others.
    """
    if prior_kind(showroom, own, strength) == "jeffreys":
        mean, weight = 0.5, 1.0
        a, b = own.met + 0.5, own.whole - own.met + 0.5
    else:
        mean = (showroom.met + 0.5) / (showroom.whole + 1)
        weight = FIXED_STRENGTH if strength is None else strength
        # Jeffreys under it: where all was met, the interval still does not say that nobody ever misses.
        a, b = own.met + weight * mean + 0.5, own.whole - own.met + weight * (1 - mean) + 0.5
    share = (own.met + weight * mean) / (own.whole + weight)
    tail = (1 - CONFIDENCE) / 2
    low, high = float(beta.ppf(tail, a, b)), float(beta.ppf(1 - tail, a, b))
    return Shrunken(share, min(low, share), max(high, share), mean, weight)


def _log_likelihood(found: list[Counts], mean: float, strength: float) -> float:
    a, b = strength * mean + 0.5, strength * (1 - mean) + 0.5
    none = _log_beta(a, b)
    return fsum(_log_beta(each.met + a, each.whole - each.met + b) - none for each in found)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
