"""How often a source is to be looked at, and until when the next look is due: pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, get_args

Rhythm = Literal["week", "month", "quarter", "year"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
MONTHS: dict[Rhythm, int] = {"month": 1, "quarter": 3, "year": 12}


def due_on(last: date, rhythm: Rhythm) -> date:
    """The last day on which the next look is in time: the same weekday or day of the month, or the month's last where it has no such day.

    >>> due_on(date(2026, 1, 31), "month"), due_on(date(2026, 9, 21), "week")
    (datetime.date(2026, 2, 28), datetime.date(2026, 9, 28))

    Args:
        last: The day of the latest look, or the one on which the source was entered.
        rhythm: How often.
    """
    if rhythm == "week":
        return last + timedelta(days=7)
    months = last.month - 1 + MONTHS[rhythm]
    year, month = last.year + months // 12, months % 12 + 1
    return date(year, month, min(last.day, monthrange(year, month)[1]))
