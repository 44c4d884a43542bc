"""The fairness report, an evaluation and the next step of a standard in a real browser: with data in them, in three languages, narrow and wide."""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from central.accounts.roles import Grant
from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from protocol.measurements import Duty, Measurement
from tests.central.web.conftest import HARBOUR
from tests.worlds.appraised import visits_of_shift
from tests.worlds.desk_facts import event, staffed
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import write
from tests.worlds.profiles import decide
from tests.worlds.standard_texts import house_standard

HOSTS = {"harbour-1": ("wren", "dove", "finch"), "harbour-2": ("lark", "robin", "teal")}
MET = {"harbour-1": 15, "harbour-2": 19}
"""Of twenty visits of each shift: what parts the desks is to be found."""
DAYS = 14
DAY_S = 86_400.0
SHIFT_S = 1200.0
LANGUAGES = ("en", "de", "zh-Hans")
CUT_TABLES = """() => [...document.querySelectorAll("table")].filter(
    table => table.offsetWidth > 0 && table.scrollWidth > table.parentElement.clientWidth + 1
).map(table => table.rows[0].textContent.trim().slice(0, 60))"""


def fortnight(device: str) -> Iterator[tuple[int, list[Measurement]]]:
    """What a desk measured on each of the days before today: three shifts of twenty visits."""
    for day in range(1, DAYS + 1):
        found: list[Measurement] = [staffed(0.0, 3 * SHIFT_S - 100.0)]
        for place, person in enumerate(HOSTS[device]):
            began_s = place * SHIFT_S
            found.append(Duty(start_s=began_s, end_s=began_s + SHIFT_S, person=person))
            # On the latest week all are attended to sooner.
            found += visits_of_shift(began_s, MET[device] - (6 if day > DAYS // 2 else 0))
        yield day, found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Harbour with two desks and six hosts over a fortnight, up to yesterday."""
    with PagesService(tmp_path_factory.mktemp("reports")) as service:
        noon_s = (time.time() // DAY_S) * DAY_S + 10 * 3600.0
        engine = service.engine()
        with Session(engine) as session, session.begin():
            decide(session, "other", "North", "Harbour")
            for device in HOSTS:
                enter(session, device, company="North", showroom="Harbour", timezone="Europe/Berlin")
                for day, measured in fortnight(device):
                    offset_s = noon_s - day * DAY_S
                    sent = [
                        event(each, number, device, f"{day:032x}", offset_s)
                        for number, each in enumerate(measured, 1)
                    ]
                    arrived = [read(f"deskside/1/{device}/event", raw, offset_s) for raw in sent]
                    take_in(session, arrived, DeskDefaults())
        engine.dispose()
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        service.give_account("writer", Grant("showroom_manager"))
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def logged_in(browser: Browser, house: PagesService) -> object:
    context = browser.new_context()
    log_in(context, house, "manager")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture(scope="module")
def pages(browser: Browser, house: PagesService, logged_in: object) -> dict[str, str]:
    """Each page by its name; the evaluation of the latest week is drafted, and something is recommended in it."""
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    context = browser.new_context(storage_state=logged_in, locale="en")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.url}/evaluations")
    page.fill("#first-day", str(today - timedelta(days=DAYS // 2)))
    page.fill("#last-day", str(last))
    page.click("text=Draft it")
    page.wait_for_url(re.compile(r"/evaluations/\d+$"))
    evaluation = page.url.removeprefix(house.url)
    page.click("main li a >> nth=0")
    assert page.input_value("#text")
    page.fill("#owner", "the area manager")
    page.click("text=Recommend it")
    expect(page.locator("text=the area manager, due on")).to_be_visible()
    written = write(house.browser("writer"), house_standard(1, "mild", "[respond]", "within_s = 12"))
    assert written == (303, "/standards/mild/1")
    context.close()
    return {
        "fairness": f"/fairness?from={first}&to={last}",
        "evaluation": evaluation,
        "tightening": "/standards/mild/1/tightening",
    }


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("DESKSIDE_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["fairness", "evaluation", "tightening"])
def test_a_report_with_data_is_accessible_and_fits_a_narrow_screen_in_each_language(
    browser: Browser, house: PagesService, logged_in: object, pages: dict[str, str], name: str, language: str
) -> None:
    context = browser.new_context(
        storage_state=logged_in,  # type: ignore[arg-type]
        locale=language,
        viewport={"width": 1280, "height": 900},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(house.url + pages[name])
    shot(page, f"{name} {language}")
    assert not violations(page, axe_script())
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(house.url + pages[name])
    shot(page, f"{name} {language} 320")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CUT_TABLES) == []
    context.close()


def test_the_fairness_report_finds_what_parts_the_desks_and_nothing_of_people(
    browser: Browser, house: PagesService, logged_in: object, pages: dict[str, str]
) -> None:
    context = browser.new_context(storage_state=logged_in, locale="en")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(house.url + pages["fairness"])
    row = page.locator("main tbody tr", has_text="Attended to in time").first
    expect(row).to_contain_text("harbour-1")
    shown = page.locator("main").inner_text()
    # Seven clauses, of one desk beside the other; a place without a name of its own is no second group.
    assert "7 comparisons were made" in shown
    assert not [person for hosts in HOSTS.values() for person in hosts if person in shown]
    context.close()


def test_the_evaluation_says_that_it_became_better_and_the_next_step_is_taken_into_a_draft(
    browser: Browser, house: PagesService, logged_in: object, pages: dict[str, str]
) -> None:
    context = browser.new_context(storage_state=logged_in, locale="en")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(house.url + pages["evaluation"])
    effect = page.locator("section", has=page.locator("#effect")).locator(
        "tbody tr", has_text="Attended to in time"
    )
    expect(effect).to_contain_text("better")
    page.goto(house.url + pages["tightening"])
    expect(page.locator("p.headline")).to_contain_text("Tighten next: Attended to in time, from at most 12 s")
    page.click("text=Take it over into a draft")
    assert "version = 2" in page.input_value("#text")
    context.close()
