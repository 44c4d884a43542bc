"""Replies to customers: what is due until when, why then, how many came in time, and how the ticket systems are doing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.crm.case_book import case_of
from central.crm.link_states import CrmState, link_states
from central.reports import reply_wording
from central.reports.reply_book import (
    CaseClock,
    ReplyCounts,
    case_clocks,
    clocks_of_case,
    replies_counted,
    still_unanswered,
)
from central.showrooms.premises import Showroom
from central.statistics.share import ShareOf, share_of
from central.web.access import Viewer, needs
from central.web.house import House, house_of
from central.web.rendering import show

LOOKED_BACK_S = 366 * 86_400.0
"""A case in which nothing was written for longer is left to the ticket system."""

Reader = Annotated[Viewer, needs("see_showroom")]

router = APIRouter()


@dataclass(frozen=True, slots=True)
class RepliedThere:
    """The month of one showroom so far."""

    showroom: Showroom
    counts: ReplyCounts
    in_time: ShareOf | None
    """None before anything was decided."""


@router.get("/replies")
def replies_page(request: Request, viewer: Reader) -> Response:
    """What is to be replied to within reach, the late ones first; the month so far; the ticket systems."""
    house = house_of(request)
    now_s = house.now_wall_s()
    with house.reading() as session:
        within = viewer.showrooms(session)
        clocks = _within(
            within,
            case_clocks(session, house.settings.crm, house.standards(session), now_s - LOOKED_BACK_S, now_s),
        )
        systems = _systems(session, house, within)
    return show(
        request,
        "replies.html.j2",
        due=still_unanswered(clocks, now_s),
        months=[_month(each, clocks, now_s) for each in within],
        systems=systems,
        now_s=now_s,
        said=reply_wording,
    )


@router.get("/replies/{number}")
def reply_page(request: Request, number: int, viewer: Reader) -> Response:
    """One case: each of its clocks, with the stretches that are counted and why the others are not."""
    house = house_of(request)
    now_s = house.now_wall_s()
    with house.reading() as session:
        within = viewer.showrooms(session)
        found = _within(
            within,
            clocks_of_case(
                session,
                house.settings.crm,
                house.standards(session),
                case_of(session, number),
                now_s,
            ),
        )
    if not found:
        raise HTTPException(404)
    return show(request, "reply.html.j2", clocks=found, now_s=now_s, said=reply_wording)


def _within(within: Iterable[Showroom], clocks: Iterable[CaseClock]) -> tuple[CaseClock, ...]:
    reached = {each.id for each in within}
    return tuple(each for each in clocks if each.showroom.id in reached)


def _month(place: Showroom, clocks: Iterable[CaseClock], now_s: float) -> RepliedThere:
    """Of the present month on the showroom's own calendar."""
    present = datetime.fromtimestamp(now_s, ZoneInfo(place.timezone))
    begins = present.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counts = replies_counted(clocks, begins.timestamp(), now_s).get(place.id, ReplyCounts())
    return RepliedThere(place, counts, share_of(counts.in_time, counts.decided) if counts.decided else None)


def _systems(session: Session, house: House, within: Iterable[Showroom]) -> tuple[CrmState, ...]:
    companies = {each.company for each in within}
    return link_states(session, [each for each in house.settings.crm if each.company in companies])
