"""Visits and calls, with the verdicts on them."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.roles import may_at
from central.desks.registry import stays
from central.records.query import measurement_of
from central.reports.measured_list import ListedKind, ListedOnly, listed_after
from central.web.api.answers import answer
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.measured_shapes import shapes_for
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, not_found
from central.web.api.shapes import CallShape, Part, VisitShape
from central.web.api.utc_moments import unix_time
from central.web.house import house_of
from protocol.measurements import Call, Encounter

Device = Annotated[str, Path(max_length=63)]
Boot = Annotated[str, Path(max_length=32)]
Number = Annotated[int, Path(ge=0, le=2**31)]
NameFilter = Annotated[str | None, Query(max_length=200)]
Since = Annotated[datetime | None, Query(alias="from", description="Began then or later.")]
Until = Annotated[datetime | None, Query(alias="to", description="Began before then.")]

VisitReader = Annotated[Caller, permits("visits:read")]
CallReader = Annotated[Caller, permits("calls:read")]
PartAsked = Annotated[Asked, Depends(asked)]

router = APIRouter(prefix=PREFIX, tags=["measurements"])


def only_asked(
    company: NameFilter = None,
    showroom: NameFilter = None,
    device: Annotated[str | None, Query(max_length=63)] = None,
    since: Since = None,
    until: Until = None,
) -> dict[str, Any]:
    """The filters of a list."""
    return {"company": company, "showroom": showroom, "device": device, "since": since, "until": until}


Filters = Annotated[dict[str, Any], Depends(only_asked)]


@router.get("/visits", response_model=Part[VisitShape], summary="Visits, in the order in which they arrived")
def list_visits(request: Request, caller: VisitReader, part: PartAsked, filters: Filters) -> Response:
    """Each visit once: what arrives later, or late, comes after what there was. So the last cursor goes on tomorrow."""
    return _list(request, caller, part, filters, "encounter")


@router.get("/calls", response_model=Part[CallShape], summary="Calls, in the order in which they arrived")
def list_calls(request: Request, caller: CallReader, part: PartAsked, filters: Filters) -> Response:
    """Each call once: what arrives later, or late, comes after what there was. So the last cursor goes on tomorrow."""
    return _list(request, caller, part, filters, "call")


@router.get("/visits/{device}/{boot}/{number}", response_model=VisitShape, summary="One visit")
def read_visit(request: Request, caller: VisitReader, device: Device, boot: Boot, number: Number) -> Response:
    """One visit with every verdict on it; the read is noted in the audit log."""
    return _one(request, caller, (device, boot, number), "encounter")


@router.get("/calls/{device}/{boot}/{number}", response_model=CallShape, summary="One call")
def read_call(request: Request, caller: CallReader, device: Device, boot: Boot, number: Number) -> Response:
    """One call with every verdict on it; the read is noted in the audit log."""
    return _one(request, caller, (device, boot, number), "call")


def _one(request: Request, caller: Caller, name: tuple[str, str, int], kind: ListedKind) -> Response:
    house = house_of(request)
    wanted = Encounter if kind == "encounter" else Call
    with house.reading() as session:
        found = measurement_of(session, *name)
        if found is None or not isinstance(found.data, wanted):
            raise not_found()
        caller.desk(session, name[0], found.wall_s)
        shapes = shapes_for(session, caller, house.standards(session), [found])
    if not shapes:
        raise ApiError(403, "The profile of the showroom lets other roles read a single visit or call.")
    caller.note_read(house, "read visit" if kind == "encounter" else "read call", found.id)
    return answer(request, shapes[0])


def _list(
    request: Request, caller: Caller, part: Asked, filters: dict[str, Any], kind: ListedKind
) -> Response:
    house = house_of(request)
    if part.after is not None and not isinstance(part.after, int):
        raise not_found()
    with house.reading() as session:
        named = _noted(session, filters)
    caller.note_list(house, "read visits" if kind == "encounter" else "read calls", named or "all")
    with house.reading() as session:
        only = ListedOnly(
            kind,
            _showrooms_asked(session, caller, filters["company"], filters["showroom"]),
            filters["device"],
            None if filters["since"] is None else unix_time(filters["since"], "query.from"),
            None if filters["until"] is None else unix_time(filters["until"], "query.to"),
        )
        found = listed_after(session, only, part.after or 0, part.limit + 1)
        chosen, following = part.first(found, lambda each: each.key)
        shapes = shapes_for(session, caller, house.standards(session), [each.item for each in chosen])
    shape = Part[CallShape] if kind == "call" else Part[VisitShape]
    return answer(request, shape(items=shapes, next=following))  # type: ignore[arg-type]


def _noted(session: Session, filters: dict[str, Any]) -> str:
    """The filters as the audit log has them: with names that the registry knows, for whatever else is typed may be a person's."""
    places = stays(session)
    known = {
        "company": {place.company for place in places},
        "showroom": {place.showroom for place in places},
        "device": {place.device for place in places},
    }
    asked_for = ((name, value) for name, value in sorted(filters.items()) if value is not None)
    return ", ".join(
        f"{name} {value if name not in known or value in known[name] else 'that is not there'}"
        for name, value in asked_for
    )


def _showrooms_asked(
    session: Session, caller: Caller, company: str | None, showroom: str | None
) -> Collection[int] | None:
    """Keys of the showrooms that are asked for and within reach; None for everything, the places that are no showroom's too."""
    if company is None and showroom is None and may_at(caller.account.grants, caller.right, "", ""):
        return None
    return [
        place.id
        for place in caller.showrooms(session)
        if company in {None, place.company} and showroom in {None, place.name}
    ]
