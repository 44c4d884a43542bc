"""Whoever looks at what tells of a person is in the audit log, and sees what they themselves have looked at."""

import sqlite3
from contextlib import closing

import pytest

from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.service import PagesService

VISIT = f"/visits/harbour-1/{BOOT}/1"


def entries(service: PagesService) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(service.file)) as db:
        return db.execute("SELECT actor, action, subject FROM audit ORDER BY number").fetchall()


@pytest.mark.parametrize(
    ("who", "path", "action", "subject"),
    [
        ("showroom_manager", VISIT, "read visit", f"harbour-1/{BOOT}/1"),
        ("showroom_manager", "/today?day=2026-09-21", "read day", "harbour-1 2026-09-21"),
        ("administrator", "/accounts", "read accounts", ""),
        ("administrator", "/accounts/1", "read account", "account 1"),
        ("auditor", "/audit", "read audit log", ""),
    ],
)
def test_a_read_is_noted_with_who_and_what(
    service: PagesService, who: str, path: str, action: str, subject: str
) -> None:
    browser = service.browser(who)
    actor = next(actor for actor, done, _ in reversed(entries(service)) if done == "logged in")
    before = len(entries(service))
    assert browser.get(path).status_code == 200
    assert (actor, action, subject) in entries(service)[before:]


def test_a_page_that_renews_itself_is_one_look_and_a_visit_read_twice_is_two(service: PagesService) -> None:
    browser = service.browser("harbour-host")
    before = len(entries(service))
    for _ in range(3):
        browser.get("/today?day=2026-09-20")
    looked = [subject for _, action, subject in entries(service)[before:] if action == "read day"]
    assert looked == ["harbour-1 2026-09-20"]
    manager = service.browser("showroom_manager")
    before = len(entries(service))
    manager.get(VISIT)
    manager.get(VISIT)
    assert [action for _, action, _ in entries(service)[before:]] == ["read visit"] * 2


def test_a_read_that_was_refused_shows_nothing_and_is_no_read(service: PagesService) -> None:
    browser = service.browser("host")
    before = len(entries(service))
    assert browser.get(VISIT).status_code == 403
    assert len(entries(service)) == before


def test_everybody_sees_what_the_log_holds_of_their_own_doing(service: PagesService) -> None:
    browser = service.browser("showroom_manager")
    browser.get(VISIT)
    assert f"harbour-1/{BOOT}/1" in browser.get("/account").text
    assert f"harbour-1/{BOOT}/1" not in service.browser("host").get("/account").text


def test_the_log_names_no_account(service: PagesService) -> None:
    service.browser("showroom_manager").get(VISIT)
    with closing(sqlite3.connect(service.file)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM account")]
        text = str(db.execute("SELECT actor, subject, detail FROM audit").fetchall())
    assert "showroom_manager" in names
    assert not [name for name in ("harbour-showroom_manager", "harbour-host", "no-role") if name in text]
