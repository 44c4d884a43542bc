"""Gathers past measurements for the rehearsal of a standard: all of a stretch of time, or, where they are too many, every so-many-th."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk
from central.people.exempt_stretches import who_is_exempt
from central.records.query import visit_and_call_count, visits_and_calls
from central.statistics.rehearsal import PastWork, Rehearsal, rehearse
from protocol.standard import Standard

DAY_S = 86400.0
"""Seconds of a day; those that are an hour longer or shorter do not matter to thirty of them."""
REHEARSED_DAYS = 30
"""Days of past work: they have every weekday four times, and are remembered."""
MOST_REHEARSED = 3000
"""Visits and calls that are judged at most: the interval of a share of so many is less than four points wide, and a page takes a few seconds."""


@dataclass(frozen=True, slots=True)
class RehearsedStretch:
    """A rehearsal with what it rests on."""

    rehearsal: Rehearsal
    there_were: int
    """Visits and calls of that time; where more than were judged, those judged are every `step`-th of each desk."""
    step: int


@dataclass(frozen=True, slots=True)
class PastStretch:
    """What desks measured in a stretch of time, as far as it is judged anew."""

    works: tuple[PastWork, ...]
    there_were: int
    """Visits and calls of that time; where more than are judged, every `step`-th of each desk is."""
    step: int


def past_work(session: Session, stays: Sequence[RegisteredDesk], until_wall_s: float) -> PastStretch:
    """What desks measured in the thirty days before a Unix time, while they stood in those places."""
    from_wall_s = until_wall_s - REHEARSED_DAYS * DAY_S
    stretches = [
        (
            stay,
            max(from_wall_s, stay.from_wall_s or from_wall_s),
            min(until_wall_s, stay.until_wall_s or until_wall_s),
        )
        for stay in stays
    ]
    lasting = [(stay, from_s, to_s) for stay, from_s, to_s in stretches if from_s < to_s]
    count = sum(visit_and_call_count(session, stay.device, from_s, to_s) for stay, from_s, to_s in lasting)
    step = max(1, -(-count // MOST_REHEARSED))
    works: dict[str, PastWork] = {}
    for stay, from_s, to_s in lasting:
        found = visits_and_calls(session, stay.device, from_s, to_s, step)
        known = works.get(stay.device)
        if known is None:
            exempt = who_is_exempt(session, stay.device, from_wall_s, until_wall_s)
            works[stay.device] = PastWork(stay.device, stay.label, found, exempt)
        else:
            works[stay.device] = PastWork(
                known.device, known.label, (*found, *known.visits_and_calls), known.exempt_at
            )
    return PastStretch(tuple(works.values()), count, step)


def rehearse_stretch(
    session: Session, stays: Sequence[RegisteredDesk], until_wall_s: float, before: Standard, after: Standard
) -> RehearsedStretch:
    """Rehearse a standard on what desks measured in the thirty days before a Unix time, while they stood in those places."""
    past = past_work(session, stays, until_wall_s)
    return RehearsedStretch(rehearse(past.works, before, after), past.there_were, past.step)
