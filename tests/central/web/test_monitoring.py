"""Monitoring on its pages: overdue in red with a sign and words, and its signals beside the indicators, on both databases and in a real browser."""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.roles import Grant, Scope
from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from tests.worlds.desk_facts import event, reaction, visit
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService
from tests.worlds.profiles import decide

SHOTS = os.environ.get("DESKSIDE_SHOTS")
"""A folder that pictures of the pages are written to, for somebody to look at."""
DAY_S = 86400.0
CODE = "respond.within_s"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PagesService]:
    """Thirty days of visits at North's Harbour, and who manages it, North, and South."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgresql").new_database()
        assert CliRunner().invoke(cli.app, ["migrate", "--db", database]).exit_code == 0
    with PagesService(tmp_path_factory.mktemp("monitoring"), database=database) as service:
        began_s = (time.time() // DAY_S - 30) * DAY_S + 9 * 3600.0
        engine = service.engine()
        with Session(engine) as session, session.begin():
            for device, company, showroom in (
                ("harbour-1", "North", "Harbour"),
                ("market-1", "North", "Market"),
                ("south-1", "South", "Hill"),
            ):
                enter(session, device, company=company, showroom=showroom, timezone="UTC")
                decide(session, "other", company, showroom)
            sent = [
                visit(reaction("smiled", 2.0, at_s), at_s=at_s)
                for day in range(30)
                for at_s in (day * DAY_S + 300.0 * n for n in range(1, 13))
            ]
            raws = [event(each, n, "harbour-1", "d" * 32, began_s) for n, each in enumerate(sent, 1)]
            take_in(
                session, [read("deskside/1/harbour-1/event", raw, began_s) for raw in raws], DeskDefaults()
            )
        engine.dispose()
        service.give_account("kim", Grant("showroom_manager", Scope("North", "Harbour")))
        service.give_account("area", Grant("area_manager", Scope("North")))
        service.give_account("south", Grant("area_manager", Scope("South")))
        service.give_account("host", Grant("host", Scope("North", "Harbour")))
        yield service


def today() -> date:
    return datetime.now(UTC).date()


def entered(browser: HttpBrowser, of: str, **changes: str) -> str:
    page = browser.get("/monitoring").text
    found = re.search(rf'<option value="([^"]+)">{of}</option>', page)
    assert found, page
    typed = {"kind": "competitors", "title": "Walk past the rivals", "rhythm": "month", "owner": "Sales"}
    typed |= {"unit": "s", f"code_{CODE}": "1"}
    sent = browser.send("/monitoring", at="/monitoring", place=found[1], **(typed | changes))
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def left_alone(service: PagesService, at: str, days: int = 60) -> None:
    """As if a source had been entered so many days ago."""
    engine = service.engine()
    with engine.begin() as connection:
        day = (today() - timedelta(days=days)).isoformat()
        connection.exec_driver_sql(
            f"UPDATE monitored_source SET made_on = '{day}' WHERE id = {int(at.rsplit('/', 1)[1])}"  # noqa: S608  (numbers of this test)
        )
    engine.dispose()


def test_what_is_overdue_stands_first_with_a_sign_and_words_until_a_note_comes(service: PagesService) -> None:
    kim = service.browser("kim")
    entered(kim, "North · Harbour", title="Watched in time")
    late = entered(kim, "North · Harbour", title="Left alone")
    left_alone(service, late)
    page = kim.get("/monitoring").text
    assert page.index("Left alone") < page.index("Watched in time")
    chips = re.findall(r'<span class="chip (\w+)"><span aria-hidden="true">(\S) </span>(overdue|due)', page)
    assert chips[0] == ("fail", "✕", "overdue")
    assert ("pass", "●", "due") in chips
    note = {"day": today().isoformat(), "value": "4,5", "text": "they wait five seconds there"}
    assert kim.send(f"{late}/note", at=late, **note).status_code == 303
    page = kim.get(late).text
    assert "overdue" not in page
    assert "4.5 s" in page
    assert "kim, " in page


def test_a_signal_stands_on_the_chart_of_what_it_may_explain_for_whoever_may_read_it(
    service: PagesService,
) -> None:
    area, kim = service.browser("area"), service.browser("kim")
    at = entered(area, "North", title="Trade fair", kind="market", unit="")
    shown = (today() - timedelta(days=10)).isoformat()
    for day, text in ((shown, "the fair filled the house"), ("2020-01-01", "long ago")):
        assert area.send(f"{at}/note", at=at, day=day, text=text, signal="1").status_code == 303
    for browser in (area, kim):
        page = browser.get(f"/indicators/{CODE}?days=28").text
        assert "the fair filled the house" in page
        assert "long ago" not in page
        assert page.count("◆<title>") == 1
    assert "the fair filled" not in kim.get("/indicators/phone.rings?days=28").text
    assert "the fair filled" not in service.browser("host").get(f"/indicators/{CODE}?days=28").text
    assert "the fair filled" not in service.browser("south").get(f"/indicators/{CODE}?days=28").text


def test_nobody_writes_where_their_roles_do_not_reach(service: PagesService) -> None:
    area, kim, south = service.browser("area"), service.browser("kim"), service.browser("south")
    of_company, of_market = (
        entered(area, "North"),
        entered(area, "North · Market", title="Of the other house"),
    )
    assert kim.get(of_company).status_code == 200
    note = {"day": today().isoformat(), "text": "x"}
    assert kim.send(f"{of_company}/note", at="/monitoring", **note).status_code == 404
    assert kim.get(of_market).status_code == 404
    assert "Of the other house" not in kim.get("/monitoring").text
    for path in (of_company, of_market):
        assert south.get(path).status_code == 404
        assert south.send(f"{path}/end", at="/monitoring").status_code == 404
    assert area.send(f"{of_market}/end", at=of_market).status_code == 303
    ended = area.send(f"{of_market}/note", at="/monitoring", **note)
    assert (ended.status_code, "monitored no more" in ended.text) == (422, True)


def test_what_is_changed_counts_from_then_on_and_what_cannot_be_is_said(service: PagesService) -> None:
    kim = service.browser("kim")
    at = entered(kim, "North · Harbour", rhythm="year")
    typed = {"kind": "team", "title": "Talk", "rhythm": "week", "owner": "Kim", "unit": ""}
    assert kim.send(f"{at}/change", at=at, **typed).status_code == 303
    assert f"due by {(today() + timedelta(days=7)).isoformat()}" in kim.get(at).text
    for field, value, words in (("owner", " ", "needs an owner"), ("rhythm", "daily", "has a rhythm")):
        refused = kim.send(f"{at}/change", at=at, **(typed | {field: value}))
        assert (refused.status_code, words in refused.text) == (422, True)
    for day, value, words in (("soon", "", "is no day"), (today().isoformat(), "much", "is no number")):
        refused = kim.send(f"{at}/note", at=at, day=day, value=value, text="x")
        assert (refused.status_code, words in refused.text) == (422, True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("language", ["en", "de", "zh-Hans"])
def test_the_pages_of_monitoring_keep_to_wcag_and_to_a_narrow_window(
    service: PagesService, browser: Browser, language: str
) -> None:
    area = service.browser("area")
    at = entered(area, "North", title="Left alone for long")
    left_alone(service, at)
    note = {"day": (today() - timedelta(days=45)).isoformat(), "value": "7", "text": "a rival waits 7 s"}
    assert area.send(f"{at}/note", at=at, signal="1", **note).status_code == 303
    axe = axe_script()
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 800}, locale=language)
    page = log_in(context, service, "area")
    for path in ("/monitoring", at, f"/indicators/{CODE}?days=91"):
        page.goto(service.url + path)
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        if SHOTS:
            name = re.sub(r"\W+", "-", path)
            page.screenshot(path=Path(SHOTS) / f"{name} {language}.png", full_page=True)
    page.goto(f"{service.url}/monitoring")
    expect(page.locator(".chip.fail").first).to_contain_text("✕")
    context.close()
