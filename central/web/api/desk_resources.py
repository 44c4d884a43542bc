"""The desks: where each stands and stood, whether it is there, and what is to be mended at it."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.roles import may_at
from central.desks.desk_faults import Condition, Fault, conditions, faults, open_faults_by_desk
from central.desks.heard import Heard, heard
from central.desks.registry import BadMoveError, RegisteredDesk, UnknownDeskError, enter, stays
from central.ingest.births import ToldStandard, told_standards
from central.ingest.outstanding import awaited_of, rejected_counts
from central.web.api.answers import answer, require_unchanged
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, not_found
from central.web.api.shapes import (
    DeskChange,
    DeskHealthShape,
    DeskPlacesShape,
    DeskShape,
    FaultShape,
    Part,
    PlaceShape,
)
from central.web.api.utc_moments import moment, moment_or_none, unix_time
from central.web.house import house_of

DeskReader = Annotated[Caller, permits("desks:read")]
RegistryWriter = Annotated[Caller, permits("registry:write")]
Device = Annotated[str, Path(max_length=63)]
PartAsked = Annotated[Asked, Depends(asked)]

router = APIRouter(prefix=PREFIX, tags=["desks"])


@router.get("/desks", response_model=Part[DeskShape], summary="Desks, by name")
def list_desks(request: Request, caller: DeskReader, part: PartAsked) -> Response:
    """Every desk that stands within reach now."""
    with house_of(request).reading() as session:
        chosen, following = part.part(caller.desks(session), lambda desk: desk.device)
        shapes = _shapes(session, chosen)
    return answer(request, Part[DeskShape](items=tuple(shapes), next=following))


@router.get("/desks/{device}", response_model=DeskShape, summary="One desk")
def read_desk(request: Request, caller: DeskReader, device: Device) -> Response:
    """One desk; its ETag is what a change of its place is sent with."""
    with house_of(request).reading() as session:
        (shape,) = _shapes(session, [caller.desk(session, device)])
    return answer(request, shape)


@router.get("/desks/{device}/health", response_model=DeskHealthShape, summary="How a desk does")
def read_health(request: Request, caller: DeskReader, device: Device) -> Response:
    """What a desk last told of itself, and its faults."""
    with house_of(request).reading() as session:
        caller.desk(session, device)
        condition: Condition | None = conditions(session).get(device)
        lines = sorted(faults(session, device=device, closed=True), key=lambda each: each.opened_wall_s)
    latest_first = [_fault(each) for each in reversed(lines)]
    return answer(
        request,
        DeskHealthShape(
            device=device,
            told=None if condition is None else moment(condition.wall_s),
            health=None if condition is None else condition.health,
            faults=tuple(sorted(latest_first, key=lambda each: each.until is not None)),
        ),
    )


@router.get("/desks/{device}/places", response_model=DeskPlacesShape, summary="Where a desk stood, and when")
def read_places(request: Request, caller: DeskReader, device: Device) -> Response:
    """Its places within reach, also where it stands no more."""
    with house_of(request).reading() as session:
        found = [
            each
            for each in stays(session, device)
            if may_at(caller.account.grants, caller.right, each.company, each.showroom)
        ]
    if not found:
        raise not_found()
    return answer(request, DeskPlacesShape(device=device, places=tuple(map(place_shape, found))))


@router.patch("/desks/{device}", response_model=DeskShape, summary="Say where a desk stands")
def change_desk(request: Request, caller: RegistryWriter, device: Device, change: DeskChange) -> Response:
    """Move a desk, or name it otherwise; needs If-Match with the ETag of `GET /desks/{device}`."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    since_wall_s = None if change.since is None else unix_time(change.since, "body.since")
    with house.writing() as session:
        caller.note_written(session, now_wall_s, "desk entered", device)
        (present,) = _shapes(session, [caller.desk(session, device)])
        require_unchanged(request, present)
        try:
            enter(
                session,
                device,
                company=change.company,
                showroom=change.showroom,
                label=change.label,
                since_wall_s=since_wall_s,
                correct=change.correct,
            )
        except (BadMoveError, UnknownDeskError) as error:
            raise ApiError(409, str(error)) from None
        session.flush()
        # Nobody moves a desk to where they do not reach.
        (shape,) = _shapes(session, [caller.desk(session, device)])
    return answer(request, shape)


def place_shape(desk: RegisteredDesk) -> PlaceShape:
    """A place of a desk as the API says it."""
    return PlaceShape(
        company=desk.company,
        region=desk.region,
        showroom=desk.showroom,
        label=desk.label,
        timezone=desk.timezone,
        since=moment_or_none(desk.from_wall_s),
        until=moment_or_none(desk.until_wall_s),
    )


def _shapes(session: Session, chosen: Collection[RegisteredDesk]) -> list[DeskShape]:
    devices = {desk.device for desk in chosen}
    states: dict[str, Heard] = heard(session)
    told: dict[str, ToldStandard] = told_standards(session)
    open_faults = open_faults_by_desk(session)
    outstanding, unusable = awaited_of(session, devices), rejected_counts(session, devices)
    return [
        DeskShape(
            device=desk.device,
            place=place_shape(desk),
            presence=states[desk.device].presence,
            presence_since=moment_or_none(states[desk.device].wall_s),
            open_faults=tuple(_fault(each) for each in open_faults.get(desk.device, ())),
            awaited=outstanding[desk.device],
            rejected=unusable[desk.device],
            standard=told[desk.device].label if desk.device in told else None,
        )
        for desk in chosen
    ]


def _fault(fault: Fault) -> FaultShape:
    return FaultShape(
        text=fault.text, since=moment(fault.opened_wall_s), until=moment_or_none(fault.closed_wall_s)
    )
