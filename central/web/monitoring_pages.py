"""Standing monitoring: sources with a rhythm and an owner, what is overdue, and what was noted."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.roles import Right, may_at, may_for_company
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
from central.reports.language import gettext
from central.showrooms.premises import Showroom, showrooms
from central.statistics.indicators import INDICATORS
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import House, house_of
from central.web.looks import note_looks
from central.web.promise_pages import TypedFields
from central.web.rendering import go_to, in_readers_language, show, told

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
        with in_readers_language(request), house.writing() as session:
            company, showroom_id = _place(session, viewer, place)
            known = showrooms(session)
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
            _day(day),
            text,
            _value(value),
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
        with in_readers_language(request), house.writing() as session:
            _, place = _reached(session, viewer, "write_monitoring", number)
            step(session, house, place)
    except MonitoringStepError as error:
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"/monitoring/{number}")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        known = showrooms(session)
        offered = _offered(viewer, known)
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
    """Whether somebody has a right over a source: a company's is read by whoever reads any of its, and written for all of it only."""
    grants = viewer.account.grants
    if source.showroom_id is not None:
        return may_at(grants, right, place.company, place.name)
    if right == "read_monitoring":
        return may_for_company(grants, right, source.company)
    return may_at(grants, right, source.company, "")


def _offered(viewer: Viewer, known: tuple[Showroom, ...]) -> list[tuple[str, str]]:
    """Of what somebody may enter sources: the value of a form's choice, and its words."""
    grants = viewer.account.grants
    companies = sorted({place.company for place in known})
    return [
        *(
            (f"company:{company}", company)
            for company in companies
            if may_at(grants, "write_monitoring", company, "")
        ),
        *(
            (f"showroom:{place.id}", f"{place.company} · {place.name}")
            for place in known
            if may_at(grants, "write_monitoring", place.company, place.name)
        ),
    ]


def _place(session: Session, viewer: Viewer, chosen: str) -> tuple[str, int | None]:
    known = showrooms(session)
    if chosen not in {value for value, _ in _offered(viewer, known)}:
        raise HTTPException(404)
    kind, _, name = chosen.partition(":")
    if kind == "company":
        return name, None
    return next(place.company for place in known if place.id == int(name)), int(name)


def _said(fields: dict[str, str]) -> SourceSaid:
    codes = tuple(name.removeprefix(CODE) for name in fields if name.startswith(CODE))
    kind, title, rhythm, owner, unit = (
        fields.get(each, "") for each in ("kind", "title", "rhythm", "owner", "unit")
    )
    return SourceSaid(kind, title, rhythm, owner, unit, codes)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = gettext("{text} is no day, such as 2026-09-21.")
        raise MonitoringStepError(words.format(text=repr(text))) from None


def _value(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise MonitoringStepError(gettext("{text} is no number.").format(text=repr(text))) from None


def _today(house: House, place: Showroom) -> date:
    return datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(place.timezone)).date()
