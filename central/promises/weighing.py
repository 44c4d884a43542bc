"""A promise weighed against its four sides and against what is measured: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from central.statistics.share import ShareOf

SideKind = Literal["industry", "competitors", "customers", "resources"]
SIDES: tuple[SideKind, ...] = get_args(SideKind)

UNITS: dict[str, str] = {
    "respond.within_s": "s",
    "phone.rings": "rings",
    "phone.of_answered": "rings",
    "phone.of_offered": "rings",
    "reply.within_h": "h",
    "kept": "",
}
"""The indicators that a promise can rest on, each with the unit of what is promised: what a customer can notice and check, and nothing of a host's
manner. ``kept`` has no number of its own: no clause of the standard fails."""

Unheld = Literal[
    "no_source", "no_data", "few", "one_host", "all_censored", "profile", "no_cases", "other_limit"
]
"""Why nothing was measured that a promise can rest on: as of indicators, and ``other_limit`` where the standard asks for another number."""


@dataclass(frozen=True, slots=True)
class Level:
    """So much, in so many of all cases: 90 % within 5 s."""

    within: float | None
    """In the indicator's unit; None where it has none."""
    share: float
    """From 0 to 1."""

    def falls_short_of(self, other: "Level") -> bool:
        """Whether it gives less than another level: it takes longer, or is held in fewer cases.

        >>> Level(5.0, 0.9).falls_short_of(Level(5.0, 0.8)), Level(6.0, 0.9).falls_short_of(Level(5.0, 0.8))
        (False, True)
        """
        longer = self.within is not None and other.within is not None and self.within > other.within
        return longer or self.share < other.share


@dataclass(frozen=True, slots=True)
class Side:
    """What a promise is weighed against, and where that is known from."""

    level: Level
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Capability:
    """What was measured of what is promised, under the very number that is promised."""

    first_day: date
    last_day: date
    share: ShareOf | None
    """With the 95 % interval, wider than Wilson's where weeks differ more than their counts explain."""
    why_not: Unheld | None = None
    asked: float | None = None
    """What the standard asks for, where that is another number than what is promised."""


@dataclass(frozen=True, slots=True)
class AgainstPromise:
    """Why a promise cannot be published."""

    kind: Literal["side_missing", "below_industry", "beyond_resources", "not_measured", "not_borne"]
    side: SideKind | None = None


def refusals(
    promised: Level, sides: Mapping[SideKind, Side], measured: Capability
) -> tuple[AgainstPromise, ...]:
    """Everything that stands against publishing a promise; nothing where it may be published.

    Customer needs and competitors are weighed and refuse nothing: a house may promise less than either asks for, and says so by that.

    Args:
        promised: The promise.
        sides: Those that are there.
        measured: What the measured capability is.
    """
    return tuple(_refusals(promised, sides, measured))


def _refusals(
    promised: Level, sides: Mapping[SideKind, Side], measured: Capability
) -> Iterator[AgainstPromise]:
    for side in SIDES:
        if side not in sides:
            yield AgainstPromise("side_missing", side)
    if "industry" in sides and promised.falls_short_of(sides["industry"].level):
        yield AgainstPromise("below_industry", "industry")
    if "resources" in sides and sides["resources"].level.falls_short_of(promised):
        yield AgainstPromise("beyond_resources", "resources")
    if measured.share is None or measured.why_not is not None:
        yield AgainstPromise("not_measured")
    elif measured.share.low < promised.share:
        yield AgainstPromise("not_borne")
