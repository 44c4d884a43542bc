"""The month of a showroom: every day at every desk in figures."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.desks.registry import stays
from central.reports import month_chart
from central.reports.month import month_of
from central.reports.month_chart import draw_month
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import show

router = APIRouter()


@router.get("/month")
def month_page(
    request: Request,
    viewer: Annotated[Viewer, needs("see_showroom")],
    showroom: Annotated[int | None, Query()] = None,
    month: Annotated[str | None, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] = None,
) -> Response:
    """A month of a showroom within reach: of the first one and the present month unless others are named."""
    house = house_of(request)
    with house.reading() as session:
        within = viewer.showrooms(session)
    found = next((each for each in within if showroom in {None, each.id}), None)
    if found is None and showroom is not None:
        raise HTTPException(404)
    if found is None:
        return show(request, "month.html.j2", month=None, others=within)
    present = datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(found.timezone)).date().replace(day=1)
    first_day = present if month is None else date.fromisoformat(f"{month}-01")
    subject = f"{found.company} / {found.name} {first_day:%Y-%m}"
    note_looks(house, viewer.account.actor, "read month", [subject])
    with house.reading() as session:
        counted = month_of(session, found, stays(session), house.standards(session), first_day)
    return show(
        request,
        "month.html.j2",
        month=counted,
        others=within,
        chart=draw_month(counted.days),
        drawing=month_chart,
        before=(first_day - timedelta(days=1)).replace(day=1),
        after=(first_day + timedelta(days=32)).replace(day=1) if first_day < present else None,
    )
