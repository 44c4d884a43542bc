"""A showroom with three hosts over two days of work, for appraisals: who met how many visits is known beforehand."""

from collections.abc import Iterator
from datetime import date
from itertools import cycle
from typing import Any

from sqlalchemy.orm import Session

from central.appraisal.gathering import Period
from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.showrooms.profiles import STRICTEST
from protocol.measurements import Duty, Measurement
from tests.worlds.desk_facts import BOOT, OFFSET_S, call, event, gap, posture, reaction, smile, visit
from tests.worlds.profiles import decide

DAY = date(2026, 9, 21)
PERIOD = Period(DAY, DAY, "Europe/Berlin")
WREN_MET, WREN_MISSED = 12, 8
SLOT_S = 30.0
SHIFT_S = 1200.0
"""Of each host, one after the other, at harbour-1; lark is at harbour-2 while wren is at harbour-1."""


def measured_at_harbour(device: str) -> list[Measurement]:
    """What a desk measured: 20 visits and a call of each shift, the first ones of wren's within 5 s."""
    found: list[Measurement] = []
    hosts = (("wren", WREN_MET), ("dove", 18)) if device == "harbour-1" else (("lark", 15), ("robin", 19))
    for place, (person, met) in enumerate(hosts):
        start_s = place * SHIFT_S
        found.append(Duty(start_s=start_s, end_s=start_s + SHIFT_S, person=person))
        found += visits_of_shift(start_s, met)
        found.append(call(2, "answered", at_s=start_s + 21 * SLOT_S))
        found.append(gap(start_s + 700.0, start_s + 760.0))
    return found


def visits_of_shift(start_s: float, met: int, whole: int = WREN_MET + WREN_MISSED) -> Iterator[Measurement]:
    """So many visits, of which the first ones are attended to at once and the rest after 9 s; one in four is of a party, one in five by telephone."""
    parties, phones = cycle((1, 1, 1, 2)), cycle((0.0, 0.0, 0.0, 0.0, 0.4))
    for number in range(whole):
        at_s = start_s + 10.0 + number * SLOT_S
        delay_s = 1.0 if number < met else 9.0
        changes: dict[str, Any] = {"party_size": next(parties), "on_phone_share": next(phones)}
        manner: dict[str, Any] = {"smile": smile(), "posture": posture()} if number % 2 else {}
        yield visit(reaction("smiled", delay_s, at_s), at_s=at_s, visit=number + 1, **manner, **changes)


def keep_harbour(session: Session, profile: str = "other") -> None:
    """Enter the showroom with two desks, by a profile, and keep what they measured."""
    if profile != STRICTEST:  # Which holds where nobody decided.
        decide(session, profile, "North", "Harbour")
    for device in ("harbour-1", "harbour-2"):
        enter(session, device, company="North", showroom="Harbour", timezone="Europe/Berlin")
        sent = [event(each, number, device) for number, each in enumerate(measured_at_harbour(device), 1)]
        take_in(session, [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in sent], DeskDefaults())


def visit_number(number: int) -> str:
    """The id of wren's so-many-th visit, counted from 0."""
    return f"harbour-1/{BOOT}/{number + 2}"
