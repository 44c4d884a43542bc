"""A service that has standards of its own, and something to rehearse them on."""

import re
import time

from sqlalchemy.orm import Session

from central.accounts.account_book import account_named
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.standards.standard_versions import write_standard
from tests.worlds.desk_facts import event, reaction, visit
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService
from tests.worlds.standard_texts import active_standard, house_standard

OF_SOUTH = "south-own"
"""A standard of the company South: whoever has no role there never reads its name."""


def put_standard_into_force(service: PagesService) -> None:
    """A second version of the eight-teeth house, in force in both showrooms, a draft of a third, and one of South's own."""
    engine = service.engine()
    with Session(engine) as session, session.begin():
        writer, approver = (account_of_name(session, name) for name in ("showroom_manager", "area_manager"))
        text = house_standard(2, "eight-teeth", "[respond]", "within_s = 2", "[phone]", "rings = { max = 1 }")
        now_s = time.time()
        active_standard(session, text, writer, approver, now_s)
        for number, showroom in enumerate(("Harbour", "Market")):
            place = known_showroom(session, showroom)
            activate_standard(session, "eight-teeth", 2, place, now_s + number, approver, now_s)
        write_standard(session, house_standard(3, "eight-teeth"), writer, now_s)
        write_standard(session, house_standard(1, OF_SOUTH), writer, now_s, company="South")
    engine.dispose()


def keep_visits_of_late(service: PagesService) -> None:
    """Forty visits at ``harbour-1`` the day before yesterday, one in four of them attended to after 4 s, the others after 1 s."""
    began_s = time.time() - 2 * 86400.0
    engine = service.engine()
    with Session(engine) as session, session.begin():
        for number in range(40):
            seen = visit(reaction("smiled", 1.0 if number % 4 else 4.0), at_s=60.0 * number)
            raw = event(seen, number + 1, "harbour-1", boot="c" * 32, offset_s=began_s)
            take_in(session, [read("deskside/1/harbour-1/event", raw, began_s)], DeskDefaults())
    engine.dispose()


def account_of_name(session: Session, name: str) -> int:
    """The number of an account that is there."""
    account = account_named(session, name)
    assert account is not None
    return account.id


def write(browser: HttpBrowser, text: str) -> tuple[int, str]:
    """Send a draft; returns the status, and where it is, or the page."""
    answer = browser.send("/standard-draft", at="/standard-draft", text=text.replace("\n", "\r\n"))
    return answer.status_code, answer.headers.get("location", answer.text)


def send(browser: HttpBrowser, path: str, step: str, **fields: str) -> tuple[int, str]:
    """Take a step on the page of a version; returns the status and the page."""
    answer = browser.send(f"{path}/{step}", at=path, **fields)
    return answer.status_code, answer.text


def hash_on(page: str) -> str:
    """The hash of the text that a page shows for its approval."""
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]
