"""How much of a day a desk was staffed, and how much of it could not be seen."""

from collections.abc import Iterable
from dataclasses import dataclass


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
