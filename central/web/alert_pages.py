"""The alerts of the showrooms within reach: what signals since when, and who sees to it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from central.alerts.alert_book import AlertStepError, acknowledge, alerts_of
from central.reports import indicator_wording
from central.statistics.indicators import INDICATORS
from central.web.access import OurForm, Viewer, needs
from central.web.house import house_of
from central.web.looks import note_looks
from central.web.rendering import go_to, show, told

router = APIRouter()


@router.get("/alerts")
def alerts_page(request: Request, viewer: Annotated[Viewer, needs("see_showroom")]) -> Response:
    """The latest alerts, those that last first."""
    return _list(request, viewer)


@router.post("/alerts/{number}/acknowledge", dependencies=[OurForm])
def acknowledge_form(
    request: Request, number: int, viewer: Annotated[Viewer, needs("see_visits")]
) -> Response:
    """Say by name that one sees to an alert."""
    house = house_of(request)
    with house.reading() as session:
        within = [place.id for place in viewer.showrooms(session)]
        known = {each.number for each in alerts_of(session, within)}
    if number not in known:
        raise HTTPException(404)
    try:
        with house.writing() as session:
            acknowledge(session, number, viewer.account.name, viewer.account.actor, house.now_wall_s())
    except AlertStepError as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to("/alerts")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        places = {place.id: place for place in viewer.showrooms(session)}
        found = alerts_of(session, places)
        seeing = {place.id for place in viewer.showrooms(session, "see_visits")}
    note_looks(house, viewer.account.actor, "read alerts", [f"{len(found)}"] if found else [])
    return show(
        request,
        "alerts.html.j2",
        status,
        alerts=found,
        places=places,
        seeing=seeing,
        indicators=INDICATORS,
        said=indicator_wording,
        complaint=complaint,
    )
