"""The desks: whether each is there, and what is to be mended at it."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from central.desks.desk_faults import conditions, faults, open_faults_by_desk
from central.desks.heard import heard
from central.ingest.outstanding import awaited, rejected_count
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.rendering import show

CLOSED_FAULTS = 20
"""Faults that are gone, of those a desk's page shows the latest."""

router = APIRouter()


@router.get("/desks")
def desks_page(request: Request, viewer: Annotated[Viewer, needs("see_desks")]) -> Response:
    """Every desk within reach, those with something to mend marked."""
    house = house_of(request)
    with house.reading() as session:
        found = viewer.desks(session)
        states, told = heard(session), conditions(session)
        open_faults = open_faults_by_desk(session)
    counts = Counter(states[desk.device].presence for desk in found)
    return show(
        request, "desks.html.j2", desks=found, states=states, told=told, faults=open_faults, counts=counts
    )


@router.get("/desks/{device}")
def desk_page(request: Request, device: str, viewer: Annotated[Viewer, needs("see_desks")]) -> Response:
    """One desk: its health as it told of it, its faults, and what is still on the way from it."""
    house = house_of(request)
    with house.reading() as session:
        desk = viewer.desk(session, device)
        lines = faults(session, device=device, closed=True)
        gone = [fault for fault in lines if fault.closed_wall_s is not None]
        return show(
            request,
            "desk.html.j2",
            desk=desk,
            state=heard(session)[device],
            condition=conditions(session).get(device),
            open_faults=[fault for fault in lines if fault.closed_wall_s is None],
            gone=gone[: -CLOSED_FAULTS - 1 : -1],
            awaited=awaited(session, device),
            rejected=rejected_count(session, device),
        )
