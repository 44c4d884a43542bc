"""People under their pseudonyms, who was on duty when, and from which clauses somebody is exempt."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.people.duty_corrections import BadCorrectionError, correct_duty
from central.people.duty_roster import shifts_between
from central.people.shifts import Shift
from central.records.query import is_duty
from central.reports.exemption_book import exemptions_within_reach
from central.reports.people_list import people_within_reach
from central.web.api.answers import answer
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, ProblemPart, not_found
from central.web.api.shapes import (
    DutyCorrectionAsked,
    EmploymentShape,
    ExemptionShape,
    Part,
    PersonShape,
    ShiftShape,
)
from central.web.api.utc_moments import moment, moment_or_none, unix_time
from central.web.house import house_of

PeopleReader = Annotated[Caller, permits("people:read")]
DutyReader = Annotated[Caller, permits("duty:read")]
DutyWriter = Annotated[Caller, permits("duty:write")]
ExemptionReader = Annotated[Caller, permits("exemptions:read")]
Device = Annotated[str, Path(max_length=63)]
PartAsked = Annotated[Asked, Depends(asked)]
LONGEST_DAYS = 31
"""Days of duty in one answer: a month of shifts is read from a month of sign-ins."""

router = APIRouter(prefix=PREFIX, tags=["people"])


@router.get("/people", response_model=Part[PersonShape], summary="People, as they were entered")
def list_people(request: Request, caller: PeopleReader, part: PartAsked) -> Response:
    """Everybody who works or worked within reach, by pseudonym and by no other name."""
    house = house_of(request)
    caller.note_list(house, "read people", "all")
    with house.reading() as session:
        found = _people(session, caller)
    chosen, following = part.part(found, lambda each: each.id)
    return answer(request, Part[PersonShape](items=tuple(chosen), next=following))


@router.get("/people/{number}", response_model=PersonShape, summary="One person")
def read_person(
    request: Request, caller: PeopleReader, number: Annotated[int, Path(ge=1, lt=2**63)]
) -> Response:
    """One person; the read is noted in the audit log."""
    house = house_of(request)
    with house.reading() as session:
        found = [each for each in _people(session, caller) if each.id == number]
    if not found:
        raise not_found()
    caller.note_read(house, "read person", f"person {number}")
    return answer(request, found[0])


@router.get("/desks/{device}/duty", response_model=Part[ShiftShape], summary="Who was on duty at a desk")
def list_duty(
    request: Request,
    caller: DutyReader,
    device: Device,
    since: Annotated[datetime, Query(alias="from")],
    until: Annotated[datetime, Query(alias="to")],
) -> Response:
    """The shifts that touch a stretch of a month at most, corrections taken in, as far as the desk stood within reach."""
    from_s, to_s = unix_time(since, "query.from"), unix_time(until, "query.to")
    if not 0.0 < to_s - from_s <= LONGEST_DAYS * 86400.0:
        raise ApiError(422, f"Ask for a stretch of up to {LONGEST_DAYS} days, its end after its beginning.")
    house = house_of(request)
    with house.reading() as session:
        reached = [
            stay
            for stay in caller.stays(session)
            if stay.device == device and stay.stood_within(from_s, to_s)
        ]
    if not reached:
        raise not_found()
    caller.note_list(house, "read duty", f"{device} {since.isoformat()} {until.isoformat()}")
    with house.reading() as session:
        found = [
            (shift, max(shift.from_s, begins_s), ends_s)
            for stay in reached
            for begins_s, ends_s in [(stay.from_wall_s or 0.0, stay.until_wall_s)]
            for shift in shifts_between(
                session, device, max(from_s, begins_s), min(to_s, ends_s or float("inf"))
            )
        ]
    shapes = tuple(
        _shift_shape(device, shift, begins_s, ends_s)
        for shift, begins_s, ends_s in sorted(found, key=lambda each: each[1])
    )
    return answer(request, Part[ShiftShape](items=shapes, next=None))


@router.post(
    "/desks/{device}/duty/corrections",
    response_model=Part[ShiftShape],
    status_code=201,
    summary="Say who was on duty in truth",
)
def correct(request: Request, caller: DutyWriter, device: Device, wanted: DutyCorrectionAsked) -> Response:
    """What was measured stays, the correction stands beside it and cannot be changed; of several the latest holds."""
    from_s = unix_time(wanted.since, "body.since")
    to_s = None if wanted.until is None else unix_time(wanted.until, "body.until")
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.writing() as session:
        caller.note_written(session, now_wall_s, "duty corrected", device)
        caller.desk(session, device, from_s)
        if to_s is not None:
            # Up to its last moment: whoever corrects reaches all that is corrected.
            caller.desk(session, device, max(from_s, to_s - 1.0))
        if wanted.measurement is not None and not is_duty(session, device, wanted.measurement):
            raise ApiError(
                422,
                "The measurement is no sign-in at this desk.",
                errors=[ProblemPart(where="body.measurement", what="is no sign-in at this desk")],
            )
        try:
            correct_duty(
                session,
                device,
                measurement=wanted.measurement,
                person=wanted.person,
                from_wall_s=from_s,
                until_wall_s=to_s,
                reason=wanted.reason,
                made_by=caller.account.actor,
            )
        except BadCorrectionError as error:
            raise ApiError(422, str(error)) from None
        session.flush()
        shifts = shifts_between(session, device, from_s, (from_s if to_s is None else to_s) + 1.0)
    shapes = tuple(_shift_shape(device, shift, shift.from_s, None) for shift in shifts if shift.correction)
    return answer(request, Part[ShiftShape](items=shapes, next=None), 201)


@router.get("/exemptions", response_model=Part[ExemptionShape], summary="Exemptions, as they were signed")
def list_exemptions(request: Request, caller: ExemptionReader, part: PartAsked) -> Response:
    """Who within reach is or was exempt from which clause; never why."""
    house = house_of(request)
    caller.note_list(house, "read exemptions", "all")
    with house.reading() as session:
        found = [
            ExemptionShape(
                id=shown.exemption.number,
                person=shown.exemption.person,
                clause=shown.exemption.clause,
                since=moment(shown.exemption.from_s),
                until=moment_or_none(shown.exemption.until_s),
            )
            for shown in exemptions_within_reach(session, caller.account)
        ]
    chosen, following = part.part(found, lambda each: each.id)
    return answer(request, Part[ExemptionShape](items=tuple(chosen), next=following))


def _people(session: Session, caller: Caller) -> list[PersonShape]:
    """Everybody within reach."""
    return [
        PersonShape(
            id=each.number,
            pseudonym=each.pseudonym,
            company=each.company,
            employments=tuple(
                EmploymentShape(
                    company=work.company,
                    showroom=work.showroom,
                    worked_as=work.worked_as,
                    first_day=work.first_day,
                    last_day=work.last_day,
                )
                for work in each.work
            ),
        )
        for each in sorted(
            people_within_reach(session, caller.account.grants, caller.right), key=lambda each: each.number
        )
    ]


def _shift_shape(device: str, shift: Shift, begins_s: float, ends_s: float | None) -> ShiftShape:
    """A shift, cut to the stretch in which the desk stood within reach."""
    ends = [moment_s for moment_s in (shift.until_s, ends_s) if moment_s is not None]
    return ShiftShape(
        device=device,
        person=shift.person,
        since=moment(max(shift.from_s, begins_s)),
        until=moment_or_none(min(ends, default=None)),
        measurements=shift.measurements,
        corrected=None if shift.correction is None else shift.correction.reason,
    )
