"""Visits and calls, with the verdicts on them."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.roles import may_as, may_at
from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import RegisteredDesk, stays
from central.people.duty_roster import who_was_on_duty
from central.people.exempt_stretches import who_is_exempt
from central.records.measured import Measured
from central.records.query import measurement_of
from central.reports.measured_list import ListedKind, ListedOnly, listed_after
from central.reports.profile_view import shown_visit
from central.scoring.scored import ScoredCall, ScoredEncounter, score_call, score_encounter
from central.web.api.answers import answer
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, not_found
from central.web.api.shapes import CallShape, Part, VisitShape, verdict_shape
from central.web.api.utc_moments import moment, unix_time
from central.web.house import house_of
from protocol.measurements import Call, Encounter
from protocol.standard import Standard

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
        if not _read_by(session, caller, [found]):
            raise ApiError(403, "The profile of the showroom lets other roles read a single visit or call.")
    caller.note_read(house, "read visit" if kind == "encounter" else "read call", found.id)
    with house.reading() as session:
        (shape,) = _shapes(session, request, [found])
    return answer(request, shape)


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
        shapes = _shapes(session, request, _read_by(session, caller, [each.item for each in chosen]))
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


def _read_by(session: Session, caller: Caller, items: Sequence[Measured[Any]]) -> list[Measured[Any]]:
    """Those that the profile of the showroom lets the caller's roles read one by one."""
    devices = {_device(item) for item in items}
    there = profiles_of_desks(session, devices)
    places = {device: stays(session, device) for device in devices}
    found = []
    for item in items:
        place = _place(places[_device(item)], item.wall_s)
        readers = there.at(_device(item), item.wall_s).visit_readers
        if may_as(caller.account.grants, caller.right, readers, place.company, place.showroom):
            found.append(item)
    return found


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


def _shapes(
    session: Session, request: Request, items: Sequence[Measured[Any]]
) -> list[VisitShape | CallShape]:
    """What was measured with its verdicts, in the order given."""
    rules = house_of(request).standards(session)
    devices = {item.id.split("/")[0] for item in items}
    there = profiles_of_desks(session, devices)
    items = [
        shown_visit(item, there.at(_device(item), item.wall_s)) if isinstance(item.data, Encounter) else item
        for item in items
    ]
    places = {device: stays(session, device) for device in devices}
    moments = {device: [item.wall_s for item in items if _device(item) == device] for device in devices}
    on_duty: dict[str, Callable[[float], str]] = {}
    exempt: dict[str, Callable[[float], Collection[str]]] = {}
    for device, starts_s in moments.items():
        stretch = min(starts_s), max(starts_s) + 1.0
        on_duty[device] = who_was_on_duty(session, device, *stretch)
        exempt[device] = who_is_exempt(session, device, *stretch)
    shapes = []
    for item in items:
        device = _device(item)
        place = _place(places[device], item.wall_s)
        standard = rules.at(place.showroom_id, item.wall_s).standard
        shapes.append(
            _shape(item, standard, place, on_duty[device](item.wall_s), exempt[device](item.wall_s))
        )
    return shapes


def _shape(
    item: Measured[Any], standard: Standard, place: RegisteredDesk, on_duty: str, exempt: Collection[str]
) -> VisitShape | CallShape:
    data = item.data
    scored: ScoredEncounter | ScoredCall
    if isinstance(data, Encounter):
        scored = score_encounter(item, standard, exempt)
    else:
        scored = score_call(item, standard, exempt)
    common: dict[str, Any] = {
        "id": item.id,
        "device": place.device,
        "company": place.company,
        "showroom": place.showroom,
        "began": moment(item.wall_s),
        "ended": moment(item.end_wall_s),
        "clock_was_set": item.synced,
        "on_duty": on_duty,
        "standard": standard.label,
        "verdicts": tuple(map(verdict_shape, scored.verdicts)),
        "measurement": data,
    }
    if isinstance(data, Encounter):
        return VisitShape(
            **common, wait_s=data.wait_s, wait_ended_by=data.wait_ended_by, party_size=data.party_size
        )
    return CallShape(
        **common,
        line=data.line,
        outcome=data.outcome,
        rings_begun=data.rings_begun,
        answered_ring=data.answered_ring,
    )


def _device(item: Measured[Any]) -> str:
    return item.id.split("/")[0]


def _place(places: Sequence[RegisteredDesk], wall_s: float) -> RegisteredDesk:
    """Where a desk stood at a moment: its places reach from ever to ever."""
    return next(place for place in places if place.stood_at(wall_s))
