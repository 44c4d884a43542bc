"""By which standard a showroom worked at a moment: the one that was in force there, or else the one that the settings name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from central.standards.activations import StandardActivation
from protocol.standard import Standard

RuleState = Literal["pilot", "active", "default"]
"""``pilot``: it was being tried. ``default``: nothing was in force, and the settings name it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """That a standard is what a showroom works by, for a stretch of time."""

    standard: Standard
    state: RuleState
    from_s: float | None = None
    """Unix time; None since ever."""
    until_s: float | None = None
    """None: until another is put into force."""


class StandardsInForce:
    """Answers which standard held where and when: pure."""

    def __init__(self, default: Standard, activations: Iterable[StandardActivation] = ()) -> None:
        """Take what was put into force.

        Args:
            default: What holds in a showroom where nothing was yet.
            activations: None that was withdrawn, in any order.
        """
        self.default = default
        found: dict[int, list[StandardActivation]] = defaultdict(list)
        for each in sorted(activations, key=lambda each: (each.from_wall_s, each.id)):
            found[each.showroom.id].append(each)
        self._rules = {showroom: tuple(_ruled(default, each)) for showroom, each in found.items()}

    def rules(self, showroom_id: int | None) -> tuple[Rule, ...]:
        """The rules of a showroom, ascending and without a hole, from ever to ever; None is where a desk stands that nobody entered."""
        unruled = (Rule(self.default, "default"),)
        return unruled if showroom_id is None else self._rules.get(showroom_id, unruled)

    def at(self, showroom_id: int | None, wall_s: float) -> Rule:
        """The rule at a Unix time."""
        begun = (each for each in self.rules(showroom_id) if each.from_s is None or each.from_s <= wall_s)
        return tuple(begun)[-1]


def _ruled(default: Standard, ascending: list[StandardActivation]) -> Iterator[Rule]:
    yield Rule(default, "default", None, ascending[0].from_wall_s)
    ends = [*(each.from_wall_s for each in ascending[1:]), None]
    for each, until_s in zip(ascending, ends, strict=True):
        version, from_s = each.version, each.from_wall_s
        rule = Rule(version.standard, "active", from_s, until_s)
        active_s = version.made_active_wall_s
        if active_s is None or (until_s is not None and active_s >= until_s):
            yield replace(rule, state="pilot")
        elif active_s <= from_s:
            yield rule
        else:
            yield replace(rule, state="pilot", until_s=active_s)
            yield replace(rule, from_s=active_s)
