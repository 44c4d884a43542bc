"""A demo that stays up: a month that never was, delivered as a desk delivers it, marked on every page, and changed by nobody."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.settings.desk_toml import DeskSection, Settings
from edge.settings.last_good import Configuration
from edge.tools.demo.central import CentralError, simulated_house
from edge.tools.demo.demo_broker import running_broker
from edge.tools.demo.simulated_month import DAYS, simulated_month
from edge.tools.demo.staying import open_house
from protocol.standards_folder import find_standard
from tests.worlds.pages.http_browser import HttpBrowser

MARK = "Everything here is simulated"


def test_a_month_is_the_same_each_time_and_within_its_days() -> None:
    month = simulated_month()
    assert month == simulated_month()
    assert month != simulated_month(2)
    assert min(each.start_s for each in month) >= 0.0
    assert max(each.end_s for each in month) <= DAYS * 86400.0


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpBrowser]:
    folder = tmp_path_factory.mktemp("demo")
    configuration = Configuration(
        Settings(desk=DeskSection(device="demo-desk")), find_standard("eight-teeth")
    )
    name, password = simulated_house(folder / "central.db", "demo-desk")
    with running_broker(folder) as (_, way), open_house(way, folder, configuration) as house:
        browser = HttpBrowser(house.url)
        answer = browser.send("/login", at="/login", name=name, password=password)
        assert answer.status_code == 303, answer.text
        yield browser
        browser.client.close()


def test_the_month_came_by_the_way_of_every_desk_and_is_marked_on_every_page(browser: HttpBrowser) -> None:
    days = [datetime.fromtimestamp(time.time(), UTC).date() - timedelta(days=back) for back in (1, 2, 3)]
    pages = {f"/today?day={day}": browser.get(f"/today?day={day}").text for day in days}
    assert sum("attended to in time" in page for page in pages.values()) >= 2
    for path in (
        "/today",
        "/desks",
        "/desks/demo-desk",
        "/standards",
        "/privacy",
        "/profiles",
        "/audit",
        "/account",
        "/promises",
        "/promises/1",
        "/monitoring",
    ):
        pages[path] = browser.get(path).text
    assert not [path for path, page in pages.items() if MARK not in page]
    assert "within five seconds" in pages["/promises/1"]
    assert "✕" in pages["/monitoring"], "one of the sources is overdue"


def test_whoever_looks_changes_nothing(browser: HttpBrowser) -> None:
    for path in ("/account/password", "/profiles", "/account/tokens", "/standard-draft"):
        answer = browser.send(path)
        assert answer.status_code == 403
    assert "nothing of it can be changed" in browser.send("/profiles").text


def test_nothing_simulated_comes_beside_what_was_measured(tmp_path: Path) -> None:
    simulated_house(tmp_path / "central.db", "demo-desk")
    with pytest.raises(CentralError, match="has desks already"):
        simulated_house(tmp_path / "central.db", "demo-desk")
