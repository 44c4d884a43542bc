"""The fairness report of a showroom: what parts groups of desks, places, hours and views, and what of it their circumstances explain."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.appraisal.appraisal_steps import process_counts
from central.appraisal.gathering import BadPeriodError, grouped, period_of, work_there
from central.appraisal.group_differences import fairness_report
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import show, told

router = APIRouter()


@router.get("/fairness")
def fairness_page(
    request: Request,
    viewer: Annotated[Viewer, needs("read_fairness")],
    showroom: Annotated[int | None, Query()] = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> Response:
    """The report of the first showroom within reach and the last whole month, unless others are named; and how appraisals stand for who audits."""
    house = house_of(request)
    with house.reading() as session:
        places = viewer.showrooms(session)
        process = process_counts(session) if viewer.may("read_audit") else None
    place = next((each for each in places if showroom in {None, each.id}), None)
    if place is None and showroom is not None:
        raise HTTPException(404)
    if place is None:
        return show(request, "fairness.html.j2", report=None, places=places, process=process)
    today = datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(place.timezone)).date()
    last_day = last or today.replace(day=1) - timedelta(days=1)
    first_day = first or last_day.replace(day=1)
    report = period = complaint = None
    try:
        period = period_of(first_day, last_day, place.timezone)
    except BadPeriodError as error:
        complaint = told(request, error)
    if period is not None:
        subject = f"{place.company} / {place.name} {first_day} {last_day}"
        note_looks(house, viewer.account.actor, "read fairness", [subject])
        with house.reading() as session:
            report = fairness_report(grouped(work_there(session, place, period, house.standards(session))))
    return show(
        request,
        "fairness.html.j2",
        200 if complaint is None else 422,
        report=report,
        place=place,
        places=places,
        first_day=first_day,
        last_day=last_day,
        process=process,
        complaint=complaint,
    )
