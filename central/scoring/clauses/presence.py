"""How much of a day a desk was staffed, with the time that could not be seen kept as an uncertainty."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from central.scoring.verdict import K_SIGMA, Verdict, asks_nothing, not_applicable, within
from protocol.standard import Presence

CLAUSE = "presence.staffed_share"


@dataclass(frozen=True, slots=True)
class Stretch:
    """As much of one attendance measurement as lies within the day."""

    measurement: str
    seconds: float
    staffed: bool
    coverage: float


@dataclass(frozen=True, slots=True)
class Staffing:
    """Seconds of a day: seen staffed, seen unstaffed, and not seen."""

    staffed_s: float
    unstaffed_s: float
    unseen_s: float

    @property
    def share(self) -> float | None:
        """Staffed share of the time that was seen."""
        seen_s = self.staffed_s + self.unstaffed_s
        return self.staffed_s / seen_s if seen_s > 0.0 else None


def staffing(stretches: Iterable[Stretch]) -> Staffing:
    """Add up the stretches of a day; the uncovered part of each was not seen."""
    staffed_s = unstaffed_s = unseen_s = 0.0
    for stretch in stretches:
        seen_s = stretch.seconds * stretch.coverage
        unseen_s += stretch.seconds - seen_s
        staffed_s += seen_s if stretch.staffed else 0.0
        unstaffed_s += 0.0 if stretch.staffed else seen_s
    return Staffing(staffed_s, unstaffed_s, unseen_s)


def judge_presence(stretches: tuple[Stretch, ...], presence: Presence) -> tuple[Verdict, ...]:
    """Whether the desk was staffed for as much of the day as the standard asks.

    The unseen time may have been all staffed or all unstaffed: the true share lies between the two, and a limit between
    them leaves the verdict open. ``se`` is that range written as a standard error.
    """
    limits = presence.staffed_share
    if asks_nothing(limits):
        return ()
    time = staffing(stretches)
    total_s = time.staffed_s + time.unstaffed_s + time.unseen_s
    if time.share is None:
        return (not_applicable(CLAUSE, limits, "attendance was not measured on this day"),)
    low, high = time.staffed_s / total_s, (time.staffed_s + time.unseen_s) / total_s
    outcome = within(low, high, limits)
    reason = {
        "pass": "within the standard",
        "fail": "outside the standard",
        "indeterminate": f"the unseen time decides it: between {low:.0%} and {high:.0%}",
    }[outcome]
    verdict = Verdict(CLAUSE, outcome, reason, limits, time.share, (high - low) / (2 * K_SIGMA))
    return (replace(verdict, measurements=tuple(stretch.measurement for stretch in stretches)),)
