"""What stands in one cell of a sheet: a name, a day, a moment, a time of day, a time zone. Each reader says in words what is wrong."""

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from central.calendars.opening_times import DAY_MIN
from central.people.workforce import PSEUDONYM_LIMIT, WORK
from central.showrooms.premises import JURISDICTIONS, NAME_LIMIT
from protocol.names import checked_name

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Days of the week as they stand in a sheet; three letters are enough."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)\s*(Z|[+-]\d\d:\d\d)?)?")


class BadCellError(ValueError):
    """What stands in a cell cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    name: str
    read: Callable[[str], object]
    required: bool = False


def a_name(text: str, limit: int = NAME_LIMIT) -> str:
    """Words for people."""
    if len(text) > limit:
        raise BadCellError(f"is {len(text)} letters long, {limit} are allowed")
    return text


def a_pseudonym(text: str) -> str:
    """What somebody signs in with."""
    return a_name(text, PSEUDONYM_LIMIT)


def a_device(text: str) -> str:
    """The name of a desk."""
    try:
        return checked_name(text)
    except ValueError as error:
        raise BadCellError(str(error)) from None


def a_timezone(text: str) -> str:
    """An IANA time zone."""
    if text in _zones():
        return text
    raise BadCellError(f"{text!r} is no IANA time zone{nearest(text, _zones(), ', such as Europe/Berlin')}")


def a_jurisdiction(text: str) -> str:
    """One of `JURISDICTIONS`."""
    return _one_of(text, JURISDICTIONS, "jurisdiction")


def work(text: str) -> str:
    """One of `WORK`."""
    return _one_of(text, WORK, "work")


def a_weekday(text: str) -> int:
    """0 for Monday to 6 for Sunday."""
    found = [
        number for number, name in enumerate(WEEKDAYS) if len(text) >= 3 and name.startswith(text.lower())
    ]
    if len(found) == 1:
        return found[0]
    raise BadCellError(f"{text!r} is no day of the week: write {', '.join(WEEKDAYS)}")


def minutes(text: str) -> int:
    """Minutes since midnight of ``9:30`` or ``24:00``."""
    told = _TIME.fullmatch(text)
    if told:
        hour, minute = int(told[1]), int(told[2] or 0)
        if minute < 60 and hour * 60 + minute <= DAY_MIN:
            return hour * 60 + minute
    raise BadCellError(f"{text!r} is no time of day: write HH:MM, up to 24:00")


def a_day(text: str) -> date:
    """A date."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise BadCellError(f"there is no day {text}") from None
    raise BadCellError(f"{text!r} is no date: write YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class WallMoment:
    """A moment as somebody writes it; which one it was, the time zone of its place tells."""

    wall: datetime
    """As the clock on the wall showed it."""
    offset: timezone | None
    """Its distance from UTC, where it was written."""

    def unix(self, zone_name: str) -> float:
        """Unix time of it; of a wall time that comes twice the first.

        Raises:
            BadCellError: The clocks of that zone jumped over it.
        """
        if self.offset is not None:
            return self.wall.replace(tzinfo=self.offset).timestamp()
        zone = ZoneInfo(zone_name)
        local = self.wall.replace(tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != self.wall:
            raise BadCellError(
                f"there was no {self.wall:%Y-%m-%d %H:%M} in {zone_name}: its clocks jumped over it"
            )
        return local.timestamp()


def a_moment(text: str) -> WallMoment:
    """``2026-05-01``, its first moment, or ``2026-05-01 09:30``, or with its distance from UTC ``2026-05-01 09:30+02:00``."""
    told = _MOMENT.fullmatch(text)
    if told is None:
        raise BadCellError(f"{text!r} is no moment: write YYYY-MM-DD or YYYY-MM-DD HH:MM")
    try:
        wall = datetime.fromisoformat(f"{told[1]} {told[2] or '00:00'}")
    except ValueError:
        raise BadCellError(f"there is no moment {text}") from None
    if not told[3]:
        return WallMoment(wall, None)
    if told[3] == "Z":
        return WallMoment(wall, UTC)
    hours, minute = int(told[3][1:3]), int(told[3][4:6])
    if hours > 14 or minute > 59:
        raise BadCellError(f"no clock is {told[3]} from UTC")
    distance = timedelta(hours=hours, minutes=minute)
    return WallMoment(wall, timezone(distance if told[3][0] == "+" else -distance))


def written_moment(wall_s: float | None, zone_name: str) -> str:
    """A moment as `a_moment` reads it again; with its distance from UTC only where its wall time comes twice."""
    if wall_s is None:
        return ""
    local = datetime.fromtimestamp(wall_s, ZoneInfo(zone_name))
    wall = local.replace(tzinfo=None)
    if (wall.hour, wall.minute, wall.second) == (0, 0, 0):
        text = f"{wall:%Y-%m-%d}"
    else:
        text = f"{wall:%Y-%m-%d %H:%M:%S}" if wall.second else f"{wall:%Y-%m-%d %H:%M}"
    if local.replace(tzinfo=None, fold=0).replace(tzinfo=ZoneInfo(zone_name)).timestamp() == wall_s:
        return text
    return local.isoformat(sep=" ", timespec="seconds")


def written_minutes(of_day: int | None) -> str:
    """A time of day as `minutes` reads it again."""
    return "" if of_day is None else f"{of_day // 60:02d}:{of_day % 60:02d}"


def nearest(text: str, known: Collection[str], otherwise: str = "") -> str:
    """What comes near a word that is not known, in words; ``otherwise`` where nothing does."""
    near = difflib.get_close_matches(text, known, 1)
    return f"; {near[0]!r} would be one" if near else otherwise


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    if text.lower() in known:
        return text.lower()
    raise BadCellError(f"{text!r} is no {what} that is known: {', '.join(known)}")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
