"""Places of contestants as far as few cases tell: intervals of ranks from draws of what each share may be, and who won alone; pure.

Each share has Jeffreys' posterior (beta-binomial, Beta(met + 1/2, missed + 1/2)), of its own counts alone: whoever enters or withdraws
changes nobody else's share. A score is the weighted mean of the shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from central.statistics.share import CONFIDENCE

DRAWS = 10_000
"""Of each share: a bound of 2.5 % is then met to within 0.3 points, two standard errors."""
LEAST_SURE_OF_BEST = 0.99
"""Whoever is best in so many of the draws won alone. At .975, which the interval of a rank alone asks for, one of two equal contestants would win alone in
up to 8 of 100 contests of few cases; at .99 in 3 of 100 at most, and of more contestants in fewer."""

PairOfCounts = tuple[int, int]
"""How many cases were met, of how many decided."""


class NoRankingError(ValueError):
    """There is nothing to rank; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One contestant's place."""

    score: float
    """Mean of what it may be, 0 to 1."""
    low: float
    high: float
    """95-percent credible interval of the score."""
    rank_low: int
    rank_high: int
    """95-percent interval of the rank; 1 is the best."""
    best: float
    """Share of the draws in which this contestant is the best."""


def placed(
    counts: Sequence[Sequence[PairOfCounts]], weights: Sequence[float], seed: int, draws: int = DRAWS
) -> tuple[Placed, ...]:
    """The place of each contestant, in the order given; the same counts, weights and seed give the same places.

    Args:
        counts: Of each contestant, of each element, the cases met and decided; at least one decided of each.
        weights: Of the elements, each above 0; only their proportions matter.
        seed: Of the draws.
        draws: How many.

    Raises:
        NoRankingError: Nobody is to be ranked, a weight is not above 0, or somebody has no decided case of an element.
    """
    _check(counts, weights)
    share_of_weight = np.asarray(weights, dtype=np.float64) / sum(weights)
    # By their counts and by nothing else, so that neither names nor the order of entering move a draw.
    order = sorted(range(len(counts)), key=lambda place: [tuple(each) for each in counts[place]])
    shuffled = _shuffles(seed, len(counts) * len(weights), draws)
    scores = np.zeros((len(counts), draws))
    for number, place in enumerate(order):
        for element, (met, whole) in enumerate(counts[place]):
            drawn = _strata(met, whole, draws)[shuffled[number * len(weights) + element]]
            scores[place] += share_of_weight[element] * drawn
    ranks = np.empty_like(scores, dtype=np.int64)
    columns = np.arange(draws)
    for rank, who in enumerate(np.argsort(-scores, axis=0, kind="stable"), start=1):
        ranks[who, columns] = rank
    tail = (1 - CONFIDENCE) / 2
    found = [_placed(scores[place], ranks[place], tail) for place in range(len(counts))]
    return tuple(_alike(found, [list(one) for one in counts], place) for place in range(len(found)))


def winners(places: Sequence[Placed]) -> tuple[int, ...]:
    """Who is first, by their numbers in the order given: one who surely won alone, or the highest score with all whose rank intervals overlap with its own.

    >>> from dataclasses import replace
    >>> one, other = Placed(0.9, 0.85, 0.95, 1, 1, 0.995), Placed(0.7, 0.6, 0.8, 2, 2, 0.005)
    >>> winners([one, other])
    (0,)
    >>> winners([one, replace(other, rank_low=1)])
    (0, 1)
    """
    by_score = sorted(range(len(places)), key=lambda place: (-places[place].score, -places[place].best))
    leader, *others = by_score
    level = [place for place in others if tied(places[place], places[leader])]
    if not level and others and places[leader].best < LEAST_SURE_OF_BEST:
        level = others[:1]
    return tuple(sorted([leader, *level]))


def tied(first: Placed, second: Placed) -> bool:
    """Whether the rank intervals of two overlap: then neither place is before the other."""
    return first.rank_low <= second.rank_high and second.rank_low <= first.rank_high


def _check(counts: Sequence[Sequence[PairOfCounts]], weights: Sequence[float]) -> None:
    if not counts:
        raise NoRankingError("nobody is to be ranked")
    if not weights or min(weights) <= 0:
        raise NoRankingError("every element of a contest weighs more than 0")
    for each in counts:
        if len(each) != len(weights) or any(not 0 <= met <= whole or whole < 1 for met, whole in each):
            raise NoRankingError("everybody who is ranked has at least one decided case of every element")


@lru_cache(maxsize=4096)
def _strata(met: int, whole: int, draws: int) -> NDArray[np.float64]:
    """Ascending draws of one share, one from the middle of each of as many equally likely parts of its posterior."""
    middles = (np.arange(draws) + 0.5) / draws
    found: NDArray[np.float64] = betaincinv(met + 0.5, whole - met + 0.5, middles)
    return found


@lru_cache(maxsize=8)
def _shuffles(seed: int, how_many: int, draws: int) -> NDArray[np.int64]:
    """Orders in which the parts are taken, each independent of the others (Latin hypercube; McKay, Beckman and Conover 1979, Technometrics 21:239).

    From the raw words of the generator, which numpy keeps the same from version to version, as it does not with its distributions.
    """
    words = np.random.PCG64(seed).random_raw(how_many * draws).reshape(how_many, draws)
    return np.argsort(words, axis=1, kind="stable")


def _placed(scores: NDArray[np.float64], ranks: NDArray[np.int64], tail: float) -> Placed:
    low, high = np.quantile(scores, (tail, 1 - tail))
    # Whole ranks: the interval leaves out at most the tail on either side.
    rank_low, rank_high = _rank_bounds(ranks, tail)
    return Placed(
        float(scores.mean()), float(low), float(high), rank_low, rank_high, float((ranks == 1).mean())
    )


def _rank_bounds(ranks: NDArray[Any], tail: float) -> tuple[int, int]:
    share = np.cumsum(np.bincount(ranks)) / ranks.size
    return int(np.argmax(share > tail)), int(np.argmax(share >= 1 - tail - 1e-12))


def _alike(found: Sequence[Placed], counts: Sequence[list[PairOfCounts]], place: int) -> Placed:
    """Who came to the same counts has the same place: where the draws put them apart by chance, it is the whole of both."""
    same = [found[other] for other in range(len(found)) if counts[other] == counts[place]]
    return Placed(
        min(each.score for each in same),
        min(each.low for each in same),
        max(each.high for each in same),
        min(each.rank_low for each in same),
        max(each.rank_high for each in same),
        min(each.best for each in same),
    )
