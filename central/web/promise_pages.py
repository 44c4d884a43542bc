"""Promises to customers: written, weighed, published by somebody else, and withdrawn."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.roles import Right
from central.promises import promise_wording
from central.promises.capability import measured_of
from central.promises.promise_book import (
    PromiseStepError,
    PromiseVersion,
    WrittenPromise,
    publish_promise,
    rewrite_promise,
    versions_of_promises,
    withdraw_promise,
    write_promise,
)
from central.promises.promise_rows import REASON_LIMIT, SOURCE_LIMIT, TEXT_LIMIT
from central.promises.weighing import SIDES, UNITS, Capability, Level, Side, SideKind, refusals
from central.reports import indicator_wording
from central.showrooms.premises import Showroom, showrooms
from central.statistics.indicators import INDICATORS
from central.web.access import OurForm, Viewer, needs
from central.web.company_places import chosen_place, offered_places, reaches
from central.web.form_fields import NameField, TypedFields, typed_day, typed_number
from central.web.house import House, house_of
from central.web.kept_promise_page import kept_since_published
from central.web.rendering import go_to, in_readers_language, show, told

Reader = Annotated[Viewer, needs("read_promises")]
Writer = Annotated[Viewer, needs("write_promises")]
Publisher = Annotated[Viewer, needs("publish_promises")]
LongText = Annotated[str, Form(max_length=1000)]

LONGEST_NUMBER = 10**18
"""Above it nothing is numbered, and no database takes it."""


router = APIRouter()


@router.get("/promises")
def promises_page(request: Request, viewer: Reader) -> Response:
    """Every promise within reach, and the form to write one."""
    return _list(request, viewer)


@router.post("/promises", dependencies=[OurForm])
def write_form(request: Request, viewer: Writer, fields: TypedFields, place: NameField = "") -> Response:
    """Write the first version of a promise."""
    house = house_of(request)
    try:
        with house.writing() as session:
            written = _written(fields)
            company, showroom_id = chosen_place(viewer, "write_promises", showrooms(session), place)
            number = write_promise(
                session,
                company,
                showroom_id,
                written,
                viewer.account.id,
                viewer.account.actor,
                house.now_wall_s(),
                _today(house),
            )
    except PromiseStepError as error:
        return _list(request, viewer, 422, told(request, error), fields)
    return go_to(f"/promises/{number}")


@router.get("/promises/{number}")
def promise_page(request: Request, number: int, viewer: Reader) -> Response:
    """One promise: its sides, what is measured, what stands against publishing it, and every version."""
    return _one(request, viewer, number)


@router.post("/promises/{number}", dependencies=[OurForm])
def rewrite_form(request: Request, number: int, viewer: Writer, fields: TypedFields) -> Response:
    """Write the next version."""

    def step(session: Session, house: House) -> None:
        rewrite_promise(
            session,
            number,
            _written(fields),
            viewer.account.id,
            viewer.account.actor,
            house.now_wall_s(),
            _today(house),
        )

    return _step(request, viewer, number, step)


@router.post("/promises/{number}/publish", dependencies=[OurForm])
def publish_form(
    request: Request, number: int, viewer: Publisher, version: Annotated[int, Form(ge=1, le=LONGEST_NUMBER)]
) -> Response:
    """Publish the version that was read."""

    def step(session: Session, house: House) -> None:
        latest = versions_of_promises(session, [number])[-1]
        measured = _capability(house, session, latest)
        publish_promise(
            session,
            number,
            version,
            measured,
            viewer.account.id,
            viewer.account.actor,
            house.now_wall_s(),
        )

    return _step(request, viewer, number, step)


@router.post("/promises/{number}/withdraw", dependencies=[OurForm])
def withdraw_form(request: Request, number: int, viewer: Publisher, reason: LongText = "") -> Response:
    """Withdraw what is promised."""

    def step(session: Session, house: House) -> None:
        withdraw_promise(session, number, reason, viewer.account.id, viewer.account.actor, house.now_wall_s())

    return _step(request, viewer, number, step)


def _step(request: Request, viewer: Viewer, number: int, step: Callable[[Session, House], None]) -> Response:
    house = house_of(request)
    try:
        with in_readers_language(request), house.writing() as session:
            _reached(session, viewer, viewer.right, number)
            step(session, house)
    except PromiseStepError as error:
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"/promises/{number}")


def _list(
    request: Request,
    viewer: Viewer,
    status: int = 200,
    complaint: str = "",
    fields: dict[str, str] | None = None,
) -> Response:
    house = house_of(request)
    with house.reading() as session:
        places = {place.id: place for place in showrooms(session)}
        latest: dict[int, list[PromiseVersion]] = {}
        for each in versions_of_promises(session):
            if _reaches(viewer, "read_promises", each, places):
                latest.setdefault(each.number, []).append(each)
        offered = offered_places(viewer, "write_promises", places.values())
    return show(
        request,
        "promises.html.j2",
        status,
        listed=[
            (versions[-1], next((each for each in versions if each.holds), None))
            for versions in latest.values()
        ],
        places=places,
        offered=offered,
        said=promise_wording,
        complaint=complaint,
        **_form_values(fields or {}),
    )


def _one(request: Request, viewer: Viewer, number: int, status: int = 200, complaint: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        versions = _reached(session, viewer, "read_promises", number)
        places = {place.id: place for place in showrooms(session)}
        latest = versions[-1]
        measured = _capability(house, session, latest)
        holding = next((each for each in versions if each.holds), None)
        kept = None if holding is None else kept_since_published(house, session, holding)
        names = {each.id: each.name for each in accounts(session)}
    written = latest.written
    return show(
        request,
        "promise.html.j2",
        status,
        promise=latest,
        place=places.get(latest.showroom_id or 0),
        versions=versions,
        holding=holding,
        kept=kept,
        measured=measured,
        against=refusals(written.level, written.sides, measured),
        names=names,
        said=promise_wording,
        indicator=INDICATORS[written.code],
        may_write=_reaches(viewer, "write_promises", latest, places),
        may_publish=_reaches(viewer, "publish_promises", latest, places),
        own=latest.written_by == viewer.account.id,
        url=f"{house.url}/promises/{number}/kept",
        reason_limit=REASON_LIMIT,
        complaint=complaint,
        **_form_values(_as_fields(written)),
    )


def _capability(house: House, session: Session, promise: PromiseVersion) -> Capability:
    return measured_of(
        session,
        promise.company,
        promise.showroom_id,
        promise.written.code,
        promise.written.level.within,
        house.standards(session),
        house.settings.crm,
        house.now_wall_s(),
    )


def _reached(session: Session, viewer: Viewer, right: Right, number: int) -> tuple[PromiseVersion, ...]:
    """Every version of a promise.

    Raises:
        HTTPException: It is not there for them.
    """
    versions = versions_of_promises(session, [number]) if 0 < number < LONGEST_NUMBER else ()
    places = {place.id: place for place in showrooms(session)}
    if not versions or not _reaches(viewer, right, versions[0], places):
        raise HTTPException(404)
    return versions


def _reaches(viewer: Viewer, right: Right, promise: PromiseVersion, places: dict[int, Showroom]) -> bool:
    showroom = None if promise.showroom_id is None else places[promise.showroom_id]
    return reaches(viewer, right, promise.company, showroom)


def _written(fields: dict[str, str]) -> WrittenPromise:
    code = fields.get("code", "")
    sides: dict[SideKind, Side] = {}
    for side in SIDES:
        typed = [fields.get(f"{side}_{part}", "").strip() for part in ("within", "share", "source", "as_of")]
        # A date is offered before anything is typed.
        if any(typed[:3]):
            within, share, source, as_of = typed
            sides[side] = Side(
                Level(typed_number(within, PromiseStepError), _share(share)),
                source,
                typed_day(as_of, PromiseStepError),
            )
    level = Level(typed_number(fields.get("within", ""), PromiseStepError), _share(fields.get("share", "")))
    sites = tuple(each.rstrip("/") for each in fields.get("sites", "").split())
    return WrittenPromise(fields.get("text", ""), code, level, sides, sites)


def _share(text: str) -> float:
    value = typed_number(text.strip().removesuffix("%"), PromiseStepError)
    if value is None:
        raise PromiseStepError("Each share is needed, in percent.")
    return value / 100.0


def _as_fields(written: WrittenPromise) -> dict[str, str]:
    fields = {"text": written.text, "code": written.code, "sites": " ".join(written.sites)}
    fields |= _level_fields("", written.level)
    for side, each in written.sides.items():
        fields |= _level_fields(f"{side}_", each.level)
        fields |= {f"{side}_source": each.source, f"{side}_as_of": each.as_of.isoformat()}
    return fields


def _level_fields(before: str, level: Level) -> dict[str, str]:
    within = "" if level.within is None else f"{level.within:g}"
    return {f"{before}within": within, f"{before}share": f"{round(level.share * 100, 4):g}"}


def _form_values(fields: dict[str, str]) -> dict[str, object]:
    return {
        "fields": fields,
        "sides": SIDES,
        "units": UNITS,
        "indicators": INDICATORS,
        "indicator_said": indicator_wording,
        "text_limit": TEXT_LIMIT,
        "source_limit": SOURCE_LIMIT,
    }


def _today(house: House) -> date:
    """The latest day that has begun anywhere: what is dated today in Auckland is not of a day to come."""
    return datetime.fromtimestamp(house.now_wall_s() + 14 * 3600.0, UTC).date()
