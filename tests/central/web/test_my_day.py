"""My day: a host reads what was measured while they were on duty, and nothing of anybody else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, give, known_account, make_account, set_password
from central.accounts.own_person import AccountPersonRow, link_person, person_of
from central.accounts.roles import Grant
from central.audit.audit_log import AuditRow
from central.people.workforce import PersonRow
from central.privacy.erasing import erase
from central.showrooms.premises import CompanyRow
from protocol.measurements import Duty
from tests.central.web.conftest import HARBOUR
from tests.worlds.desk_facts import call, posture, reaction, smile, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.profiles import decide

DAY = "/my-day?day=2026-09-21"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """At ``harbour-1`` wren and then lark were on duty; both have an account, and are entered as people."""
    with PagesService(tmp_path_factory.mktemp("my-day")) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            decide(session, "other", "North", "Harbour")
        service.keep(
            "harbour-1",
            "North",
            "Harbour",
            Duty(start_s=0.0, end_s=400.0, person="wren"),
            Duty(start_s=400.0, end_s=900.0, person="lark"),
            visit(reaction("smiled", 1.0), smile=smile(), posture=posture()),
            visit(reaction("turned", 9.0, came_near_s=300.0), at_s=300.0),
            visit(reaction("turned", 2.0, came_near_s=500.0), at_s=500.0, visit=3),
            call(2, "answered", at_s=600.0),
        )
        for name in ("wren@north", "lark@north", "robin@north"):
            service.give_account(name, Grant("host", HARBOUR))
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        with Session(engine) as session, session.begin():
            company = session.scalars(select(CompanyRow.id).where(CompanyRow.name == "North")).one()
            session.add_all([PersonRow(company_id=company, pseudonym=name) for name in ("wren", "lark")])
        service.give_account("boss", Grant("administrator"))
        engine.dispose()
        yield service


def people_number(service: PagesService, pseudonym: str) -> int:
    with Session(service.engine()) as session:
        return session.scalars(select(PersonRow.id).where(PersonRow.pseudonym == pseudonym)).one()


def link(service: PagesService, who: str, pseudonym: str, account: str) -> int:
    number = people_number(service, pseudonym)
    return service.browser(who).send(f"/people/{number}/link", account=account).status_code


def test_each_host_reads_their_own_visits_and_calls_and_nobody_elses(house: PagesService) -> None:
    assert link(house, "boss", "wren", "wren@north") == 303
    assert link(house, "boss", "lark", "lark@north") == 303
    wren, lark = (house.browser(f"{name}@north").get(DAY).text for name in ("wren", "lark"))
    ids = {number: f"harbour-1/{'0' * 31}1/{number}" for number in (3, 4, 5, 6)}
    assert [number for number, name in ids.items() if name in wren] == [3, 4]
    assert [number for number, name in ids.items() if name in lark] == [5]
    assert "lark" not in wren
    assert "wren" not in lark
    assert "answered" in lark
    # A share never stands without its n and interval.
    assert "1 of 2" in wren or "of 2" in wren
    with Session(house.engine()) as session:
        read = session.scalars(select(AuditRow).where(AuditRow.action == "read own day")).all()
    assert {row.subject for row in read} == {"2026-09-21"}


def test_whoever_has_no_link_reads_of_nobody(house: PagesService) -> None:
    page = house.browser("robin@north").get(DAY).text
    assert "Nobody has said yet which person this account belongs to" in page
    assert not [word for word in ("wren", "lark", "harbour-1/") if word in page]


def test_a_link_is_made_once_by_somebody_else_within_reach_and_noted_without_a_name(
    house: PagesService,
) -> None:
    assert link(house, "boss", "wren", "robin@north") == 422
    assert link(house, "manager", "lark", "robin@north") == 404
    assert link(house, "wren@north", "lark", "robin@north") == 403
    assert link(house, "boss", "lark", "nobody@north") == 422
    with Session(house.engine()) as session:
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "account linked")).all()
        told = " ".join(f"{row.actor} {row.subject} {row.detail}" for row in noted)
    assert noted
    assert not [name for name in ("wren", "lark", "north") if name in told]


def test_erasing_a_person_or_their_account_forgets_the_link(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        own, maker = (make_account(session, name, 0.0) for name in ("own", "maker"))
        give(session, maker.id, Grant("administrator"))
        set_password(session, maker.id, "a hash")
        link_person(session, own.id, "wren", maker.id, 1.0)
        session.add(CompanyRow(id=1, name="North"))
        session.flush()
        session.add(PersonRow(company_id=1, pseudonym="wren"))
        session.flush()
        erase(
            session, "wren", account=known_account(session, "own"), actor="x", reason="asked", now_wall_s=2.0
        )
        assert person_of(session, own.id) is None
        assert session.scalars(select(AccountPersonRow)).all() == []
        assert account_named(session, "own") is None
