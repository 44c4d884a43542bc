"""Who was on duty at a desk: sign-ins as they were measured, and what was corrected of them."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.database.given import text_at
from central.desks.registry import DeskRow
from central.people.duty_corrections import DutyCorrectionRow, corrections_of
from central.people.shifts import DutyCorrection, Shift, SignedDuty, on_duty_at, shifts_of
from central.records.event_row import EventRow
from central.records.query import IS_DUTY, DeskStretch
from central.records.timed_duties import TimedDuty, duties_in

LOOKED_BACK_S = 14 * 86400.0
"""A sign-in is looked for so long before the stretch asked about: whoever signed in a fortnight ago and never out is on duty no more."""


def shifts_in(session: Session, stretches: Sequence[DeskStretch]) -> list[tuple[Shift, ...]]:
    """The shifts that touch each stretch of time, ascending, read in as many statements for one desk as for all."""
    corrected = corrections_of(session, {each.device for each in stretches})
    looked_at = [each._replace(from_s=each.from_s - LOOKED_BACK_S) for each in stretches]
    return [
        _shifts(each, duties, corrected[each.device])
        for each, duties in zip(stretches, duties_in(session, looked_at), strict=True)
    ]


def desks_with(session: Session, person: str, from_s: float, to_s: float) -> set[str]:
    """The desks at which somebody may have been on duty within a stretch of time: they signed in there, or it was said that they had."""
    began = (EventRow.start_wall_s >= from_s - LOOKED_BACK_S, EventRow.start_wall_s < to_s)
    devices = select(DeskRow.device)
    signed = select(EventRow.device).where(
        EventRow.device.in_(devices),
        IS_DUTY,
        *began,
        text_at(session, EventRow.raw, "data", "person") == person,
    )
    said = select(DutyCorrectionRow.device).where(DutyCorrectionRow.person == person)
    return set(session.scalars(signed.union(said)))


def shifts_between(session: Session, device: str, from_s: float, to_s: float) -> tuple[Shift, ...]:
    """The shifts at one desk that touch a stretch of time, ascending.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
    """
    (found,) = shifts_in(session, [DeskStretch(device, from_s, to_s)])
    return found


def who_was_on_duty(session: Session, device: str, from_s: float, to_s: float) -> Callable[[float], str]:
    """Answers who was on duty at a Unix time within a stretch."""
    shifts = shifts_between(session, device, from_s, to_s)
    return lambda wall_s: on_duty_at(shifts, wall_s)


def _shifts(
    stretch: DeskStretch, duties: Sequence[TimedDuty], corrected: Sequence[DutyCorrection]
) -> tuple[Shift, ...]:
    signed = [
        SignedDuty(
            item.id,
            item.data.person,
            item.data.start_s,
            item.wall_s,
            boot_ended_s if item.data.ongoing else item.end_wall_s,
        )
        for item, boot_ended_s in duties
    ]
    return tuple(
        shift
        for shift in shifts_of(signed, corrected)
        if shift.from_s < stretch.to_s and (shift.until_s is None or shift.until_s > stretch.from_s)
    )
