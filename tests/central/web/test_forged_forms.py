"""Another site cannot send a form in somebody's name: every route that changes anything is tried, with the role that may use it."""

import sqlite3
from contextlib import closing

import pytest

from central.accounts.roles import Grant
from tests.central.web.test_matrix import ANYONE, OPEN_TO, PLACES, _path
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PASSWORD, PagesService

CHANGING = sorted(name for name in OPEN_TO if not name.startswith("GET"))
"""`test_matrix` holds this table to the routes of the application."""
THERE = PLACES | {"number": "1", "version": "1"}
"""Of things that are there, so that something would be done to one."""
LOG_IN = "deskside-login"


def kept(service: PagesService) -> dict[str, list[str]]:
    """All that the database holds, save when each log-in was last seen."""
    with closing(sqlite3.connect(service.file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"')))  # noqa: S608  (its own tables)
            for name in tables
        }
        found["login"] = sorted(map(repr, db.execute("SELECT digest, account FROM login")))
        return found


def may_use(name: str) -> str:
    allowed = OPEN_TO[name]
    if allowed == ANYONE or "host" in allowed:  # type: ignore[operator]
        return "host"
    return min(allowed)  # type: ignore[call-overload, no-any-return]


def forgeries(own: HttpBrowser, others: str, stale: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Each with the token of the form and the headers that it comes with."""
    token, here = own.token("/account"), {"origin": own.url}
    return {
        "without a token": ("", here),
        "with a stale token": (stale, here),
        "with the token of another": (others, here),
        "with a token of nobody": ("0" * 64, here),
        "without an origin": (token, {}),
        "from another site": (token, {"origin": "https://elsewhere.example"}),
        "from nowhere": (token, {"origin": "null"}),
        "of another site by the browser's word": (token, {**here, "sec-fetch-site": "cross-site"}),
        "of a neighbouring site by the browser's word": (token, {**here, "sec-fetch-site": "same-site"}),
    }


def test_no_route_that_changes_anything_takes_a_form_that_was_not_written_for_this_browser(
    service: PagesService,
) -> None:
    others = service.browser("technician").token("/account")
    browsers, tried = {}, {}
    for role in {may_use(name) for name in CHANGING}:
        earlier = service.browser(role)
        stale = earlier.token("/account")
        assert earlier.send("/logout").status_code == 303
        browsers[role] = service.browser(role)
        tried[role] = forgeries(browsers[role], others, stale)
    before = kept(service)
    let_in = []
    for name in CHANGING:
        role = may_use(name)
        for forgery, (token, headers) in tried[role].items():
            form = {"form": token, "role": "host", "name": "planted", "old": PASSWORD, "reason": "planted"}
            sent = browsers[role].client.post(_path(name, THERE), data=form, headers=headers)
            if sent.status_code != 403:
                let_in.append((name, forgery, sent.status_code))
    assert not let_in
    assert len(CHANGING) >= 50
    after = kept(service)
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_cookie_of_a_log_in_changes_nothing_through_the_api(service: PagesService) -> None:
    browser = service.browser("area_manager")
    paths = browser.get("/api/1/openapi.json").json()["paths"]
    changing = [
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if method in {"post", "put", "patch", "delete"}
    ]
    assert len(changing) >= 3
    before = kept(service)
    for method, path in changing:
        at = path if path.startswith("/api/1") else f"/api/1{path}"
        sent = browser.client.request(method, at, json={}, headers={"origin": "https://elsewhere.example"})
        assert sent.status_code == 401, (method, path)
    assert kept(service) == before


@pytest.mark.parametrize("planted", ["deskside-login", "deskside-form"])
def test_a_cookie_that_was_planted_before_the_log_in_is_nobodys_after_it(
    service: PagesService, planted: str
) -> None:
    victim, thief = service.browser(), service.browser()
    for browser in (victim, thief):
        browser.client.cookies.set(planted, "a" * 43, domain="127.0.0.1", path="/")
    assert victim.send("/login", at="/login", name="host", password=PASSWORD).status_code == 303
    assert victim.client.cookies[LOG_IN] != "a" * 43
    assert victim.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def test_a_log_in_changes_with_every_way_in_and_the_one_before_is_dead(service: PagesService) -> None:
    service.give_account("fixed", Grant("host"))
    browser, copy = service.browser("fixed"), service.browser()
    first = browser.client.cookies[LOG_IN]
    again = browser.send("/login", name="fixed", password=PASSWORD)
    assert again.status_code == 303
    second = browser.client.cookies[LOG_IN]
    new = "a wholly other row of words"
    assert browser.send("/account/password", old=PASSWORD, password=new, again=new).status_code == 303
    third = browser.client.cookies[LOG_IN]
    assert len({first, second, third}) == 3
    for dead in (first, second):
        copy.client.cookies.clear()
        copy.client.cookies.set(LOG_IN, dead)
        assert copy.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_role_that_is_taken_is_gone_with_the_next_click(service: PagesService) -> None:
    service.give_account("changed", Grant("technician"))
    browser, administrator = service.browser("changed"), service.browser("administrator")
    assert browser.get("/desks").status_code == 200
    listed = administrator.get("/accounts").text
    number = listed.split(">changed<")[0].rsplit("/accounts/", 1)[1].strip('"')
    at = f"/accounts/{number}"
    grant = administrator.get(at).text.split('name="grant" value="')
    taken = {"grant": grant[1].split('"')[0]} if len(grant) > 1 else {"role": "technician"}
    assert administrator.send(f"{at}/take", at=at, **taken).status_code == 303
    assert browser.get("/desks").status_code == 403


def test_every_cookie_is_hidden_from_scripts_and_from_other_sites(service: PagesService) -> None:
    browser = service.browser()
    answers = [
        browser.get("/login"),
        browser.send("/language", at="/login", language="de", on="/login"),
        browser.send("/login", at="/login", name="host", password=PASSWORD),
    ]
    given = [each for answer in answers for each in answer.headers.get_list("set-cookie")]
    assert {each.split("=")[0] for each in given} >= {LOG_IN, "deskside-form", "deskside-language"}
    for each in given:
        assert {"httponly", "samesite=lax"} <= {part.strip().lower() for part in each.split(";")}, each
