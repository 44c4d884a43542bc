"""Pages that are open renew themselves: what happens at a desk stands on them while somebody looks."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from central.accounts.roles import Grant, Scope
from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.edge_process import DEVICE
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.processes import DeskProcess
from tests.worlds.desk_facts import reaction, visit
from tests.worlds.pages.chromium import chromium, log_in
from tests.worlds.pages.service import PagesService

SOON_S = 2.0
"""From a visit's end to its place on the page."""
LOST_S = 30.0
"""From a desk's last word to its being shown as lost."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def service(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[PagesService]:
    with PagesService(tmp_path, mosquitto.port) as service:
        service.give_account("manager", Grant("showroom_manager"))
        service.give_account("elsewhere", Grant("showroom_manager", Scope("Elsewhere")))
        yield service


def test_a_visit_stands_on_the_page_within_two_seconds_of_its_end(
    browser: Browser, service: PagesService, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db", device="desk-3")
    desk.offset_s, desk.synced = time.time() - time.monotonic(), True
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.online, 60)
    context = browser.new_context(timezone_id="UTC")
    page = log_in(context, service, "manager")
    page.goto(f"{service.url}/today")
    expect(page.locator("#days")).to_contain_text("desk-3", timeout=30_000)
    now_s = time.monotonic()
    came_s = now_s - 25.0
    desk.spool.put(visit(reaction("turned", 1.0, came_s), at_s=came_s))
    expect(page.locator("a[href^='/visits/desk-3/']")).to_have_count(1, timeout=30_000)
    assert time.monotonic() - now_s < SOON_S
    context.close()
    desk.leave()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "without power"])
def test_a_desk_that_dies_is_shown_as_lost_within_half_a_minute(
    browser: Browser, service: PagesService, mosquitto: Mosquitto, tmp_path: Path, number: signal.Signals
) -> None:
    context = browser.new_context()
    page = log_in(context, service, "manager")
    page.goto(f"{service.url}/desks")
    with DeskProcess(mosquitto.port, tmp_path) as desk:
        pid = desk.start()
        expect(page.locator("#desks")).to_contain_text(f"{DEVICE}", timeout=60_000)
        expect(page.locator("#desks")).to_contain_text("at work", timeout=60_000)
        os.kill(pid, number)
        died_s = time.monotonic()
        expect(page.locator("#desks .chip.fail")).to_have_count(1, timeout=60_000)
        assert time.monotonic() - died_s < LOST_S
        if number == signal.SIGSTOP:
            os.kill(pid, signal.SIGKILL)
    context.close()


def test_a_page_that_was_refused_stays_and_one_that_is_taken_away_goes(
    browser: Browser, service: PagesService
) -> None:
    context = browser.new_context()
    refused = log_in(context, service, "manager")
    loads: list[str] = []
    refused.on("load", lambda page: loads.append(page.url))
    refused.goto(f"{service.url}/no-such-page")
    # Its stream has begun, and with it the first renewal.
    refused.wait_for_timeout(3000)
    assert loads == [f"{service.url}/no-such-page"]
    refused.goto(f"{service.url}/desks")
    log_out = service.browser()
    log_out.client.cookies.update({each["name"]: each["value"] for each in context.cookies()})
    assert log_out.send("/logout").status_code == 303
    refused.wait_for_url("**/login**", timeout=60_000)
    context.close()


def test_nobody_learns_that_something_happens_at_a_desk_out_of_reach(
    service: PagesService, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    within, without = service.browser("manager"), service.browser("elsewhere")
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    with within.client.stream("GET", "/live") as told, without.client.stream("GET", "/live") as untold:
        told_lines, untold_lines = told.iter_lines(), untold.iter_lines()
        assert [next(told_lines), next(told_lines)] == ["retry: 1000", "event: changed"]
        assert [next(untold_lines), next(untold_lines)] == ["retry: 1000", "event: changed"]
        desk.uplink.start()
        assert any(line == "event: changed" for line in told_lines)
        # By then the other stream would have said so too; it gives its sign of life and nothing else.
        until_alive = [next(untold_lines) for _ in range(3)]
        assert "event: changed" not in until_alive
        assert ": alive" in until_alive
    desk.leave()
