"""The month of a showroom: every day at every desk in figures."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from central.accounts.roles import may_at
from central.audit.audit_log import note, noted_since
from central.desks.registry import stays
from central.reports import month_chart
from central.reports.month import month_of
from central.reports.month_chart import draw_month
from central.showrooms.premises import Showroom, showrooms
from central.web.access import Viewer, needs
from central.web.house import House, house_of
from central.web.rendering import show
from central.web.showroom_pages import ONE_LOOK_S

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
        within = [
            each
            for each in showrooms(session)
            if may_at(viewer.account.grants, viewer.right, each.company, each.name)
        ]
    found = next((each for each in within if showroom in {None, each.id}), None)
    if found is None and showroom is not None:
        raise HTTPException(404)
    if found is None:
        return show(request, "month.html.j2", month=None, others=within)
    present = datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(found.timezone)).date().replace(day=1)
    first_day = present if month is None else date.fromisoformat(f"{month}-01")
    _note_month(house, viewer, found, first_day)
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


def _note_month(house: House, viewer: Viewer, showroom: Showroom, first_day: date) -> None:
    """Note which month is looked at, before it is; once for a page that is loaded again."""
    now_wall_s, actor = house.now_wall_s(), viewer.account.actor
    subject = f"{showroom.company} / {showroom.name} {first_day:%Y-%m}"
    with house.reading() as session:
        known = noted_since(session, now_wall_s - ONE_LOOK_S, actor, "read month", subject)
    if not known:
        with house.writing() as session:
            note(session, now_wall_s, actor, "read month", subject)
