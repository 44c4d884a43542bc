"""The showroom: a day at every desk within reach, and one visit with every verdict's why."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.audit.audit_log import note, noted_since
from central.desks.registry import RegisteredDesk
from central.ingest.outstanding import awaited, rejected_count
from central.records.day import Day, day_of
from central.records.measured import Measured
from central.records.query import measured_between, measurement_of
from central.reports.report import DeskReport
from central.reports.visit_timeline import draw_visit
from central.scoring.scored import score_encounter
from central.statistics.desk_day import score_day
from central.web.access import Viewer, needs
from central.web.house import House, house_of
from central.web.rendering import show
from protocol.measurements import Encounter
from protocol.standards_folder import find_standard

ONE_LOOK_S = 900.0
"""A page of a day that is open renews itself with each visit: within a quarter of an hour that is one look in the audit log."""

router = APIRouter()


@router.get("/today")
def today_page(
    request: Request,
    viewer: Annotated[Viewer, needs("see_showroom")],
    day: Annotated[date | None, Query()] = None,
) -> Response:
    """A day at every desk within reach: today in the desk's own time zone, or the day that is named."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    standard = find_standard(house.settings.standards.default, house.settings.standards.folder)
    with house.reading() as session:
        desks = viewer.desks(session)
        days = [
            day_of(now_wall_s, desk.timezone) if day is None else Day(day, desk.timezone) for desk in desks
        ]
    _note_days(house, viewer, desks, days)
    reports = []
    with house.reading() as session:
        for desk, shown in zip(desks, days, strict=True):
            measured = measured_between(session, desk.device, shown.start_s, shown.end_s)
            scored = (score_day(measured, standard, shown),) if measured else ()
            reports.append(
                DeskReport(
                    desk, scored, awaited(session, desk.device), rejected_count(session, desk.device), None
                )
            )
    shown_day = day or max((each.date for each in days), default=day_of(now_wall_s, "UTC").date)
    return show(
        request,
        "today.html.j2",
        reports=reports,
        standard=standard,
        day=shown_day,
        before=shown_day - timedelta(days=1),
        after=shown_day + timedelta(days=1),
        is_today=day is None,
    )


@router.get("/visits/{device}/{bootid}/{sequence}")
def visit_page(
    request: Request,
    device: str,
    bootid: str,
    sequence: int,
    viewer: Annotated[Viewer, needs("see_visits")],
) -> Response:
    """One visit: its moments as a picture and a table, and every verdict with its why."""
    house = house_of(request)
    standard = find_standard(house.settings.standards.default, house.settings.standards.folder)
    with house.reading() as session:
        desk = viewer.desk(session, device)
        found = measurement_of(session, device, bootid, sequence)
    if found is None or not isinstance(found.data, Encounter):
        raise HTTPException(404)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read visit", found.id)
    encounter = score_encounter(Measured(found.id, found.wall_s, found.synced, found.data), standard)
    timeline = draw_visit(
        found.data, encounter.wait, encounter.response.outcome, encounter.response.limits.max
    )
    return show(
        request,
        "visit.html.j2",
        desk=desk,
        encounter=encounter,
        timeline=timeline,
        standard=standard,
        day=day_of(found.wall_s, desk.timezone).date,
    )


def _note_days(house: House, viewer: Viewer, desks: tuple[RegisteredDesk, ...], days: list[Day]) -> None:
    """Note which days are looked at, before they are."""
    now_wall_s = house.now_wall_s()
    subjects = [f"{desk.device} {day.date}" for desk, day in zip(desks, days, strict=True)]
    with house.reading() as session:
        new = [
            subject
            for subject in subjects
            if not noted_since(session, now_wall_s - ONE_LOOK_S, viewer.account.actor, "read day", subject)
        ]
    if new:
        with house.writing() as session:
            for subject in new:
                note(session, now_wall_s, viewer.account.actor, "read day", subject)
