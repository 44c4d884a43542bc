"""When a shift ended, by the clock on the wall: pure, with the time zone as an argument."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

LOOKED_BACK = timedelta(days=2)
"""An end longer ago than this tells nothing that the last two days' ends do not."""


def shift_end_within(
    from_s: float, until_s: float, ends: Iterable[time], zone: tzinfo | None
) -> float | None:
    """The first end of a shift in a stretch of wall time; None where none is.

    Args:
        from_s: Unix time, excluded.
        until_s: Unix time, included.
        ends: Times of the day, at the desk.
        zone: The desk's; None for the machine's own.

    >>> from zoneinfo import ZoneInfo
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> shift_end_within(1767261600.0, 1767276000.0, [time(14, 0)], berlin) == 1767272400.0
    True
    >>> shift_end_within(1767261600.0, 1767268000.0, [time(14, 0)], berlin) is None
    True
    """
    last = datetime.fromtimestamp(until_s, zone).date()
    first = max(datetime.fromtimestamp(from_s, zone).date(), last - LOOKED_BACK)
    days = (first + timedelta(days=each) for each in range((last - first).days + 1))
    ended = (datetime.combine(day, end, zone).timestamp() for day in days for end in ends)
    return min((moment for moment in ended if from_s < moment <= until_s), default=None)
