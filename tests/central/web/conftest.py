"""One service for the tests of a file: two showrooms, and an account for each role."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from central.accounts.roles import ROLES, Grant, Scope
from protocol.measurements import Duty
from tests.worlds.desk_facts import call, gap, posture, reaction, smile, staffed, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import put_standard_into_force
from tests.worlds.profiles import decide

HARBOUR = Scope("North", "Harbour")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Desk ``harbour-1`` stands in North's Harbour, ``market-1`` in South's Market."""
    with PagesService(tmp_path_factory.mktemp("pages")) as service:
        with Session(service.engine()) as session, session.begin():
            decide(session, "other", "North", "Harbour")
            decide(session, "other", "South", "Market")
        for device, company, showroom, person in (
            ("harbour-1", "North", "Harbour", "wren"),
            ("market-1", "South", "Market", "lark"),
        ):
            service.keep(
                device,
                company,
                showroom,
                visit(reaction("smiled", 1.0), smile=smile(), posture=posture()),
                visit(at_s=300.0),
                call(2, "answered", at_s=500.0),
                staffed(0.0, 600.0),
                gap(600.0, 700.0),
                Duty(start_s=0.0, end_s=1200.0, person=person),
            )
        for role in ROLES:
            service.give_account(role, Grant(role))
        for role in ("host", "showroom_manager", "area_manager", "technician"):
            service.give_account(f"harbour-{role}", Grant(role, HARBOUR))
        service.give_account("no-role")
        put_standard_into_force(service)
        yield service
