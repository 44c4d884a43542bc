"""The profiles of the showrooms: by which each works, and the two signatures that a change of it takes."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.showrooms.profile_decisions import (
    REASON_LIMIT,
    ProfilesInForce,
    ProfileStepError,
    decisions,
    propose_profile,
    sign_profile,
    withdraw_proposal,
)
from central.showrooms.profiles import UnknownProfileError, profiles
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told

Decider = Annotated[Viewer, needs("decide_profiles")]

router = APIRouter()


@router.get("/profiles")
def profiles_page(request: Request, viewer: Decider) -> Response:
    """Every showroom within reach with its profile, what is proposed, and the form to propose another."""
    return _list(request, viewer)


@router.post("/profiles", dependencies=[OurForm])
def propose(
    request: Request,
    viewer: Decider,
    showroom: NameField = "",
    profile: NameField = "",
    reason: Annotated[str, Form(max_length=REASON_LIMIT)] = "",
) -> Response:
    """Propose another profile for a showroom."""

    def step(session: Session, now_wall_s: float) -> None:
        place = viewer.showroom(session, showroom)
        propose_profile(session, place, profile, reason, viewer.account.id, now_wall_s)

    return _step(request, viewer, step)


@router.post("/profiles/{number}/sign", dependencies=[OurForm])
def sign(request: Request, number: int, viewer: Decider) -> Response:
    """Sign what another person proposed."""
    return _end(request, viewer, number, sign_profile)


@router.post("/profiles/{number}/withdraw", dependencies=[OurForm])
def withdraw(request: Request, number: int, viewer: Decider) -> Response:
    """Withdraw a proposal that nobody has signed."""
    return _end(request, viewer, number, withdraw_proposal)


def _end(
    request: Request, viewer: Viewer, number: int, end: Callable[[Session, int, int, float], None]
) -> Response:
    """End a proposal for a showroom within reach, one way or the other."""

    def step(session: Session, now_wall_s: float) -> None:
        _reached(session, viewer, number)
        end(session, number, viewer.account.id, now_wall_s)

    return _step(request, viewer, step)


def _step(request: Request, viewer: Viewer, step: Callable[[Session, float], None]) -> Response:
    house = house_of(request)
    try:
        with house.writing() as session:
            step(session, house.now_wall_s())
    except (ProfileStepError, UnknownProfileError) as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to("/profiles")


def _reached(session: Session, viewer: Viewer, number: int) -> None:
    """Let no step be taken with a proposal for a showroom that is beyond reach."""
    for each in decisions(session):
        if each.id == number and each.is_open:
            viewer.showroom(session, str(each.showroom_id))
            return
    raise HTTPException(404)


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        places = viewer.showrooms(session)
        found = decisions(session)
        held = ProfilesInForce(found)
        names = {each.id: each.name for each in accounts(session)}
    here = {place.id: place for place in places}
    return show(
        request,
        "profiles.html.j2",
        status,
        places=[
            (place, held.at(place.id, now_wall_s), held.decision(place.id, now_wall_s)) for place in places
        ],
        open_decisions=[
            (each, here[each.showroom_id]) for each in found if each.is_open and each.showroom_id in here
        ],
        profiles=profiles(),
        names=names,
        longest=REASON_LIMIT,
        complaint=complaint,
    )
