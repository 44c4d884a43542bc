"""The showroom: a day at every desk within reach, and one visit with every verdict's why."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.accounts.roles import may_as, may_at
from central.audit.audit_log import note
from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import RegisteredDesk
from central.ingest.outstanding import awaited_of, rejected_counts
from central.people.duty_roster import shifts_in
from central.people.exempt_stretches import who_is_exempt
from central.records.day import Day, day_of
from central.records.exclusions import exclusion_of
from central.records.measured import Measured
from central.records.query import DeskStretch, measurement_of
from central.reports.profile_view import shown_visit
from central.reports.report import DeskReport
from central.reports.shown_day import scored_day
from central.reports.visit_timeline import draw_visit
from central.scoring.scored import score_encounter
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.verdicts.rules import ruled
from central.verdicts.stored import kept_verdicts
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import show
from protocol.measurements import Encounter

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
    with house.reading() as session:
        rules = ruled(viewer.stays(session), house.standards(session))
        held = [(each, _day_there(each.stay, day, now_wall_s)) for each in rules]
    there = [(each, part) for each, part in held if part.start_s < part.end_s]
    looked_at = dict.fromkeys(f"{each.stay.device} {part.date}" for each, part in there)
    note_looks(house, viewer.account.actor, "read day", looked_at)
    reports = []
    rosters: list[object] = []
    with house.reading() as session:
        profiles = ProfilesInForce(decisions(session))
        here = {each.stay.device for each, _ in there if each.stay.until_wall_s is None}
        waiting = awaited_of(session, here) if here else {}
        aside = rejected_counts(session, here) if here else {}
        stretches = [DeskStretch(each.stay.device, part.start_s, part.end_s) for each, part in there]
        for (each, part), shifts in zip(there, shifts_in(session, stretches) if there else (), strict=True):
            device, present = each.stay.device, each.stay.until_wall_s is None
            profile = profiles.at(each.stay.showroom_id, part.start_s)
            scored = scored_day(session, each, part, profile, shifts, named=False)
            named = may_at(viewer.account.grants, "read_people", each.stay.company, each.stay.showroom)
            rosters.append(shifts if named else ())
            reports.append(
                DeskReport(
                    each.stay,
                    (scored,) if scored else (),
                    waiting[device] if present else 0,
                    aside[device] if present else 0,
                    None,
                    each.standard,
                    each.state,
                )
            )
    shown_day = day or max((each.date for _, each in there), default=day_of(now_wall_s, "UTC").date)
    return show(
        request,
        "today.html.j2",
        reports=reports,
        rosters=rosters,
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
        rule = house.standards(session).at(desk.showroom_id, found.wall_s)
        kept = kept_verdicts(session, device, rule.standard, found.wall_s, found.wall_s + 1.0).get(found.id)
        exempt = who_is_exempt(session, device, found.wall_s, found.wall_s + 1.0)(found.wall_s)
        excluded = exclusion_of(session, device, bootid, sequence)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read visit", found.id)
    shown = shown_visit(Measured(found.id, found.wall_s, found.synced, found.data), profile)
    # What is kept was judged from all that was measured.
    encounter = score_encounter(shown, rule.standard, exempt, kept if shown.data is found.data else None)
    timeline = draw_visit(
        shown.data, encounter.wait, encounter.response.outcome, encounter.response.limits.max
    )
    return show(
        request,
        "visit.html.j2",
        desk=desk,
        encounter=encounter,
        timeline=timeline,
        excluded=excluded,
        standard=rule.standard,
        state=rule.state,
        day=day_of(found.wall_s, desk.timezone).date,
    )


def _day_there(stay: RegisteredDesk, day: date | None, now_wall_s: float) -> Day:
    """The day that is named, or today, as far as the desk stood there on it."""
    asked = day_of(now_wall_s, stay.timezone).date if day is None else day
    return Day(asked, stay.timezone, stay.from_wall_s, stay.until_wall_s)
