"""One service for the tests of a file: two showrooms, and an account for each role."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named
from central.accounts.roles import ROLES, Grant, Scope
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.standards.standard_versions import write_standard
from tests.worlds.desk_facts import call, gap, posture, reaction, smile, staffed, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.standard_texts import active_standard, house_standard

HARBOUR = Scope("North", "Harbour")


def put_standard_into_force(service: PagesService) -> None:
    """A second version of the eight-teeth house, in force in both showrooms, and a draft of a third."""
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
    engine.dispose()


def account_of_name(session: Session, name: str) -> int:
    """The number of an account that is there."""
    account = account_named(session, name)
    assert account is not None
    return account.id


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Desk ``harbour-1`` stands in North's Harbour, ``market-1`` in South's Market."""
    with PagesService(tmp_path_factory.mktemp("pages")) as service:
        for device, company, showroom in (("harbour-1", "North", "Harbour"), ("market-1", "South", "Market")):
            service.keep(
                device,
                company,
                showroom,
                visit(reaction("smiled", 1.0), smile=smile(), posture=posture()),
                visit(at_s=300.0),
                call(2, "answered", at_s=500.0),
                staffed(0.0, 600.0),
                gap(600.0, 700.0),
            )
        for role in ROLES:
            service.give_account(role, Grant(role))
        for role in ("host", "showroom_manager", "area_manager", "technician"):
            service.give_account(f"harbour-{role}", Grant(role, HARBOUR))
        service.give_account("no-role")
        put_standard_into_force(service)
        yield service
