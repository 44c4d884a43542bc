"""Two hosts and thirty days, from the desks' own uplink through a broker into the service, to an appraisal that is contested, signed and frozen."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.account_book import known_account
from central.accounts.own_person import link_person
from central.accounts.roles import Grant, Scope
from central.appraisal.appraisal_rows import AppraisalRow
from central.appraisal.appraisal_steps import drawn_anew
from central.appraisal.reading_back import holds
from central.desks.registry import enter
from central.records.event_row import EventRow
from central.standards.activations import activations
from central.standards.in_force import StandardsInForce
from edge.settings.desk_toml import Uplink
from protocol.standards_folder import find_standard
from tests.central.web.conftest import HARBOUR
from tests.worlds.appraised_month import DAYS, DESKS, FIRST_DAY, LAST_DAY, OFFSET_S, VISITS, month_at
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.pages.chromium import axe_script, chromium, log_in, violations
from tests.worlds.pages.service import PagesService
from tests.worlds.profiles import decide

PATIENCE_S = 240.0


@pytest.fixture
def house(request: pytest.FixtureRequest, mosquitto: Mosquitto, tmp_path: Path) -> Iterator[PagesService]:
    """The service on PostgreSQL with everything of the month in it, sent by two desks' own uplinks."""
    database = request.getfixturevalue("postgresql").new_database()
    assert CliRunner().invoke(cli.app, ["migrate", "--db", database]).exit_code == 0
    with PagesService(tmp_path, broker_port=mosquitto.port, database=database) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            for device in DESKS:
                enter(session, device, company="North", showroom="Harbour", timezone="Europe/Berlin")
            decide(session, "other", "North", "Harbour")
        service.give_account("wren@north", Grant("host", HARBOUR))
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        service.give_account("area", Grant("area_manager", Scope("North")))
        with Session(engine) as session, session.begin():
            own, by = (known_account(session, name).id for name in ("wren@north", "area"))
            link_person(session, own, "wren", by, 0.0)
        send_everything(service, mosquitto, tmp_path)
        engine.dispose()
        yield service


def send_everything(service: PagesService, mosquitto: Mosquitto, folder: Path) -> None:
    """Each desk puts its month into its spool; the spools are empty again when the service has acknowledged all of it."""
    wanted = sum(len(month_at(device).measured) for device in DESKS)
    with ExitStack() as leaving:
        for number, device in enumerate(DESKS):
            desk = Desk(Uplink(port=mosquitto.port), folder / f"{device}.db", device, f"{number + 1:032x}")
            desk.offset_s, desk.synced = OFFSET_S, True
            desk.spool.put_all(month_at(device).measured)
            desk.uplink.start()
            leaving.callback(desk.leave)
        engine = service.engine()
        until_s = time.monotonic() + PATIENCE_S
        came = 0
        while came < wanted and time.monotonic() < until_s:
            time.sleep(0.5)
            with Session(engine) as session:
                came = session.scalar(select(func.count()).select_from(EventRow)) or 0
        engine.dispose()
        assert came == wanted, service.said[-2000:]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def context_of(browser: Browser, service: PagesService, who: str) -> tuple[BrowserContext, Page]:
    # For axe, which is put into the page.
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900}, locale="en")
    return context, log_in(context, service, who)


def links_of_numbers(page: Page, at: str) -> list[tuple[int | None, str]]:
    """Every number of an appraisal that leads somewhere: what it says, where it is one number, and where it leads."""
    found: list[tuple[str, str]] = page.eval_on_selector_all(
        f'main a[href^="{at}/measurements"]', "links => links.map(a => [a.textContent.trim(), a.href])"
    )
    return [(int(text) if text.isdecimal() else None, href) for text, href in found]


def test_a_month_of_two_hosts_ends_in_an_appraisal_that_walks_back_to_its_measurements(
    house: PagesService, browser: Browser, tmp_path: Path
) -> None:
    context, page = context_of(browser, house, "manager")
    at = drafted(house, page)
    # What the host touched at their desk is a contest already, and nobody signs before it is decided.
    expect(page.locator("text=Contested at the page of the desk")).to_have_count(1)
    page.fill("#reasons", "a fair month")
    page.click("text=Sign it")
    expect(page.locator("[role=alert]")).to_contain_text("decided before anybody signs")
    walked_back(house, page, at)
    context.close()
    # A second person decides; a third signs what is drawn then.
    context, page = context_of(browser, house, "area")
    page.goto(f"{house.url}/appraisals")
    page.select_option("main .claim select", "excluded")
    page.fill("main .claim textarea", "the guard, as the visit shows")
    page.click("text=Decide it")
    expect(page.locator("text=Nothing is contested.")).to_be_visible()
    context.close()
    context, page = context_of(browser, house, "manager")
    signed_and_printed(house, page, at, tmp_path)
    context.close()
    frozen(house, at)


def drafted(house: PagesService, page: Page) -> str:
    """Have wren's month drafted; returns the path of the draft."""
    page.goto(f"{house.url}/appraisals")
    page.fill("#person", "wren")
    page.fill("#first-day", str(FIRST_DAY))
    page.fill("#last-day", str(LAST_DAY))
    page.click("text=Draft it")
    page.wait_for_url(re.compile(r"/appraisals/\d+$"))
    assert f"{DAYS * VISITS} visits, {DAYS * 2} calls" in page.locator("main").inner_text()
    return page.url.removeprefix(house.url)


def walked_back(house: PagesService, page: Page, at: str) -> None:
    """Every number leads to as many measurements, and each of these to the one: two clicks."""
    known = month_at("harbour-1")
    page.goto(house.url + at)
    links = links_of_numbers(page, at)
    assert len(links) > 30
    for number, href in links:
        page.goto(href)
        told = int(re.findall(r"(\d+) measurement", page.locator("p.headline").inner_text())[0])
        rows = page.locator("main tbody tr th a")
        assert (rows.count(), number if number is not None else told) == (told, told), href
    page.goto(next(href for _, href in links if "respond.within_s&outcome=not_met" in href))
    expect(page.locator("main tbody tr")).to_have_count(known.missed)
    page.click("main tbody tr th a >> nth=0")
    expect(page.locator("svg.timeline")).to_be_visible()
    page.goto(next(href for _, href in links if href.endswith("circumstance=party")))
    expect(page.locator("main tbody tr")).to_have_count(known.parties)
    # Presence leads to its days, and a day to what stands there.
    page.goto(house.url + at)
    page.click(f'a[href="{at}/days"]')
    expect(page.locator("main tbody tr")).to_have_count(DAYS)
    page.click("main tbody tr th a >> nth=0")
    expect(page).to_have_url(re.compile(rf"/today\?day={FIRST_DAY}"))


def signed_and_printed(house: PagesService, page: Page, at: str, folder: Path) -> None:
    """It is signed as it is drawn after the exclusion; on paper it has no forms and nothing to go about by, and all of its figures."""
    page.goto(house.url + at)
    page.fill("#reasons", "Prompt on the whole; one visit was the guard.")
    page.click("text=Sign it")
    expect(page.locator("text=the same, byte for byte")).to_be_visible()
    cell = page.locator(f'a[href="{at}/measurements?clause=respond.within_s&outcome=not_met"]')
    expect(cell).to_have_text(str(month_at("harbour-1").missed - 1))
    expect(page.locator("#reasons")).to_have_count(0)
    assert not violations(page, axe_script())
    printed = Path(os.environ.get("DESKSIDE_SHOTS", str(folder))) / "appraisal.pdf"
    page.pdf(path=printed, format="A4", print_background=True)
    assert printed.read_bytes().startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator(".bar-top")).to_be_hidden()
    expect(page.locator("main form >> nth=0")).to_be_hidden()
    expect(page.locator("text=SHA-256")).to_be_visible()
    if "DESKSIDE_SHOTS" in os.environ:
        page.set_viewport_size({"width": 794, "height": 1123})
        page.screenshot(path=printed.with_suffix(".png"), full_page=True)


def frozen(house: PagesService, at: str) -> None:
    """The text that was signed is what its own measurements come to, and what the database gives anew, byte for byte."""
    number = int(at.rsplit("/", 1)[1])
    engine = house.engine()
    with Session(engine) as session:
        row = session.get_one(AppraisalRow, number)
        standards = StandardsInForce(find_standard("eight-teeth"), activations(session))
        assert row.signed_wall_s is not None
        assert holds(row.figures, row.sha256)
        assert drawn_anew(session, row, standards) == row.figures
    engine.dispose()
