"""A calendar as text, to be kept with what was reckoned by it, and the short name of that text."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from central.calendars.opening_times import ExceptionalHours, OpeningTimes, WeeklyHours

VERSION_DIGITS = 16
"""Hexadecimal digits of a calendar's name: 64 bits, more than a company ever has calendars."""


def calendar_text(times: OpeningTimes) -> str:
    """A calendar as one line of JSON; two that say the same in another order are one text."""
    document = {
        "timezone": times.timezone,
        "weekly": sorted(map(_plain, times.weekly), key=_order),
        "exceptions": sorted(map(_plain, times.exceptions), key=_order),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def read_calendar(text: str) -> OpeningTimes:
    """The calendar of `calendar_text`."""
    document = json.loads(text)
    return OpeningTimes(
        document["timezone"],
        tuple(WeeklyHours(**_dated(each)) for each in document["weekly"]),
        tuple(ExceptionalHours(**_dated(each)) for each in document["exceptions"]),
    )


def calendar_version(text: str) -> str:
    """What a calendar is called: the beginning of its text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]


def _plain(hours: WeeklyHours | ExceptionalHours) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, date) else value for key, value in asdict(hours).items()}


def _order(plain: dict[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True)


def _dated(plain: dict[str, Any]) -> dict[str, Any]:
    days = ("first_day", "last_day")
    return {
        key: date.fromisoformat(value) if key in days and value is not None else value
        for key, value in plain.items()
    }
