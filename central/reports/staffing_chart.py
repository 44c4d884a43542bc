"""The hours of a weekday as a picture: how many hosts each needs with its interval, beside how many were there."""

from collections.abc import Sequence
from dataclasses import dataclass

from central.reports.staffing_need import HourNeed

WIDTH, HEIGHT = 920.0, 260.0
"""Of the picture, in SVG units; at the page's full width a unit is a pixel."""
LEFT, RIGHT, TOP, BOTTOM = 44.0, 10.0, 14.0, 30.0
"""Room around the hours for the figures beside and below them."""
BESIDE = 5.0
"""Between what is needed and what was there, so that neither hides the other."""


@dataclass(frozen=True, slots=True)
class DrawnHour:
    """Where one hour stands."""

    x: float
    hour: int
    need_y: float | None
    low_y: float | None
    high_y: float | None
    there_y: float | None
    """Of the hosts signed in, or of the desks staffed where nobody signs in."""


@dataclass(frozen=True, slots=True)
class StaffingPicture:
    """Everything the page draws, in SVG units."""

    hours: tuple[DrawnHour, ...]
    ticks: tuple[tuple[float, int], ...]
    """Height and number of hosts of each line."""


def there(hour: HourNeed) -> float | None:
    """How many hosts were there on average: signed in, or, where nobody signed in, desks at which somebody was seen."""
    if hour.signed_in is not None and hour.signed_in.most > 0:
        return hour.signed_in.mean
    return None if hour.staffed is None else hour.staffed.mean


def draw_staffing(hours: Sequence[HourNeed]) -> StaffingPicture:
    """Lay the hours out."""
    drawn = [float(each.need.high) for each in hours if each.need.high is not None]
    top = max(1, *(int(-(-value // 1)) for value in (*drawn, *(there(each) or 0.0 for each in hours), 1.0)))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(hours))

    def y(value: float | None) -> float | None:
        return None if value is None else round(TOP + (1.0 - value / top) * (HEIGHT - TOP - BOTTOM), 1)

    return StaffingPicture(
        tuple(
            DrawnHour(
                round(LEFT + (place + 0.5) * step, 1),
                each.hour,
                y(each.need.hosts),
                y(each.need.low),
                y(each.need.high),
                y(there(each)),
            )
            for place, each in enumerate(hours)
        ),
        tuple((y(number) or 0.0, number) for number in range(top + 1) if top <= 6 or number % 2 == 0),
    )
