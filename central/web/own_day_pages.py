"""My day: what was measured while the person to whom an account belongs was on duty. Nobody reads anybody else's here."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from central.accounts.own_person import person_of
from central.appraisal.appraisal_steps import drafts_of
from central.records.day import day_of
from central.reports.own_day import LOOKED_BACK_DAYS, own_day
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import show

router = APIRouter()


@router.get("/my-day")
def my_day_page(
    request: Request,
    viewer: Annotated[Viewer, needs("see_own_day")],
    day: Annotated[date | None, Query()] = None,
) -> Response:
    """The viewer's own visits and calls of a day with every verdict's why, and their own numbers."""
    house = house_of(request)
    with house.reading() as session:
        person = person_of(session, viewer.account.id)
        zone = next((desk.timezone for desk in viewer.desks(session)), "UTC")
    chosen = day or day_of(house.now_wall_s(), zone).date
    found, drafts = None, 0
    if person is not None:
        note_looks(house, viewer.account.actor, "read own day", [str(chosen)])
        with house.reading() as session:
            found = own_day(session, person, chosen, house.standards(session))
            drafts = drafts_of(session, person)
    return show(
        request,
        "my_day.html.j2",
        found=found,
        person=person,
        drafts=drafts,
        day=chosen,
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        is_today=day is None,
        days_back=LOOKED_BACK_DAYS,
    )
