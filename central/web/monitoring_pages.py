"""Standing monitoring: sources with a rhythm and an owner, what is overdue, and what was noted."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.roles import Right
from central.alerts.alert_book import place_of_source
from central.monitoring import monitoring_wording
from central.monitoring.rhythm import RHYTHMS
from central.monitoring.source_book import (
    KINDS,
    MonitoredSource,
    MonitoringStepError,
    SourceSaid,
    begin_monitoring,
    change_monitoring,
    end_monitoring,
    monitored_sources,
    note_found,
    notes_of,
)
from central.monitoring.source_rows import NOTE_LIMIT, OWNER_LIMIT, TITLE_LIMIT, UNIT_LIMIT
from central.reports import indicator_wording
from central.showrooms.premises import Showroom, showrooms
from central.statistics.indicators import INDICATORS
from central.web.access import OurForm, Viewer, needs
from central.web.company_places import chosen_place, offered_places, reaches
from central.web.form_fields import NameField, TypedFields, typed_day, typed_number
from central.web.house import House, house_of
from central.web.looks import note_looks
from central.web.rendering import go_to, show, told

Reader = Annotated[Viewer, needs("read_monitoring")]
Writer = Annotated[Viewer, needs("write_monitoring")]
NoteField = Annotated[str, Form(max_length=NOTE_LIMIT + 1)]
CODE = "code_"
"""Before an indicator's code in the name of its box."""

router = APIRouter()


@router.get("/monitoring")
def monitoring_page(request: Request, viewer: Reader) -> Response:
    """Every source within reach, those that are overdue first, and the form to enter one."""
    return _list(request, viewer)


@router.post("/monitoring", dependencies=[OurForm])
def begin_form(request: Request, viewer: Writer, fields: TypedFields, place: NameField = "") -> Response:
    """Enter a source."""
    house = house_of(request)
    try:
        with house.writing() as session:
            known = showrooms(session)
            company, showroom_id = chosen_place(viewer, "write_monitoring", known, place)
            first = next(each for each in known if each.company == company and showroom_id in {None, each.id})
            number = begin_monitoring(
                session,
                company,
                showroom_id,
                _said(fields),
                viewer.account.id,
                viewer.account.actor,
                house.now_wall_s(),
                _today(house, first),
            )
    except MonitoringStepError as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to(f"/monitoring/{number}")


@router.get("/monitoring/{number}")
def source_page(request: Request, number: int, viewer: Reader) -> Response:
    """One source with everything that was noted of it."""
    return _one(request, viewer, number)


@router.post("/monitoring/{number}/note", dependencies=[OurForm])
def note_form(
    request: Request,
    number: int,
    viewer: Writer,
    day: NameField = "",
    value: NameField = "",
    text: NoteField = "",
    signal: NameField = "",
) -> Response:
    """Note what was found."""

    def step(session: Session, house: House, place: Showroom) -> None:
        note_found(
            session,
            number,
            typed_day(day, MonitoringStepError),
            text,
            typed_number(value, MonitoringStepError),
            viewer.account.id,
            viewer.account.actor,
            house.now_wall_s(),
            _today(house, place),
            signal=bool(signal),
        )

    return _step(request, viewer, number, step)


@router.post("/monitoring/{number}/change", dependencies=[OurForm])
def change_form(request: Request, number: int, viewer: Writer, fields: TypedFields) -> Response:
    """Say another rhythm, owner or other indicators."""

    def step(session: Session, house: House, _: Showroom) -> None:
        change_monitoring(session, number, _said(fields), viewer.account.actor, house.now_wall_s())

    return _step(request, viewer, number, step)


@router.post("/monitoring/{number}/end", dependencies=[OurForm])
def end_form(request: Request, number: int, viewer: Writer) -> Response:
    """Monitor it no more."""

    def step(session: Session, house: House, _: Showroom) -> None:
        end_monitoring(session, number, viewer.account.id, viewer.account.actor, house.now_wall_s())

    return _step(request, viewer, number, step)


def _step(
    request: Request, viewer: Viewer, number: int, step: Callable[[Session, House, Showroom], None]
) -> Response:
    house = house_of(request)
    try:
        with house.writing() as session:
            _, place = _reached(session, viewer, "write_monitoring", number)
            step(session, house, place)
    except MonitoringStepError as error:
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"/monitoring/{number}")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        known = showrooms(session)
        offered = offered_places(viewer, "write_monitoring", known)
        listed = [
            (each, place, each.overdue(_today(house, place)))
            for each in monitored_sources(session)
            if (place := place_of_source(each, known)) is not None
            and _reaches(viewer, "read_monitoring", each, place)
        ]
    listed.sort(key=lambda each: (each[0].ended_wall_s is not None, not each[2], each[0].due))
    note_looks(house, viewer.account.actor, "read monitoring", [f"{len(listed)}"] if listed else [])
    return show(
        request,
        "monitoring.html.j2",
        status,
        listed=listed,
        offered=offered,
        complaint=complaint,
        source=None,
        **_choices(),
    )


def _one(request: Request, viewer: Viewer, number: int, status: int = 200, complaint: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        source, place = _reached(session, viewer, "read_monitoring", number)
        notes = notes_of(session, [number])
        names = {each.id: each.name for each in accounts(session)}
    note_looks(house, viewer.account.actor, "read monitoring", [f"source {number}"])
    today = _today(house, place)
    return show(
        request,
        "monitored_source.html.j2",
        status,
        source=source,
        place=place,
        overdue=source.overdue(today),
        notes=notes,
        names=names,
        today=today,
        writes=source.ended_wall_s is None and _reaches(viewer, "write_monitoring", source, place),
        note_limit=NOTE_LIMIT,
        complaint=complaint,
        **_choices(),
    )


def _choices() -> dict[str, object]:
    return {
        "kinds": KINDS,
        "rhythms": RHYTHMS,
        "indicators": INDICATORS,
        "indicator_said": indicator_wording,
        "said": monitoring_wording,
        "box": CODE,
        "limits": {"title": TITLE_LIMIT, "owner": OWNER_LIMIT, "unit": UNIT_LIMIT},
    }


def _reached(session: Session, viewer: Viewer, right: Right, number: int) -> tuple[MonitoredSource, Showroom]:
    """A source with the showroom by whose clock it is due.

    Raises:
        HTTPException: It is not there for them.
    """
    known = showrooms(session)
    source = next((each for each in monitored_sources(session) if each.number == number), None)
    place = None if source is None else place_of_source(source, known)
    if source is None or place is None or not _reaches(viewer, right, source, place):
        raise HTTPException(404)
    return source, place


def _reaches(viewer: Viewer, right: Right, source: MonitoredSource, place: Showroom) -> bool:
    return reaches(viewer, right, source.company, None if source.showroom_id is None else place)


def _said(fields: dict[str, str]) -> SourceSaid:
    codes = tuple(name.removeprefix(CODE) for name in fields if name.startswith(CODE))
    kind, title, rhythm, owner, unit = (
        fields.get(each, "") for each in ("kind", "title", "rhythm", "owner", "unit")
    )
    return SourceSaid(kind, title, rhythm, owner, unit, codes)


def _today(house: House, place: Showroom) -> date:
    return datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(place.timezone)).date()
