"""An evaluation walks its whole way over HTTP: drafted, recommended in, signed, and answered at the next one."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.roles import Grant, Scope
from central.audit.audit_log import AuditRow
from tests.central.web.conftest import HARBOUR
from tests.worlds.appraised import DAY, keep_harbour
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Harbour with its four hosts; managers of it, of all of North and of elsewhere, and an auditor."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgresql").new_database()
        assert CliRunner().invoke(cli.app, ["migrate", "--db", database]).exit_code == 0
    with PagesService(tmp_path_factory.mktemp("evaluations"), database=database) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            keep_harbour(session)
        engine.dispose()
        service.keep("market-1", "South", "Market")
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        service.give_account("area", Grant("area_manager", Scope("North")))
        service.give_account("elsewhere", Grant("area_manager", Scope("South")))
        service.give_account("council", Grant("works_council"))
        yield service


def scopes(browser: HttpBrowser) -> dict[str, str]:
    """What somebody may evaluate: its title by its key."""
    page = html.unescape(browser.get("/evaluations").text)
    return dict(re.findall(r'<option value="([a-z]+:[^"]+)">([^<]+)', page))


def drafted(browser: HttpBrowser, scope: str, day: str = str(DAY)) -> str:
    made = browser.send("/evaluations", at="/evaluations", scope=scope, first_day=day, last_day=day)
    assert made.status_code == 303, made.text
    return str(made.headers["location"])


def signed(browser: HttpBrowser, page: str) -> None:
    found = re.search(r'name="sha256" value="(\w+)"', browser.get(page).text)
    assert found
    done = browser.send(f"{page}/sign", at=page, conclusion="Prompt on the whole.", sha256=found[1])
    assert done.status_code == 303, done.text


def test_the_whole_way_of_an_evaluation(house: PagesService) -> None:
    manager, area, elsewhere, council = (
        house.browser(name) for name in ("manager", "area", "elsewhere", "council")
    )
    # Whoever manages one showroom evaluates that one; a company is for whoever reaches all of it.
    (harbour,) = [key for key, title in scopes(manager).items() if title == "North · Harbour"]
    assert set(scopes(manager).values()) == {"North · Harbour"}
    assert set(scopes(area).values()) == {"North · Harbour", "North"}
    nothing = {"scope": harbour, "first_day": "2026-01-01", "last_day": "2026-03-31"}
    refused = manager.send("/evaluations", at="/evaluations", **nothing)
    assert (refused.status_code, "nothing was measured at North · Harbour" in refused.text) == (422, True)
    page = drafted(manager, harbour)
    for other in (elsewhere, council):
        assert other.get(page).status_code == 404
    text = html.unescape(manager.get(page).text)
    assert "2 of 2 desks measured, on 2 of 2 days" in text
    assert "Not held by the service yet, and so not evaluated:" in text
    assert "Nobody used this" in text
    taken = re.search(r'href="([^"]+\?take=\d+)#text"', text)
    assert taken
    assert re.search(r"<textarea id=\"text\"[^>]*>[^<]+</textarea>", manager.get(taken[1]).text)
    fields = {"text": "a second telephone", "owner": "the area manager", "due": "2026-12-31"}
    assert manager.send(f"{page}/recommend", at=page, **fields).status_code == 303
    no_day = manager.send(f"{page}/recommend", at=page, **fields | {"due": "soon"})
    assert (no_day.status_code, "is no day" in no_day.text) == (422, True)
    signed(manager, page)
    for reader in (area, council):
        read = html.unescape(reader.get(page).text)
        assert "Prompt on the whole." in read
        assert "the same, byte for byte" in read
        assert "a second telephone" in read
    assert elsewhere.get(page).status_code == 404
    assert council.send(f"{page}/withdraw", at="/evaluations").status_code == 403
    # The next one, of a period that ends later, asks what came of it.
    following = manager.send(
        "/evaluations", at="/evaluations", scope=harbour, first_day=str(DAY), last_day="2026-09-25"
    ).headers["location"]
    assert "not answered" in manager.get(following).text
    number = re.search(r'name="recommendation" value="(\d+)"', manager.get(following).text)
    assert number
    early = re.search(r'name="sha256" value="(\w+)"', manager.get(following).text)
    assert early
    kept = manager.send(f"{following}/sign", at=following, conclusion="well", sha256=early[1])
    assert (kept.status_code, "an earlier recommendation is not answered" in kept.text) == (422, True)
    answer = {"recommendation": number[1], "outcome": "not_done", "why": "no money this quarter"}
    assert manager.send(f"{following}/answer", at=following, **answer).status_code == 303
    signed(manager, following)
    assert "no money this quarter" in manager.get(page).text
    engine = house.engine()
    with Session(engine) as session:
        told = {row.action for row in session.scalars(select(AuditRow))}
    engine.dispose()
    assert {"evaluation drafted", "recommended", "evaluation signed", "recommendation answered"} <= told
    assert "read evaluation" in told
