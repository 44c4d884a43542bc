"""What it would take: how many hosts each hour of a weekday needs in a showroom, beside how many there were, and which misses were staffing."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.reports import staffing_chart
from central.reports.staffing_chart import draw_staffing
from central.reports.staffing_need import staffing_need
from central.statistics.hosts_needed import (
    ATTENDED_SHARE,
    FEWEST_HOURS,
    FEWEST_VISITS,
    MOST_HOSTS,
    REPLICATES,
)
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import show

WEEKS = 13
"""Looked back on, a quarter of a year: of each hour of the week as many are measured at most."""

router = APIRouter()


@router.get("/staffing")
def staffing_page(
    request: Request,
    viewer: Annotated[Viewer, needs("see_visits")],
    showroom: Annotated[int | None, Query()] = None,
    weekday: Annotated[int | None, Query(ge=0, le=6)] = None,
    weeks: Annotated[int, Query(ge=1, le=52)] = WEEKS,
) -> Response:
    """One weekday of a showroom within reach: of the first one and of today's weekday unless others are named, over the whole days before today."""
    house = house_of(request)
    with house.reading() as session:
        places = viewer.showrooms(session)
    place = next((each for each in places if showroom in {None, each.id}), None)
    if place is None and showroom is not None:
        raise HTTPException(404)
    if place is None:
        return show(request, "staffing.html.j2", need=None, place=None, places=places)
    today = datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(place.timezone)).date()
    days = today - timedelta(weeks=weeks), today - timedelta(days=1)
    chosen = today.weekday() if weekday is None else weekday
    note_looks(
        house, viewer.account.actor, "read staffing", [f"{place.company} / {place.name} {days[0]} {days[1]}"]
    )
    with house.reading() as session:
        need = staffing_need(session, place, house.standards(session), days, chosen)
    return show(
        request,
        "staffing.html.j2",
        need=need,
        place=place,
        places=places,
        weekday=chosen,
        weeks=weeks,
        chart=draw_staffing(need.hours),
        drawing=staffing_chart,
        share=ATTENDED_SHARE,
        most=MOST_HOSTS,
        replicates=REPLICATES,
        fewest_hours=FEWEST_HOURS,
        fewest_visits=FEWEST_VISITS,
    )
