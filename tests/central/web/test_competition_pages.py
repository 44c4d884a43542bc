"""A competition on the pages: announced, entered by the hosts themselves, closed, and read as far as each may."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from central.accounts.account_book import known_account
from central.accounts.own_person import link_person
from central.accounts.roles import Grant, Scope
from tests.central.web.conftest import HARBOUR
from tests.worlds.appraised import keep_harbour
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService

HOSTS = ("wren", "dove", "lark", "robin")
RESPOND = "respond.within_s"
PRACTICE = "Whoever is on the telephone looks up and nods to the customer at once."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Harbour with its four hosts, each with an account."""
    with PagesService(tmp_path_factory.mktemp("competitions")) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            keep_harbour(session)
        service.keep("market-1", "South", "Market")
        for person in HOSTS:
            service.give_account(f"{person}@north", Grant("host", HARBOUR))
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        service.give_account("council", Grant("works_council"))
        service.give_account("elsewhere", Grant("showroom_manager", Scope("South", "Market")))
        with Session(engine) as session, session.begin():
            for person in HOSTS:
                own, by = (known_account(session, name).id for name in (f"{person}@north", "manager"))
                link_person(session, own, person, by, 0.0)
        engine.dispose()
        yield service


def fields(manager: HttpBrowser, **changes: str) -> dict[str, str]:
    showroom = re.search(r'<option value="(showroom \d+)">North · Harbour', manager.get("/competitions").text)
    assert showroom
    first = datetime.now(UTC).date() + timedelta(days=2)
    return {
        "title": "The quick autumn",
        "between": "people",
        "scope": showroom[1],
        "element_1": RESPOND,
        "weight_1": "1",
        "first_day": str(first),
        "last_day": str(first),
        "least_n": "10",
        "ties": "shared",
    } | changes


def let_it_be_over(service: PagesService, number: str) -> None:
    """Have it be the day on which the hosts worked: as an announcement then would have been written, past the database's guards."""
    engine = service.engine()
    with Session(engine) as session, session.begin():
        session.execute(text("DROP TRIGGER competition_rules_stay"))
        rules = session.execute(
            text("SELECT rules FROM competition_rules WHERE competition = :n ORDER BY version DESC LIMIT 1"),
            {"n": number},
        ).scalar_one()
        moved = re.sub(r'"(first|last)_day":"[^"]*"', r'"\1_day":"2026-09-21"', rules)
        session.execute(
            text("UPDATE competition_rules SET rules = :r WHERE competition = :n"), {"r": moved, "n": number}
        )
    engine.dispose()


def test_from_its_rules_to_its_places_each_reads_what_is_theirs(house: PagesService, tmp_path: Path) -> None:
    manager, council = house.browser("manager"), house.browser("council")
    wrong = manager.send("/competitions", at="/competitions", **fields(manager, element_1="no.clause"))
    assert (wrong.status_code, "cannot be counted" in wrong.text) == (422, True)
    wrong = manager.send("/competitions", at="/competitions", **fields(manager, least_n="1"))
    assert wrong.status_code == 422
    made = manager.send("/competitions", at="/competitions", **fields(manager))
    assert made.status_code == 303, made.text
    page = str(made.headers["location"])
    number = page.rsplit("/", 1)[1]
    # A draft is read by whoever runs it, and by nobody else.
    assert council.get(page).status_code == 404
    assert house.browser("elsewhere").get(page).status_code == 404
    changed = manager.send(
        f"{page}/rules", at=page, **fields(manager, element_2="phone.rings", weight_2="0.5")
    )
    assert changed.status_code == 303
    back = manager.send(f"{page}/rules", at=page, **fields(manager))
    assert back.status_code == 303
    seen = re.search(r'name="sha256" value="(\w+)"', manager.get(page).text)
    assert seen
    assert manager.send(f"{page}/announce", at=page, sha256="0" * 64).status_code == 422
    assert manager.send(f"{page}/announce", at=page, sha256=seen[1]).status_code == 303
    refused = manager.send(f"{page}/rules", at=page, **fields(manager, least_n="20"))
    assert (refused.status_code, "announced and stay" in refused.text) == (422, True)
    assert seen[1] in council.get(page).text
    hosts = {person: house.browser(f"{person}@north") for person in HOSTS}
    for person in HOSTS:
        assert hosts[person].send(f"{page}/enter", at=page).status_code == 303
    assert hosts["robin"].send(f"{page}/withdraw", at=page).status_code == 303
    let_it_be_over(house, number)
    assert manager.send(f"{page}/close", at=page).status_code == 303
    theirs, own, others = manager.get(page).text, hosts["wren"].get(page).text, council.get(page).text
    assert {person for person in HOSTS if f">{person}</th>" in theirs} == {"wren", "dove", "lark"}
    assert {person for person in HOSTS if f">{person}</th>" in own} == {"wren"}
    assert not [person for person in HOSTS if person in others]
    # Robin withdrew, alone: with the showroom's figure, those of the others would be robin's.
    assert "Places only" in theirs
    assert "18 / 20" not in theirs
    assert "Reckoned again from its counts, it comes to the same bytes." in theirs
    assert hosts["wren"].send(f"{page}/withdraw", at=page).status_code == 303
    assert ">wren</th>" not in manager.get(page).text
    engine = house.engine()
    with Session(engine) as session:
        noted = set(session.scalars(text("SELECT action FROM audit")))
    engine.dispose()
    assert {
        *("competition drafted", "competition rules changed", "competition announced", "competition entered"),
        *("competition entry withdrawn", "competition closed", "read competition"),
    } <= noted
    with chromium() as browser:
        context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 800})
        log_in(context, house, "manager")
        shown = context.new_page()
        shown.goto(house.url + page)
        assert not violations(shown, axe_script())
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
        shown.screenshot(path=tmp_path / "competition.png", full_page=True)
        context.close()


def test_a_desk_to_imitate_stands_with_who_wrote_what_is_done_there(house: PagesService) -> None:
    manager = house.browser("manager")
    asked = {"device": "harbour-1", "element": RESPOND, "first_day": "2026-09-21", "last_day": "2026-09-21"}
    few = manager.send("/benchmarks", at="/benchmarks", practice=PRACTICE, **asked)
    assert (few.status_code, "one or two people" in few.text) == (422, True)
    wrong = manager.send("/benchmarks", at="/benchmarks", practice=PRACTICE, **asked | {"first_day": "never"})
    assert wrong.status_code == 422
    engine = house.engine()
    with Session(engine) as session, session.begin():
        session.execute(text("DELETE FROM event WHERE type LIKE 'deskside.duty.%'"))
    engine.dispose()
    kept = manager.send("/benchmarks", at="/benchmarks", practice=PRACTICE, **asked)
    assert kept.status_code == 303, kept.text
    shown = house.browser("wren@north").get("/benchmarks").text
    assert PRACTICE in shown
    assert "by manager" in shown
    assert PRACTICE not in house.browser("elsewhere").get("/benchmarks").text
    assert manager.send("/benchmarks/1/end", at="/benchmarks").status_code == 303
    assert PRACTICE not in manager.get("/benchmarks").text
