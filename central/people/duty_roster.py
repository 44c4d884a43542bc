"""Who was on duty at a desk: sign-ins as they were measured, and what was corrected of them."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from central.people.duty_corrections import corrections_of
from central.people.shifts import Shift, SignedDuty, on_duty_at, shifts_of
from central.records.query import duties_between

LOOKED_BACK_S = 14 * 86400.0
"""A sign-in is looked for so long before the stretch asked about: whoever signed in a fortnight ago and never out is on duty no more."""


def shifts_between(session: Session, device: str, from_s: float, to_s: float) -> tuple[Shift, ...]:
    """The shifts at a desk that touch a stretch of time, ascending.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
    """
    duties = [
        SignedDuty(
            item.id,
            item.data.person,
            item.data.start_s,
            item.wall_s,
            boot_ended_s if item.data.ongoing else item.end_wall_s,
        )
        for item, boot_ended_s in duties_between(session, device, from_s - LOOKED_BACK_S, to_s)
    ]
    return tuple(
        shift
        for shift in shifts_of(duties, corrections_of(session, device))
        if shift.from_s < to_s and (shift.until_s is None or shift.until_s > from_s)
    )


def who_was_on_duty(session: Session, device: str, from_s: float, to_s: float) -> Callable[[float], str]:
    """Answers who was on duty at a Unix time within a stretch."""
    shifts = shifts_between(session, device, from_s, to_s)
    return lambda wall_s: on_duty_at(shifts, wall_s)
