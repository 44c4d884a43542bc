"""Every page in a real browser: accessible, narrow and wide, by keyboard alone, and with nothing from elsewhere."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.service import PASSWORD, PagesService
from tests.worlds.pages.standards import keep_visits_of_late

VISIT = f"/visits/harbour-1/{BOOT}/1"
PAGES = {
    "/login": None,
    "/invitation/dead": None,
    "/today?day=2026-09-21": "showroom_manager",
    "/today": "host",
    "/month?month=2026-09": "showroom_manager",
    "/staffing": "showroom_manager",
    "/indicators": "showroom_manager",
    "/indicators/respond.within_s?days=365": "area_manager",
    "/wall": "host",
    "/alerts": "showroom_manager",
    VISIT: "showroom_manager",
    "/desks": "technician",
    "/desks/harbour-1": "technician",
    "/standards": "host",
    "/standards/eight-teeth": "host",
    "/standards/eight-teeth/2": "area_manager",
    "/standards/eight-teeth/3": "area_manager",
    "/standards/eight-teeth/2/difference": "host",
    "/standards/eight-teeth/2/rehearsal": "showroom_manager",
    "/standards/eight-teeth/2/tightening": "showroom_manager",
    "/standard-draft": "showroom_manager",
    "/desk-standards": "technician",
    "/accounts": "administrator",
    "/accounts/1": "administrator",
    "/account": "administrator",
    "/audit": "auditor",
    "/privacy": "works_council",
    "/exemptions": "area_manager",
    "/profiles": "area_manager",
    "/my-day?day=2026-09-21": "host",
    "/people": "showroom_manager",
    "/account/exemptions": "host",
    "/appraisals": "showroom_manager",
    "/replies": "showroom_manager",
    "/promises": "area_manager",
    "/monitoring": "showroom_manager",
    "/my-appraisals": "host",
    "/evaluations": "showroom_manager",
    "/competitions": "showroom_manager",
    "/benchmarks": "showroom_manager",
    "/fairness?from=2026-09-21&to=2026-09-21": "auditor",
    "/account/tokens": "administrator",
    "/no-such-page": "host",
}
"""Every page, with who looks at it."""
SHOTS = os.environ.get("DESKSIDE_SHOTS")
"""A folder that pictures of the pages are written to, for somebody to look at."""
NARROW, TABLET, USUAL, WALL = 320, 768, 1280, 2560
CUT_TABLES = """() => [...document.querySelectorAll("table")].filter(
    table => table.offsetWidth > 0 && table.scrollWidth > table.parentElement.clientWidth + 1
).map(table => table.rows[0].textContent.trim().slice(0, 60))"""
"""The tables of which a part is reached by scrolling only: on a narrow screen their rows stand below each other instead."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_script()


@pytest.fixture(scope="module")
def logged_in(browser: Browser, service: PagesService) -> dict[str | None, object]:
    """What a browser keeps that is logged in with an account of each role; what there is to rehearse is kept before."""
    keep_visits_of_late(service)
    kept: dict[str | None, object] = {None: None}
    for who in {who for who in PAGES.values() if who}:
        context = browser.new_context()
        log_in(context, service, who)
        kept[who] = context.storage_state()
        context.close()
    return kept


def _context(
    browser: Browser,
    kept: object,
    *,
    width: int = USUAL,
    scheme: Literal["light", "dark"] = "light",
    locale: str = "en",
) -> BrowserContext:
    return browser.new_context(
        storage_state=kept,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=locale,
        # For axe, which is put into the page; what the policy refuses is tested without.
        bypass_csp=True,
    )


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        plain = re.sub(r"\W+", "-", name)
        page.screenshot(path=Path(SHOTS) / f"{plain}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_keeps_to_wcag(
    browser: Browser,
    service: PagesService,
    logged_in: dict[str | None, object],
    axe: str,
    scheme: Literal["light", "dark"],
) -> None:
    wrong = {}
    for path, who in PAGES.items():
        context = _context(browser, logged_in[who], scheme=scheme)
        page = context.new_page()
        page.goto(service.url + path)
        if found := violations(page, axe):
            wrong[path] = found
        _shoot(page, f"{path} {scheme}")
        context.close()
    assert not wrong


@pytest.mark.parametrize("locale", ["en", "de", "zh-Hans"])
def test_no_page_is_wider_than_its_window_and_no_table_is_cut(
    browser: Browser, service: PagesService, logged_in: dict[str | None, object], locale: str
) -> None:
    wrong: dict[str, object] = {}
    for who in dict.fromkeys(PAGES.values()):
        context = _context(browser, logged_in[who], width=NARROW, locale=locale)
        page = context.new_page()
        for path in (path for path, reader in PAGES.items() if reader == who):
            page.goto(service.url + path)
            if cut := page.evaluate(CUT_TABLES):
                wrong[path] = cut
            for width in (NARROW, TABLET, WALL):
                page.set_viewport_size({"width": width, "height": 800})
                if (reached := page.evaluate("document.documentElement.scrollWidth")) > width:
                    wrong[f"{path} at {width} px"] = reached
                _shoot(page, f"{path} {width} {locale}")
            page.set_viewport_size({"width": NARROW, "height": 800})
        context.close()
    assert not wrong


def test_no_page_asks_elsewhere_or_holds_what_its_policy_refuses(
    browser: Browser, service: PagesService, logged_in: dict[str | None, object]
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    for path, who in PAGES.items():
        context = browser.new_context(storage_state=logged_in[who])  # type: ignore[arg-type]
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(service.url + path)
        context.close()
    assert not [url for url in asked if not url.startswith(service.url)]
    # A page that is not found is told so by the browser, too.
    assert not [text for text in complaints if "status of 4" not in text]


def test_the_policy_would_refuse_what_is_planted(browser: Browser, service: PagesService) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{service.url}/login")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\"><img src=\"http://127.0.0.1:9/x.png\">')"
    )
    page.wait_for_timeout(200)
    context.close()
    assert [text for text in complaints if "style-src" in text]
    assert [text for text in complaints if "img-src" in text]


def test_by_keyboard_alone_somebody_logs_in_reads_a_visit_and_logs_out(
    browser: Browser, service: PagesService
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{service.url}/login?on=/today%3Fday%3D2026-09-21")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("showroom_manager")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today?day=2026-09-21")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    _tab_to(page, "a[href^='/visits/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/visits/**")
    _tab_to(page, ".bar-top button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")
    context.close()


def test_whatever_takes_the_keyboard_shows_that_it_has_it(
    browser: Browser, service: PagesService, logged_in: dict[str | None, object]
) -> None:
    unseen = []
    for path, who in PAGES.items():
        context = _context(browser, logged_in[who])
        page = context.new_page()
        page.goto(service.url + path)
        unseen += [f"{path} {each}" for each in _without_outline(page)]
        context.close()
    assert not unseen


def test_a_page_is_printed_without_its_way_about(
    browser: Browser, service: PagesService, logged_in: dict[str | None, object]
) -> None:
    context = _context(browser, logged_in["showroom_manager"])
    page = context.new_page()
    page.goto(service.url + VISIT)
    page.emulate_media(media="print")
    expect(page.locator(".bar-top")).to_be_hidden()
    expect(page.locator("svg.timeline")).to_be_visible()
    _shoot(page, "print visit")
    page.goto(service.url + "/indicators/respond.within_s?days=365")
    assert page.locator("form").count() > 1
    assert not [each for each in page.locator("form").all() if each.is_visible()]
    context.close()


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def _without_outline(page: Page) -> list[str]:
    """What the tabulator reaches and does not outline."""
    found: list[str] = []
    page.evaluate("document.activeElement.blur()")
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                const it = document.activeElement, style = getComputedStyle(it);
                return [it === document.body, it.tagName + "." + it.className, style.outlineStyle];
            }"""
        )
        if at[0]:
            break
        if at[2] == "none":
            found.append(at[1])
    return found
