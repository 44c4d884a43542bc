"""Replies on the pages, from a real ticket system: what is due and why then, for whom it is to see, and what is told when the system is away."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.roles import Grant, Scope
from central.showrooms.premises import entered_showroom
from tests.central.crm.tracker import Tracker, running_tracker
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.service import PagesService

PATIENCE_S = 90.0
NARROW = 320
SHOTS = os.environ.get("DESKSIDE_SHOTS")
"""A folder that pictures of the pages are written to, for somebody to look at."""
SETTINGS = """
[[crm]]
name = "support"
kind = "roundup"
url = "{url}/t"
user = "admin"
secret_file = "{secret}"
company = "North"
showroom = "Harbour"
"""


@pytest.fixture(scope="module")
def tracker() -> Iterator[Tracker]:
    with running_tracker() as running:
        anna, bert = (running.enter(each) for each in ("anna", "bert"))
        replied, _ = running.ask("anna", anna)
        running.ask("anna", anna)
        time.sleep(1.0)  # the tracker's times are whole seconds, and nobody replies within one
        running.write("bert", bert, replied)
        yield running


@pytest.fixture(scope="module")
def service(tracker: Tracker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    settings = SETTINGS.format(url=tracker.url, secret=tracker.secret_file)
    with PagesService(tmp_path_factory.mktemp("replies"), settings=settings) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            entered_showroom(session, "North", "Harbour", "Europe/Berlin")
            entered_showroom(session, "South", "Market", "UTC")
        engine.dispose()
        service.give_account("harbour", Grant("host", Scope("North", "Harbour")))
        service.give_account("market", Grant("showroom_manager", Scope("South", "Market")))
        pull(service)
        yield service


def pull(service: PagesService) -> str:
    """Read the tracker once, as the service does every minute; what it says."""
    options = ["--config", str(service.toml), "--db", service.database]
    return CliRunner().invoke(cli.app, ["crm", "pull", "support", *options]).output


def case_paths(page: str) -> list[str]:
    return re.findall(r'href="(/replies/\d+)"', page)


def test_a_host_reads_what_is_due_and_why_then_and_nobody_reads_another_company_s(
    service: PagesService,
) -> None:
    harbour, market = service.browser("harbour"), service.browser("market")
    page = harbour.get("/replies").text
    (path,) = case_paths(page)
    assert "1 of 1" in page, "the replied one is counted as in time"
    assert "✓" in page
    case = harbour.get(path).text
    assert "within 24 h" in case
    assert "counted: every hour is" in case
    assert re.search(r"Counted\">24 h</td>", case), "the stretches add up to what was promised"
    assert "Europe/Berlin" in case
    assert case_paths(market.get("/replies").text) == []
    assert "support" not in market.get("/replies").text
    assert market.get(path).status_code == 404
    assert harbour.get("/replies/9999").status_code == 404


def test_the_pages_of_replies_are_accessible_and_fit_a_phone_in_every_language(
    service: PagesService, tmp_path: Path
) -> None:
    (path,) = case_paths(service.browser("harbour").get("/replies").text)
    axe = axe_script()
    with chromium() as browser:
        for locale in ("en", "de", "zh-Hans"):
            context = browser.new_context(viewport={"width": NARROW, "height": 800}, locale=locale)
            page = log_in(context, service, "harbour")
            for at in ("/replies", path):
                page.goto(service.url + at)
                expect(page.locator("h1")).to_be_visible()
                assert violations(page, axe) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
                page.screenshot(
                    path=f"{SHOTS or tmp_path}/replies{'-case' if at == path else ''}-{locale}.png",
                    full_page=True,
                )
            context.close()


def test_a_ticket_system_that_is_away_is_told_with_since_when_and_its_cases_stay(
    service: PagesService, tracker: Tracker
) -> None:
    tracker.kill()
    try:
        assert "was not read to the end" in pull(service)
        page = service.browser("harbour").get("/replies").text
        assert re.search(r"since \d{4}-\d\d-\d\d", page), page
        assert len(case_paths(page)) == 1
    finally:
        tracker.start()
    assert "support was read." in pull(service)
    assert "is read" in service.browser("harbour").get("/replies").text
