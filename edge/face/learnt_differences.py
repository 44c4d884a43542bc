"""A logistic regression in few numbers: what some differences say together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FURTHEST = 3.0
"""A difference's square counts no further than so many times its spread over the pictures that were learnt from."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one difference says: log odds for every spread that it is off what is usual, and for its square."""

    usual: float
    spread: float
    weight: float
    squared: float


def summed(intercept: float, differences: Sequence[float], weighed: Iterable[Weighed]) -> float:
    """The log odds of some differences.

    Example:
        >>> summed(-1.0, (3.0,), [Weighed(usual=1.0, spread=2.0, weight=0.5, squared=0.25)])
        -0.25
    """
    total = intercept
    for difference, each in zip(differences, weighed, strict=True):
        off = (difference - each.usual) / each.spread
        total += each.weight * off + each.squared * min(abs(off), _FURTHEST) ** 2
    return total
