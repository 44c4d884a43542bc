"""What one row of a sheet says: a showroom, its hours, an exception, a desk's place, a person, an employment."""

from dataclasses import dataclass
from datetime import date

Key = tuple[object, ...]
"""What makes an entry the same one: a row with the key of an entry changes it."""
Span = tuple[float, float]
"""From where to where; the end no longer belongs to it."""
ALWAYS: Span = (float("-inf"), float("inf"))


@dataclass(frozen=True, slots=True)
class ShowroomEntry:
    """A showroom, and with it its company and its region."""

    company: str
    showroom: str
    region: str
    timezone: str
    jurisdiction: str

    @property
    def key(self) -> Key:
        """Its company and its name."""
        return self.company, self.showroom

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """It overlaps with nothing."""
        return None


@dataclass(frozen=True, slots=True)
class HoursEntry:
    """One stretch in which a showroom is open on one day of the week."""

    company: str
    showroom: str
    weekday: int
    opens_min: int
    closes_min: int
    first_day: date | None
    last_day: date | None

    @property
    def key(self) -> Key:
        """Showroom, weekday, opening, and since when."""
        return self.company, self.showroom, self.weekday, self.opens_min, self.first_day

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """What may not overlap with another of the same showroom and weekday."""
        stretches = _days(self.first_day, self.last_day), (self.opens_min, self.closes_min)
        return (self.company, self.showroom, self.weekday), stretches


@dataclass(frozen=True, slots=True)
class ExceptionEntry:
    """Days on which the weekly hours of a showroom do not hold."""

    company: str
    showroom: str
    first_day: date
    last_day: date
    title: str
    opens_min: int | None
    closes_min: int | None

    @property
    def key(self) -> Key:
        """Showroom, first day, and opening."""
        return self.company, self.showroom, self.first_day, self.opens_min

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """What may not overlap with another of the same showroom."""
        hours = (
            ALWAYS if self.opens_min is None or self.closes_min is None else (self.opens_min, self.closes_min)
        )
        return (self.company, self.showroom), (_days(self.first_day, self.last_day), hours)


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """Where a desk stood, from when to when; without a showroom nobody has said where."""

    device: str
    company: str
    showroom: str
    label: str
    timezone: str
    """Only where no showroom is named."""
    from_wall_s: float | None
    until_wall_s: float | None

    @property
    def key(self) -> Key:
        """The desk, and since when it stands there."""
        return self.device, self.from_wall_s

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """What may not overlap with another of the same desk."""
        low = float("-inf") if self.from_wall_s is None else self.from_wall_s
        high = float("inf") if self.until_wall_s is None else self.until_wall_s
        return (self.device,), ((low, high),)


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody under a pseudonym."""

    pseudonym: str
    company: str
    name: str
    """Empty where only the pseudonym is known."""

    @property
    def key(self) -> Key:
        """The pseudonym."""
        return (self.pseudonym,)

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """It overlaps with nothing."""
        return None


@dataclass(frozen=True, slots=True)
class EmploymentEntry:
    """What somebody worked as, where, and from when to when."""

    pseudonym: str
    company: str
    showroom: str
    worked_as: str
    first_day: date | None
    last_day: date | None

    @property
    def key(self) -> Key:
        """Who, where, as what, and since when."""
        return self.pseudonym, self.company, self.showroom, self.worked_as, self.first_day

    @property
    def spans(self) -> tuple[Key, tuple[Span, ...]] | None:
        """What may not overlap with another of the same person, showroom and work."""
        same = self.pseudonym, self.company, self.showroom, self.worked_as
        return same, (_days(self.first_day, self.last_day),)


Entry = ShowroomEntry | HoursEntry | ExceptionEntry | PlaceEntry | PersonEntry | EmploymentEntry


def _days(first: date | None, last: date | None) -> Span:
    low = float("-inf") if first is None else float(first.toordinal())
    return low, float("inf") if last is None else float(last.toordinal() + 1)
