"""The indicators: all of a scope on one page, one of them as a chart, and the view for a screen on the wall."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.roles import may_at
from central.monitoring import monitoring_wording
from central.monitoring.source_book import MonitoredNote, MonitoredSource, may_explain
from central.reports import indicator_chart, indicator_wording
from central.reports.indicator_chart import HISTORY_DAYS, IndicatorChart, chart_of, draw_indicator, shown_days
from central.reports.indicator_choices import (
    OWNER_LIMIT,
    REASON_LIMIT,
    BadChoiceError,
    IndicatorBaseline,
    IndicatorChoice,
    baselines_of,
    begin_baseline,
    choices_of,
    choose,
)
from central.reports.indicator_values import IndicatorReader, PeriodValue
from central.statistics.indicators import INDICATORS, WINDOW_DAYS, Indicator
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField, typed_day, typed_number
from central.web.house import House, house_of
from central.web.indicator_scopes import OfferedScope, offered_scopes, people_are_open, scope_of
from central.web.looks import note_looks
from central.web.rendering import go_to, show, told

LATE_DAYS = 28
"""The days whose value the list and the wall show: four weeks, so that each weekday counts alike."""
WALL = ("wait.median", "respond.within_s", "kept", "presence.share", "phone.rings", "coverage")
"""What the wall shows, as far as anything of it was measured: six figures are read at a glance."""

Reader = Annotated[Viewer, needs("see_showroom")]
ScopeField = Annotated[str, Query(max_length=300)]

router = APIRouter()


@router.get("/indicators")
def indicators_page(request: Request, viewer: Reader, scope: ScopeField = "") -> Response:
    """Every indicator of a scope, with its latest four weeks and whether its chart signals."""
    house = house_of(request)
    offered, chosen = _chosen(house, viewer, scope)
    if chosen is None:
        return show(request, "indicators.html.j2", chosen=None, offered=offered)
    note_looks(house, viewer.account.actor, "read indicators", [chosen.key])
    with house.reading() as session:
        reader = _reader(house, session, chosen)
        rows = [_row(session, reader, chosen, each) for each in INDICATORS.values()]
        choices = choices_of(session, chosen.company)
        people = reader.cells.names() if people_are_open(session, viewer, chosen) else ()
    return show(
        request,
        "indicators.html.j2",
        chosen=chosen,
        offered=offered,
        rows=rows,
        choices=choices,
        people=people,
        said=indicator_wording,
        days=LATE_DAYS,
    )


@router.get("/indicators/{code}")
def indicator_page(
    request: Request,
    code: str,
    viewer: Reader,
    scope: ScopeField = "",
    step: Annotated[Literal["day", "week", "month"], Query()] = "day",
    days: Annotated[int, Query(ge=7, le=HISTORY_DAYS)] = WINDOW_DAYS,
) -> Response:
    """One indicator as a chart, with a table beside it."""
    return _chart_page(request, code, viewer, scope, step, days)


@router.post("/indicators/{code}/reference", dependencies=[OurForm])
def reference_form(
    request: Request,
    code: str,
    viewer: Annotated[Viewer, needs("write_standards")],
    scope: NameField = "",
    from_day: NameField = "",
    reason: Annotated[str, Form(max_length=REASON_LIMIT)] = "",
) -> Response:
    """Say that the level of a chart is the one to be held from a day on."""
    house = house_of(request)
    _, chosen = _chosen(house, viewer, scope)
    if chosen is None or code not in INDICATORS:
        raise HTTPException(404)
    try:
        said = IndicatorBaseline(typed_day(from_day, BadChoiceError), reason, viewer.account.name)
        with house.writing() as session:
            begin_baseline(session, chosen.key, code, said, viewer.account.actor, house.now_wall_s())
    except BadChoiceError as error:
        return _chart_page(request, code, viewer, chosen.key, "day", WINDOW_DAYS, told(request, error))
    return go_to(f"/indicators/{code}?scope={chosen.key}")


@router.post("/indicators/{code}/choice", dependencies=[OurForm])
def choice_form(
    request: Request,
    code: str,
    viewer: Annotated[Viewer, needs("approve_standards")],
    scope: NameField = "",
    owner: Annotated[str, Form(max_length=OWNER_LIMIT)] = "",
    target: NameField = "",
) -> Response:
    """Say who owns an indicator in a company, and what is aimed at."""
    house = house_of(request)
    _, chosen = _chosen(house, viewer, scope)
    if chosen is None or code not in INDICATORS:
        raise HTTPException(404)
    if not may_at(viewer.account.grants, "approve_standards", chosen.company, ""):
        raise HTTPException(403)
    try:
        choice = IndicatorChoice(owner, _target(INDICATORS[code], target))
        with house.writing() as session:
            choose(session, chosen.company, code, choice, viewer.account.actor, house.now_wall_s())
    except BadChoiceError as error:
        return _chart_page(request, code, viewer, chosen.key, "day", WINDOW_DAYS, told(request, error))
    return go_to(f"/indicators/{code}?scope={chosen.key}")


@router.get("/wall")
def wall_page(request: Request, viewer: Reader, scope: ScopeField = "") -> Response:
    """Today of a showroom in figures large enough to be read across a room; it renews itself."""
    house = house_of(request)
    offered, chosen = _chosen(house, viewer, scope)
    if chosen is None or chosen.scope.kind == "person":
        return show(request, "wall.html.j2", chosen=None, offered=offered)
    note_looks(house, viewer.account.actor, "read wall", [chosen.key])
    today = _today(house, chosen)
    with house.reading() as session:
        reader = _reader(house, session, chosen, LATE_DAYS)
        tiles = [
            (
                each,
                reader.value(each, today, today),
                reader.value(each, today - timedelta(days=LATE_DAYS - 1), today),
            )
            for each in (INDICATORS[code] for code in WALL)
        ]
        choices = choices_of(session, chosen.company)
    return show(
        request,
        "wall.html.j2",
        chosen=chosen,
        offered=offered,
        tiles=tiles,
        choices=choices,
        said=indicator_wording,
        today=today,
        days=LATE_DAYS,
    )


def _chart_page(
    request: Request,
    code: str,
    viewer: Viewer,
    scope: str,
    step: Literal["day", "week", "month"],
    days: int,
    complaint: str = "",
) -> Response:
    indicator, house = INDICATORS.get(code), house_of(request)
    offered, chosen = _chosen(house, viewer, scope)
    if indicator is None or chosen is None:
        raise HTTPException(404)
    note_looks(house, viewer.account.actor, "read indicator", [f"{chosen.key} {code}"])
    today = _today(house, chosen)
    with house.reading() as session:
        reader = _reader(house, session, chosen)
        said = baselines_of(session, chosen.key, code)
        chart = chart_of(session, reader, indicator, step, shown_days(today, days), said)
        whole = reader.value(indicator, shown_days(today, days), today)
        choice = choices_of(session, chosen.company).get(code, IndicatorChoice())
        noted = _noted(session, viewer, chosen, code, shown_days(today, days), today)
    grants = viewer.account.grants
    return show(
        request,
        "indicator.html.j2",
        422 if complaint else 200,
        chosen=chosen,
        offered=offered,
        indicator=indicator,
        chart=chart,
        whole=whole,
        picture=draw_indicator(chart, choice.target, [note.day for _, note in noted]),
        noted=noted,
        monitoring=monitoring_wording,
        drawing=indicator_chart,
        said=indicator_wording,
        choice=choice,
        step=step,
        days=days,
        today=today,
        may_choose=may_at(grants, "approve_standards", chosen.company, ""),
        may_hold=viewer.may("write_standards"),
        complaint=complaint,
    )


def _noted(
    session: Session, viewer: Viewer, chosen: OfferedScope, code: str, first: date, last: date
) -> tuple[tuple[MonitoredSource, MonitoredNote], ...]:
    """What monitoring found that may explain the indicator there, for whoever may read all of it."""
    places = {each.showroom_id: each for each in chosen.scope.stays if each.showroom_id is not None}
    grants = viewer.account.grants
    if not all(may_at(grants, "read_monitoring", each.company, each.showroom) for each in places.values()):
        return ()
    return may_explain(session, chosen.company, set(places), code, first, last)


def _chosen(house: House, viewer: Viewer, key: str) -> tuple[tuple[OfferedScope, ...], OfferedScope | None]:
    """Every scope within reach, and the one that is named.

    Raises:
        HTTPException: It is named, and not within reach.
    """
    with house.reading() as session:
        offered = offered_scopes(session, viewer)
        chosen = scope_of(session, viewer, offered, key)
    if key and chosen is None:
        raise HTTPException(404)
    return offered, chosen


def _today(house: House, chosen: OfferedScope) -> date:
    return datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(chosen.timezone)).date()


def _reader(
    house: House, session: Session, chosen: OfferedScope, days: int = HISTORY_DAYS
) -> IndicatorReader:
    today = _today(house, chosen)
    return IndicatorReader(
        session,
        chosen.scope,
        house.standards(session),
        shown_days(today, days),
        today,
        house.settings.crm,
        house.now_wall_s(),
    )


def _row(
    session: Session, reader: IndicatorReader, chosen: OfferedScope, indicator: Indicator
) -> tuple[Indicator, PeriodValue, IndicatorChart]:
    late = shown_days(reader.last_day, LATE_DAYS)
    said = baselines_of(session, chosen.key, indicator.code)
    chart = chart_of(session, reader, indicator, "day", late, said)
    return indicator, reader.value(indicator, late, reader.last_day), chart


def _target(indicator: Indicator, text: str) -> float | None:
    """What a form says of a target: shares in percent."""
    value = typed_number(text.strip().removesuffix("%"), BadChoiceError)
    if value is None:
        return None
    return value / 100.0 if indicator.unit == "share" else value
