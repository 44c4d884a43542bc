"""A reply clock reckoned anew by walking second after second: slow, dumb, and sharing no line with the one that is tested.

It knows local time by asking for the offset of every quarter of an hour, and nothing of stretches of time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from central.calendars.opening_times import OpeningTimes
from central.replies.case_history import CaseHistory

Mask = npt.NDArray[np.bool_]
QUARTER_S = 900


@cache
def open_seconds_of(times: OpeningTimes, start_s: int, count: int) -> Mask:
    """For each second from ``start_s`` on, whether the wall clock shows a time at which the showroom is open."""
    zone = ZoneInfo(times.timezone)
    mask = np.zeros(count, dtype=bool)
    for quarter in range(0, count, QUARTER_S):
        local = datetime.fromtimestamp(start_s + quarter, zone)
        minute = local.hour * 60 + local.minute
        special = [each for each in times.exceptions if each.first_day <= local.date() <= each.last_day]
        if special:
            hours = [(each.opens_min, each.closes_min) for each in special if each.opens_min is not None]
        else:
            hours = [
                (each.opens_min, each.closes_min) for each in times.weekly if each.weekday == local.weekday()
            ]
        mask[quarter : quarter + QUARTER_S] = any(
            opens <= minute < closes for opens, closes in hours if closes is not None
        )
    return mask


@dataclass
class Walked:
    """What the walker found of one cycle."""

    asked_s: int
    end_s: int
    replied: bool
    ended: bool
    calendar_s: int = 0
    business_s: int = 0
    due_s: int | None = None


def walk(  # noqa: C901, PLR0912, PLR0915  One walk from the first second to the last, with nothing to look up elsewhere.
    case: CaseHistory,
    calendars: dict[int, OpeningTimes],
    promise: tuple[int, str],
    start_s: int,
    count: int,
) -> list[Walked]:
    """Walk a case that is not merged, second by second, until ``start_s + count``, which is the present.

    Deadlines that lie after the present are not found.
    """
    within_s, hours = promise
    by_second: dict[int, list[tuple[str, object]]] = {}
    for message in case.messages:
        if message.direction == "out" and message.author == "person":
            what = "reply"
        elif message.direction == "in" and message.author in {"requestor", "person"}:
            what = "question"
        else:
            what = "sent" if message.direction == "out" else "nothing"
        by_second.setdefault(int(message.at_s), []).append((what, None))
    for change in case.states:
        by_second.setdefault(int(change.at_s), []).append(("state", change.state))
    for move in case.moves:
        by_second.setdefault(int(move.at_s), []).append(("move", move.showroom_id))

    found: list[Walked] = []
    running: Walked | None = None
    state, waiting, last_sent = "open", False, -(10**9)
    showroom = case.moves[0].showroom_id
    stops = sorted({*by_second, start_s + count})
    for index, second in enumerate(stops[:-1]):
        events = by_second[second]
        before = state
        asked = any(what == "question" for what, _ in events)
        if any(what in {"reply", "sent"} for what, _ in events):
            last_sent = second
        for what, value in events:
            if what == "state":
                state = str(value)
            if what == "move":
                assert isinstance(value, int)
                showroom = value
        if running and any(what == "reply" for what, _ in events):
            running.ended, running.replied, running.end_s = True, True, second
            running = None
        if asked and running is None:
            running = Walked(second, start_s + count, replied=False, ended=False)
            found.append(running)
        if running and state == "closed" and before != "closed":
            running.ended, running.end_s = True, second
            running = None
        if before == "closed" and state != "closed" and running is None and second - last_sent > 60:
            running = Walked(second, start_s + count, replied=False, ended=False)
            found.append(running)
        waiting = state == "pending" and (before != "pending" or (waiting and not asked))
        if running is None or waiting:
            continue
        # Every second until something happens again is like this one, save whether the showroom is open.
        following = stops[index + 1]
        mask = open_seconds_of(calendars[showroom], start_s, count)[second - start_s : following - start_s]
        ticking = np.ones(following - second, dtype=bool) if hours == "calendar" else mask
        so_far = running.calendar_s if hours == "calendar" else running.business_s
        reached = np.flatnonzero(np.cumsum(ticking) + so_far == within_s)
        if running.due_s is None and reached.size:
            running.due_s = second + int(reached[0]) + 1
        running.calendar_s += following - second
        running.business_s += int(mask.sum())
    return found
