"""What is measured, kept and read, in plain words: for whoever is measured, and for those who speak for them."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from central.audit.audit_log import counted_since
from central.privacy.erasures import erasures
from central.privacy.kept_fields import KEPT_FIELDS
from central.showrooms.premises import showrooms
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.showrooms.profiles import TEAM_OF, profiles
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.rendering import show

LOOKED_BACK_DAYS = 30
"""Days of reading that are counted: a month, as works councils are mostly told."""
READS = (
    *("read day", "read month", "read visit", "data of a person handed out"),
    *("read visits", "read calls", "read call", "read duty", "read people", "read person", "read exemptions"),
)
"""Entries of the audit log that tell of somebody who read what a person did."""

router = APIRouter()


@router.get("/privacy")
def privacy_page(request: Request, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """The page; it shows the settings as they are in force, and nobody's name."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    since_wall_s = house.now_wall_s() - LOOKED_BACK_DAYS * 86400.0
    with house.reading() as session:
        reads = counted_since(session, since_wall_s, READS)
        held = ProfilesInForce(decisions(session))
        # A showroom is named to those alone whose roles reach something there.
        places = [
            (place, held.at(place.id, now_wall_s), held.decision(place.id, now_wall_s))
            for place in showrooms(session)
            if any(grant.scope.covers(place.company, place.name) for grant in viewer.account.grants)
        ]
        return show(
            request,
            "privacy.html.j2",
            kept_fields=KEPT_FIELDS,
            retention=house.settings.retention,
            reads=reads,
            days_back=LOOKED_BACK_DAYS,
            profiles=profiles(),
            places=places,
            team_of=TEAM_OF,
            erasures=erasures(session),
            may_read_audit=viewer.may("read_audit"),
        )
