"""Thirty days of two hosts at two desks, as the desks measure them; who met what is drawn from a seed and counted beside."""

import random
from dataclasses import dataclass, field
from datetime import date

from protocol.measurements import Contest, Duty, Measurement
from tests.worlds.desk_facts import call, gap, gaze, posture, reaction, smile, staffed, visit

FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2026, 9, 30)
DAYS = 30
OFFSET_S = 1_788_242_400.0
"""Unix time of the timeline's zero: 2026-09-01 08:00 in Berlin."""
DAY_S = 86_400.0
SHIFT_S = 6 * 3600.0
VISITS = 20
"""Of each host on each day."""
PROMPT = {"wren": 0.8, "lark": 0.92}
"""In what share of visits each attends in time."""
DESKS = {"harbour-1": "wren", "harbour-2": "lark"}


@dataclass
class Month:
    """What one desk measured, and what of it is known beforehand."""

    measured: list[Measurement] = field(default_factory=list)
    met: int = 0
    missed: int = 0
    parties: int = 0
    first_missed_s: float = 0.0
    """When the first visit that took too long began, on the desk's timeline."""


def month_at(device: str) -> Month:
    """Thirty days at a desk: a sign-in, visits, two calls, attendances and a gap on each, and on the first a touch of *I contest this*."""
    person, chance, found = DESKS[device], random.Random(device), Month()
    for day in range(DAYS):
        at_s = day * DAY_S
        found.measured.append(Duty(start_s=at_s, end_s=at_s + SHIFT_S, person=person))
        for number in range(VISITS):
            began_s = at_s + 300.0 + number * 1000.0
            prompt = chance.random() < PROMPT[person]
            party = 2 if chance.random() < 0.25 else 1
            found.met, found.missed = found.met + prompt, found.missed + (not prompt)
            found.parties += party > 1
            if not prompt and not found.first_missed_s:
                found.first_missed_s = began_s
                touch_s = began_s + 60.0
                found.measured.append(
                    Contest(start_s=touch_s, end_s=touch_s, about="visit", visit_start_s=began_s)
                )
            found.measured.append(
                visit(
                    reaction("smiled", 1.0 if prompt else 9.0, began_s),
                    at_s=began_s,
                    visit=day * VISITS + number + 1,
                    party_size=party,
                    on_phone_share=0.4 if chance.random() < 0.1 else 0.0,
                    smile=smile(),
                    gaze=gaze(),
                    posture=posture(),
                )
            )
        for number in range(2):
            found.measured.append(
                call(chance.choice((1, 2, 2, 5)), "answered", at_s=at_s + 3000.0 + number * 9000.0)
            )
        found.measured += [
            staffed(at_s, at_s + SHIFT_S - 1800.0),
            staffed(at_s + SHIFT_S - 1800.0, at_s + SHIFT_S, staffed=False),
            gap(at_s + 5000.0, at_s + 5060.0),
        ]
    return found
