"""The registry of indicators: what each is in words, how it is reckoned, which way is better, and from how many cases on it is a rate. Pure."""

from dataclasses import dataclass
from typing import Literal

from central.statistics.share import SMALL_SAMPLE
from protocol.standard import CLAUSES

IndicatorKind = Literal[
    "clause", "kept", "wait", "staffed", "answered", "offered", "coverage", "gaps", "reply"
]
"""From what it is reckoned; ``reply``: from the cases of a ticket system."""
IndicatorUnit = Literal["share", "s", "h"]
Better = Literal["up", "down"]

WINDOW_DAYS = 91
"""Shown unless somebody asks for more or less: thirteen weeks, a quarter."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Owner and target belong to a company (`central.reports.indicator_choices`)."""

    code: str
    """A clause's place in the standard, or a name of its own."""
    kind: IndicatorKind
    unit: IndicatorUnit
    better: Better
    least_n: int = SMALL_SAMPLE
    """Below so many cases in a period there are counts and no rate."""
    window_days: int = WINDOW_DAYS

    @property
    def is_share(self) -> bool:
        """Whether it is a share of cases that were counted, with a Wilson interval and a p-chart."""
        return self.kind in {"clause", "kept", "answered", "offered", "reply"}


INDICATORS: dict[str, Indicator] = {
    each.code: each
    for each in (
        Indicator("kept", "kept", "share", "up"),
        *(Indicator(clause, "clause", "share", "up") for clause in CLAUSES),
        Indicator("wait.median", "wait", "s", "down"),
        Indicator("presence.share", "staffed", "share", "up", 1),
        Indicator("phone.of_answered", "answered", "share", "up"),
        Indicator("phone.of_offered", "offered", "share", "up"),
        Indicator("reply.within_h", "reply", "share", "up"),
        Indicator("coverage", "coverage", "share", "up", 1),
        Indicator("gaps", "gaps", "h", "down", 1),
    )
}
"""Every indicator by its code, in the order in which they are shown."""
