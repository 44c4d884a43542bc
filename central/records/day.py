"""A calendar day at a desk: from midnight to midnight in the desk's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day in an IANA time zone; 23 or 25 hours long where the clocks change."""

    date: date
    timezone: str
    from_wall_s: float | None = None
    until_wall_s: float | None = None
    """Only from this moment on, or until this one: on the day on which a desk is moved, each place has its part of it."""

    @property
    def start_s(self) -> float:
        """Unix time of its first moment."""
        midnight_s = _midnight_s(self.date, self.timezone)
        return midnight_s if self.from_wall_s is None else max(midnight_s, self.from_wall_s)

    @property
    def end_s(self) -> float:
        """Unix time of the first moment that no longer belongs to it."""
        midnight_s = _midnight_s(self.date + timedelta(days=1), self.timezone)
        return midnight_s if self.until_wall_s is None else min(midnight_s, self.until_wall_s)

    def __contains__(self, wall_s: float) -> bool:
        return self.start_s <= wall_s < self.end_s

    def clip(self, from_s: float, to_s: float) -> tuple[float, float] | None:
        """As much of a stretch of time as lies within the day; None when nothing does."""
        clipped = max(from_s, self.start_s), min(to_s, self.end_s)
        return clipped if clipped[0] < clipped[1] else None


def day_of(wall_s: float, timezone: str) -> Day:
    """The day a moment falls on."""
    return Day(datetime.fromtimestamp(wall_s, ZoneInfo(timezone)).date(), timezone)


def _midnight_s(day: date, timezone: str) -> float:
    return datetime.combine(day, time.min, ZoneInfo(timezone)).timestamp()
