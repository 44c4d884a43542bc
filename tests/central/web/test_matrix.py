"""Every route against every role, over HTTP: nobody gets further than the table below says."""

import pytest
from fastapi.routing import APIRoute

from central.accounts.roles import ROLES
from central.web.access import right_of
from central.web.application import ROUTERS
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import OF_SOUTH

ANYONE = "anyone"
LOGGED_IN = {*ROLES, "no-role"}
MANAGERS = {"showroom_manager", "area_manager"}
OPEN_TO: dict[str, object] = {
    "GET /": ANYONE,
    "GET /health": ANYONE,
    "GET /ready": ANYONE,
    "GET /metrics": ANYONE,
    "GET /static/{digest}/{name}": ANYONE,
    "GET /login": ANYONE,
    "POST /login": ANYONE,
    "POST /logout": ANYONE,
    "POST /language": ANYONE,
    "GET /invitation/{code}": ANYONE,
    "POST /invitation/{code}": ANYONE,
    "GET /account": LOGGED_IN,
    "POST /account/password": LOGGED_IN,
    "GET /login/passkey": ANYONE,
    "GET /login/with/{name}": ANYONE,
    "GET /login/with/{name}/back": ANYONE,
    "GET /login/with/{name}/out": ANYONE,
    "POST /login/passkey": ANYONE,
    "GET /account/passkey": LOGGED_IN,
    "POST /account/passkey": LOGGED_IN,
    "POST /account/passkey/{number}/drop": LOGGED_IN,
    "GET /live": LOGGED_IN,
    "GET /desks": {*MANAGERS, "technician", "administrator"},
    "GET /desks/{device}": {*MANAGERS, "technician", "administrator"},
    "GET /today": {*MANAGERS, "host"},
    "GET /month": {*MANAGERS, "host"},
    "GET /staffing": MANAGERS,
    "GET /indicators": {*MANAGERS, "host"},
    "GET /indicators/{code}": {*MANAGERS, "host"},
    "GET /wall": {*MANAGERS, "host"},
    "GET /alerts": {*MANAGERS, "host"},
    "POST /alerts/{number}/acknowledge": MANAGERS,
    "POST /indicators/{code}/reference": MANAGERS,
    "POST /indicators/{code}/choice": {"area_manager"},
    "GET /visits/{device}/{bootid}/{sequence}": MANAGERS,
    "GET /standards": {*ROLES},
    "GET /standards/{name}": {*ROLES},
    "GET /standards/{name}/{version}": {*ROLES},
    "GET /standards/{name}/{version}/difference": {*ROLES},
    "GET /standards/{name}/{version}/rehearsal": MANAGERS,
    "GET /standards/{name}/{version}/tightening": MANAGERS,
    "GET /desk-standards": {*MANAGERS, "technician", "administrator"},
    "GET /standard-draft": MANAGERS,
    "POST /standard-draft": MANAGERS,
    "POST /standards/{name}/{version}/approve": {"area_manager"},
    "POST /standards/{name}/{version}/make-active": {"area_manager"},
    "POST /standards/{name}/{version}/retire": {"area_manager"},
    "POST /standards/{name}/{version}/put-into-force": {"area_manager"},
    "POST /standards/{name}/{version}/withdraw/{number}": {"area_manager"},
    "GET /accounts": {"administrator"},
    "POST /accounts": {"administrator"},
    "GET /accounts/{number}": {"administrator"},
    "POST /accounts/{number}/invite": {"administrator"},
    "POST /accounts/{number}/give": {"administrator"},
    "POST /accounts/{number}/take": {"administrator"},
    "POST /accounts/{number}/close": {"administrator"},
    "POST /accounts/{number}/open": {"administrator"},
    "GET /exemptions": {"area_manager"},
    "POST /exemptions": {"area_manager"},
    "POST /exemptions/{number}/end": {"area_manager"},
    "GET /account/exemptions": LOGGED_IN,
    "GET /audit": {"auditor", "works_council"},
    "GET /privacy": LOGGED_IN,
    "GET /account/tokens": LOGGED_IN,
    "POST /account/tokens": LOGGED_IN,
    "POST /account/tokens/{number}/revoke": LOGGED_IN,
    "GET /my-day": {"host"},
    "GET /people": {*MANAGERS, "administrator"},
    "POST /people/{number}/link": {*MANAGERS, "administrator"},
    "POST /people/{number}/unlink": {*MANAGERS, "administrator"},
    "GET /profiles": {"area_manager", "works_council", "administrator"},
    "POST /profiles": {"area_manager", "works_council", "administrator"},
    "POST /profiles/{number}/sign": {"area_manager", "works_council", "administrator"},
    "POST /profiles/{number}/withdraw": {"area_manager", "works_council", "administrator"},
    "GET /appraisals": MANAGERS,
    "POST /appraisals": {"showroom_manager"},
    "GET /appraisals/{number}": MANAGERS,
    "GET /appraisals/{number}/measurements": MANAGERS,
    "GET /appraisals/{number}/days": MANAGERS,
    "GET /appraisals/{number}/measurement": MANAGERS,
    "POST /appraisals/{number}/renew": {"showroom_manager"},
    "POST /appraisals/{number}/sign": {"showroom_manager"},
    "POST /appraisals/{number}/withdraw": {"showroom_manager"},
    "POST /appraisals/{number}/say": {"showroom_manager"},
    "POST /contests/{number}/decide": MANAGERS,
    "GET /competitions": {*MANAGERS, "host", "auditor", "works_council"},
    "POST /competitions": MANAGERS,
    "GET /competitions/{number}": {*MANAGERS, "host", "auditor", "works_council"},
    "POST /competitions/{number}/rules": MANAGERS,
    "POST /competitions/{number}/announce": MANAGERS,
    "POST /competitions/{number}/close": MANAGERS,
    "POST /competitions/{number}/call-off": MANAGERS,
    "POST /competitions/{number}/enter": {"host"},
    "POST /competitions/{number}/withdraw": {"host"},
    "GET /benchmarks": {*MANAGERS, "host", "auditor", "works_council"},
    "POST /benchmarks": MANAGERS,
    "POST /benchmarks/{number}/end": MANAGERS,
    "GET /fairness": {*MANAGERS, "auditor", "works_council"},
    "GET /replies": {*MANAGERS, "host"},
    "GET /replies/{number}": {*MANAGERS, "host"},
    "GET /promises": {*MANAGERS, "host", "auditor", "works_council"},
    "POST /promises": MANAGERS,
    "GET /promises/{number}": {*MANAGERS, "host", "auditor", "works_council"},
    "POST /promises/{number}": MANAGERS,
    "POST /promises/{number}/publish": {"area_manager"},
    "POST /promises/{number}/withdraw": {"area_manager"},
    "GET /promises/{number}/kept": ANYONE,
    "GET /monitoring": MANAGERS,
    "POST /monitoring": MANAGERS,
    "GET /monitoring/{number}": MANAGERS,
    "POST /monitoring/{number}/note": MANAGERS,
    "POST /monitoring/{number}/change": MANAGERS,
    "POST /monitoring/{number}/end": MANAGERS,
    "GET /evaluations": {*MANAGERS, "auditor", "works_council"},
    "POST /evaluations": MANAGERS,
    "GET /evaluations/{number}": {*MANAGERS, "auditor", "works_council"},
    "POST /evaluations/{number}/renew": MANAGERS,
    "POST /evaluations/{number}/recommend": MANAGERS,
    "POST /evaluations/{number}/take-back": MANAGERS,
    "POST /evaluations/{number}/answer": MANAGERS,
    "POST /evaluations/{number}/sign": MANAGERS,
    "POST /evaluations/{number}/withdraw": MANAGERS,
    "GET /my-appraisals": {"host"},
    "GET /my-appraisals/{number}": {"host"},
    "GET /my-appraisals/{number}/measurements": {"host"},
    "GET /my-appraisals/{number}/days": {"host"},
    "GET /my-appraisals/{number}/measurement": {"host"},
    "POST /my-appraisals/{number}/say": {"host"},
    "POST /my-appraisals/{number}/contest": {"host"},
}
"""Who gets in, route by route. A new route has its line here, or the test below fails."""

PLACES = {
    "device": "harbour-1",
    "number": "999999",
    "code": "none",
    "digest": "none",
    "name": "eight-teeth",
    "bootid": BOOT,
    "sequence": "1",
    "version": "2",
}
OUTSIDE = {"device": "market-1", "name": OF_SOUTH, "version": "1"}
NOWHERE = {"device": "no-such-desk", "name": "no-such-one", "version": "1"}
"""What stands for the parts of a path: of a desk that is there, and of accounts that are not, so that nothing is done to one."""
OF_THE_OTHER = ("market-1", "Market", "South", OF_SOUTH)
"""No page of somebody whose roles end at the Harbour names these."""


def _routes() -> dict[str, APIRoute]:
    return {
        f"{method} {route.path}": route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def _path(name: str, places: dict[str, str] = PLACES) -> str:
    return name.partition(" ")[2].format(**places)


def _ask(browser: HttpBrowser, name: str, token: str) -> int:
    if name.startswith("POST"):
        sent = browser.client.post(
            _path(name), data={"form": token, "role": "host"}, headers={"origin": browser.url}
        )
        return sent.status_code
    with browser.client.stream("GET", _path(name)) as answer:
        sent_away = answer.headers.get("location", "").startswith("/login")
        return 401 if sent_away else answer.status_code


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    assert set(_routes()) == set(OPEN_TO)


def test_every_route_asks_for_one_right_or_is_open_to_anyone() -> None:
    asked = {name: right_of(route) for name, route in _routes().items()}
    assert {name for name, right in asked.items() if right is None} == {
        name for name, who in OPEN_TO.items() if who == ANYONE
    }


@pytest.mark.parametrize("who", ["nobody", "no-role", *ROLES])
def test_nobody_gets_further_than_the_table_says(service: PagesService, who: str) -> None:
    browser = service.browser(None if who == "nobody" else who)
    token = browser.token("/login" if who == "nobody" else "/account")
    wrong = []
    for name, allowed in OPEN_TO.items():
        if name in {"GET /", "POST /logout"}:
            continue  # They lead on, and out.
        got_in = _ask(browser, name, token) not in {401, 403}
        if name in {"POST /login", "POST /login/passkey"}:
            got_in = True  # It answers 401 to a wrong password, which is being let in to try.
        expected = allowed == ANYONE or (isinstance(allowed, set) and who in allowed)
        if got_in != expected:
            wrong.append((name, got_in))
    assert not wrong


@pytest.mark.parametrize("who", ["host", "showroom_manager", "area_manager", "technician"])
def test_roles_of_one_showroom_see_nothing_of_another(service: PagesService, who: str) -> None:
    browser = service.browser(f"harbour-{who}")
    leaks = []
    for name, allowed in OPEN_TO.items():
        if name.startswith("POST") or allowed == ANYONE or name == "GET /live":
            continue
        inside = browser.get(_path(name) + ("?day=2026-09-21" if name == "GET /today" else ""))
        leaks += [(name, word) for word in OF_THE_OTHER if word in inside.text]
        if "{device}" in name or "{version}" in name:
            outside = browser.get(_path(name, PLACES | OUTSIDE))
            # As if it were not there: its page is the same as that of a desk, or a standard, that nobody has.
            nowhere = browser.get(_path(name, PLACES | NOWHERE))
            shown = outside.text.replace("market-1", NOWHERE["device"]).replace(OF_SOUTH, NOWHERE["name"])
            if outside.status_code == 200 or shown != nowhere.text:
                leaks.append((name, "status"))
            elif isinstance(allowed, set) and who in allowed:
                assert inside.status_code == 200
    assert not leaks
