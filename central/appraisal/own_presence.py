"""How long somebody was signed in at each desk on each day, and whether anybody was seen at it meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from central.appraisal.appraised_work import PresentDay
from central.records.day import Day
from central.records.query import DeskStretch
from central.scoring.staffing import Stretch, staffing
from central.verdicts.attended import Attended, attended_in


def own_presence(session: Session, stretches: Iterable[DeskStretch], timezone: str) -> tuple[PresentDay, ...]:
    """Presence in the stretches in which somebody was signed in and that are over, by day and desk, ascending.

    One person at a time is signed in at a desk, so whoever was seen at it is taken for them; it is of the desk all the same.
    """
    parts = [part for each in stretches for part in _by_day(each, timezone)]
    attended = attended_in(session, [stretch for _, stretch in parts])
    found: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    on_duty_s: dict[tuple[str, str], float] = defaultdict(float)
    for (day, stretch), there in zip(parts, attended, strict=True):
        on_duty_s[day, stretch.device] += stretch.to_s - stretch.from_s
        found[day, stretch.device] += _within(there, stretch)
    return tuple(
        _day(day, device, on_duty_s[day, device], found[day, device]) for day, device in sorted(on_duty_s)
    )


def _day(day: str, device: str, on_duty_s: float, there: list[Stretch]) -> PresentDay:
    time = staffing(there)
    return PresentDay(
        day=day,
        device=device,
        on_duty_s=round(on_duty_s, 3),
        staffed_s=round(time.staffed_s, 3),
        unstaffed_s=round(time.unstaffed_s, 3),
        unseen_s=round(time.unseen_s, 3),
    )


def _by_day(stretch: DeskStretch, timezone: str) -> Iterator[tuple[str, DeskStretch]]:
    date = datetime.fromtimestamp(stretch.from_s, ZoneInfo(timezone)).date()
    while (day := Day(date, timezone)).start_s < stretch.to_s:
        clipped = day.clip(stretch.from_s, stretch.to_s)
        if clipped is not None:
            yield date.isoformat(), DeskStretch(stretch.device, *clipped)
        date += timedelta(days=1)


def _within(attended: Iterable[Attended], stretch: DeskStretch) -> Iterator[Stretch]:
    for each in attended:
        low_s, high_s = max(each.from_s, stretch.from_s), min(each.to_s, stretch.to_s)
        if low_s < high_s:
            yield Stretch("", high_s - low_s, each.staffed, each.coverage)
