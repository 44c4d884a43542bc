"""The showroom: a day at every desk within reach, and one visit with every verdict's why."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.accounts.roles import may_as
from central.audit.audit_log import note, noted_since
from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import RegisteredDesk
from central.ingest.outstanding import awaited, rejected_count
from central.people.duty_roster import shifts_between
from central.people.exempt_stretches import who_is_exempt
from central.records.day import Day, day_of
from central.records.measured import Measured
from central.records.query import measured_between, measurement_of
from central.reports.profile_view import day_as_shown, shown_visit
from central.reports.report import DeskReport
from central.reports.visit_timeline import draw_visit
from central.scoring.scored import score_encounter
from central.showrooms.profile_decisions import ProfilesInForce, decisions
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
        stays = [(stay, _day_there(stay, day, now_wall_s)) for stay in viewer.stays(session)]
    there = [(stay, each) for stay, each in stays if each.start_s < each.end_s]
    _note_days(house, viewer, [f"{stay.device} {each.date}" for stay, each in there])
    reports = []
    with house.reading() as session:
        held = ProfilesInForce(decisions(session))
        for stay, each in there:
            measured = measured_between(session, stay.device, each.start_s, each.end_s)
            exempt = who_is_exempt(session, stay.device, each.start_s, each.end_s)
            profile = held.at(stay.showroom_id, each.start_s)
            on_duty = shifts_between(session, stay.device, each.start_s, each.end_s)
            score = partial(score_day, standard=standard, day=each, exempt_at=exempt)
            people = {shift.person for shift in on_duty}
            scored = (day_as_shown(score, measured, profile, people),) if measured else ()
            present = stay.until_wall_s is None
            reports.append(
                DeskReport(
                    stay,
                    scored,
                    awaited(session, stay.device) if present else 0,
                    rejected_count(session, stay.device) if present else 0,
                    None,
                )
            )
    shown_day = day or max((each.date for _, each in there), default=day_of(now_wall_s, "UTC").date)
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
        found = measurement_of(session, device, bootid, sequence)
        if found is None or not isinstance(found.data, Encounter):
            raise HTTPException(404)
        # It belongs to the showroom in which the desk stood then.
        desk = viewer.desk(session, device, found.wall_s)
        profile = profiles_of_desks(session, [device]).at(device, found.wall_s)
        if not may_as(
            viewer.account.grants, viewer.right, profile.visit_readers, desk.company, desk.showroom
        ):
            raise HTTPException(403)
        exempt = who_is_exempt(session, device, found.wall_s, found.wall_s + 1.0)(found.wall_s)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read visit", found.id)
    shown = shown_visit(Measured(found.id, found.wall_s, found.synced, found.data), profile)
    encounter = score_encounter(shown, standard, exempt)
    timeline = draw_visit(
        shown.data, encounter.wait, encounter.response.outcome, encounter.response.limits.max
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


def _day_there(stay: RegisteredDesk, day: date | None, now_wall_s: float) -> Day:
    """The day that is named, or today, as far as the desk stood there on it."""
    asked = day_of(now_wall_s, stay.timezone).date if day is None else day
    return Day(asked, stay.timezone, stay.from_wall_s, stay.until_wall_s)


def _note_days(house: House, viewer: Viewer, subjects: list[str]) -> None:
    """Note which days are looked at, before they are."""
    now_wall_s = house.now_wall_s()
    since_s = now_wall_s - ONE_LOOK_S
    with house.reading() as session:
        new = [
            subject
            for subject in subjects
            if not noted_since(session, since_s, viewer.account.actor, "read day", subject)
        ]
    if new:
        with house.writing() as session:
            for subject in new:
                note(session, now_wall_s, viewer.account.actor, "read day", subject)
