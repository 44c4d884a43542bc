"""The stream by which pages that are open renew themselves (server-sent events, HTML standard section 9.2)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from central.accounts.logins import login_of
from central.accounts.roles import Right, may_at
from central.desks.registry import desks
from central.web.access import Viewer, needs
from central.web.browser import LOGIN, cookie
from central.web.house import House, house_of
from central.web.pulse import EVERYTHING_CHANGED, Pulse

LOOK_S = 0.2
"""Between two looks for a change; what is waited for is far slower."""
ALIVE_S = 10.0
"""Between two signs of life, by which a proxy keeps the stream and we notice that a log-in has ended."""
SEEING: tuple[Right, ...] = ("see_desks", "see_showroom")
"""Whoever has one of these over a desk learns that something changed at it; what, their page tells or does not."""

router = APIRouter()


@router.get("/live")
def live(request: Request, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """Says that something changed at a desk within reach, and nothing else."""
    return StreamingResponse(
        _changes(request, viewer, cookie(request, LOGIN) or ""), media_type="text/event-stream"
    )


async def _changes(request: Request, viewer: Viewer, secret: str) -> AsyncIterator[str]:
    house = house_of(request)
    pulse: Pulse = request.app.state.pulse
    seen = pulse.changes.count
    asleep_s = 0.0
    # After a break everything may have changed.
    yield "retry: 1000\nevent: changed\ndata:\n\n"
    while not house.stopping.is_set():
        await asyncio.sleep(LOOK_S)
        asleep_s += LOOK_S
        if (count := pulse.changes.count) != seen:
            changed, seen = pulse.changes.since(seen), count
            if await run_in_threadpool(_reaches, house, viewer, changed):
                yield "event: changed\ndata:\n\n"
        if asleep_s >= ALIVE_S:
            asleep_s = 0.0
            if not await run_in_threadpool(_logged_in, house, secret):
                yield "event: ended\ndata:\n\n"
                return
            yield ": alive\n\n"


def _reaches(house: House, viewer: Viewer, changed: frozenset[str]) -> bool:
    if changed == EVERYTHING_CHANGED:
        return True
    with house.reading() as session:
        return any(
            may_at(viewer.account.grants, right, desk.company, desk.showroom)
            for desk in desks(session)
            if desk.device in changed
            for right in SEEING
        )


def _logged_in(house: House, secret: str) -> bool:
    with house.reading() as session:
        return login_of(session, secret, house.limits, house.now_wall_s()) is not None
