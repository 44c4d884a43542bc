"""How often a promise was kept: a page for customers, without a log-in, that a company can show within its own pages."""

import threading
import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy.orm import Session

from central.promises import promise_wording
from central.promises.capability import measured_of
from central.promises.promise_book import PromiseVersion, versions_of_promises
from central.promises.weighing import Capability
from central.showrooms.premises import showrooms
from central.web.access import Anyone
from central.web.house import House, house_of
from central.web.rendering import show_to_all

FRESH_S = 600.0
"""How long what was reckoned is shown: it is of days that are over, and whoever asks all the time costs nothing."""
LONGEST_NUMBER = 18
"""Digits of a promise's number: more is none, and no database takes it."""

router = APIRouter()


class KeptRates:
    """What was reckoned of each promise, for a while; one is reckoned at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[int, int], tuple[float, Capability]] = {}

    def of(self, house: House, session: Session, promise: PromiseVersion) -> Capability:
        """How often a promise was kept since it was published, in the latest quarter at most."""
        key = (promise.number, promise.version)
        with self._lock:
            before = self._kept.get(key)
            if before is None or time.monotonic() - before[0] > FRESH_S:
                before = time.monotonic(), kept_since_published(house, session, promise)
                self._kept[key] = before
        return before[1]


def kept_since_published(house: House, session: Session, promise: PromiseVersion) -> Capability:
    """How often a promise was kept since it was published."""
    return measured_of(
        session,
        promise.company,
        promise.showroom_id,
        promise.written.code,
        promise.written.level.within,
        house.standards(session),
        house.settings.crm,
        house.now_wall_s(),
        promise.published_wall_s,
    )


@router.get("/promises/{number}/kept", dependencies=[Anyone])
def kept_page(request: Request, number: str, lang: Annotated[str, Query(max_length=20)] = "") -> Response:
    """What is promised, and how often it was kept; nothing of any person or desk."""
    house = house_of(request)
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        return PlainTextResponse("There is no such promise.\n", 404)
    with house.reading() as session:
        published = [
            each for each in versions_of_promises(session, [int(number)]) if each.published_wall_s is not None
        ]
        if not published:
            return PlainTextResponse("There is no such promise.\n", 404)
        promise = next((each for each in published if each.holds), published[-1])
        place = next((each.name for each in showrooms(session) if each.id == promise.showroom_id), "")
        kept = request.app.state.kept_rates.of(house, session, promise) if promise.holds else None
    return show_to_all(
        request,
        "kept_promise.html.j2",
        200 if promise.holds else 410,
        {"content-security-policy": _policy(promise), "cache-control": f"public, max-age={FRESH_S:.0f}"},
        lang,
        promise=promise,
        place=place,
        kept=kept,
        said=promise_wording,
        simulated=house.simulated,
    )


def _policy(promise: PromiseVersion) -> str:
    """What the page may load, which is its stylesheet, and whose pages may show it, which the promise names."""
    sites = " ".join(promise.written.sites) or "'none'"
    return (
        f"default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {sites}"
    )
