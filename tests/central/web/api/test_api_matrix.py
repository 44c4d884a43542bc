"""Every route of the API against every permit and every role, over HTTP: no token gets further than the tables below say."""

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from central.accounts.account_book import close_account, open_account, take_away
from central.accounts.roles import ROLES, Grant, Scope
from central.accounts.tokens import PERMITS, Permit
from central.web.api.api_access import permit_of
from central.web.api.api_application import API_ROUTERS
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import OF_SOUTH, account_of_name

MANAGERS = {"showroom_manager", "area_manager"}
ASKS_FOR: dict[str, Permit | None] = {
    "GET /api/1/openapi.json": None,
    "GET /api/1/companies": "registry:read",
    "GET /api/1/regions": "registry:read",
    "GET /api/1/showrooms": "registry:read",
    "GET /api/1/showrooms/{number}": "registry:read",
    "POST /api/1/registry/sheets": "registry:write",
    "GET /api/1/desks": "desks:read",
    "GET /api/1/desks/{device}": "desks:read",
    "GET /api/1/desks/{device}/health": "desks:read",
    "GET /api/1/desks/{device}/places": "desks:read",
    "PATCH /api/1/desks/{device}": "registry:write",
    "GET /api/1/desks/{device}/duty": "duty:read",
    "POST /api/1/desks/{device}/duty/corrections": "duty:write",
    "GET /api/1/visits": "visits:read",
    "GET /api/1/visits/{device}/{boot}/{number}": "visits:read",
    "GET /api/1/calls": "calls:read",
    "GET /api/1/calls/{device}/{boot}/{number}": "calls:read",
    "GET /api/1/people": "people:read",
    "GET /api/1/people/{number}": "people:read",
    "GET /api/1/exemptions": "exemptions:read",
    "GET /api/1/standards": "standards:read",
    "GET /api/1/standards/in-force": "standards:read",
    "GET /api/1/standards/{name}/{version}": "standards:read",
    "POST /api/1/standards": "standards:write",
    "PUT /api/1/standards/{name}/{version}": "standards:write",
}
"""What each route asks of a token. A new route has its line here, or the test below fails."""
ROLES_OF: dict[Permit, set[str]] = {
    "visits:read": MANAGERS,
    "calls:read": MANAGERS,
    "desks:read": {*MANAGERS, "technician", "administrator"},
    "duty:read": MANAGERS,
    "duty:write": MANAGERS,
    "exemptions:read": {"area_manager"},
    "people:read": {*MANAGERS, "administrator"},
    "registry:read": {*MANAGERS, "technician", "administrator"},
    "registry:write": {"administrator"},
    "standards:read": set(ROLES),
    "standards:write": MANAGERS,
}
"""Whose tokens it is good for."""
HARBOUR = Scope("North", "Harbour")
STRETCH = "from=2026-09-21T00:00:00Z&to=2026-09-22T00:00:00Z"
INSIDE = {"device": "harbour-1", "boot": BOOT, "number": "1", "name": "eight-teeth", "version": "2"}
OF_THE_OTHER = ("market-1", "Market", "South", OF_SOUTH, "Hills", "lark", "Sommer")
"""Nothing that is answered to a token that ends at the Harbour names these; and no answer at all the names behind pseudonyms."""


def _path(name: str, /, **places: str) -> str:
    path = name.partition(" ")[2].removeprefix("/api/1").format(**INSIDE | places)
    number = "3" if "/calls/" in path else "1"
    path = path.replace(f"{BOOT}/1", f"{BOOT}/{number}")
    return f"{path}?{STRETCH}" if path.endswith("/duty") else path


def _ask(program: httpx.Client, name: str, /, **places: str) -> httpx.Response:
    method = name.partition(" ")[0]
    return program.request(method, _path(name, **places), json=None if method == "GET" else {})


def _let_in(answers: Iterable[tuple[str, httpx.Response]]) -> set[str]:
    """The routes that did their work, or looked at what they were sent."""
    found = set()
    for name, answer in answers:
        assert answer.status_code != 429, name
        assert answer.status_code < 500, (name, answer.text)
        if answer.status_code not in {401, 403}:
            found.add(name)
    return found


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    found = {
        f"{method} {route.path}": permit_of(route)
        for router in API_ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert found == ASKS_FOR
    assert set(ROLES_OF) == set(PERMITS)


@pytest.mark.parametrize("permit", PERMITS)
def test_a_token_opens_what_it_permits_and_nothing_else(registered: PagesService, permit: Permit) -> None:
    registered.give_account("of-every-role", *_missing(registered, [Grant(role) for role in ROLES]))
    program = registered.program(registered.give_token("of-every-role", permit))
    opened = _let_in((name, _ask(program, name)) for name in ASKS_FOR)
    assert opened == {name for name, asked in ASKS_FOR.items() if asked in {None, permit}}


@pytest.mark.parametrize("role", ROLES)
def test_a_token_with_every_permit_opens_what_its_maker_may_and_nothing_else(
    registered: PagesService, role: str
) -> None:
    program = registered.program(registered.give_token(role, *PERMITS))
    opened = _let_in((name, _ask(program, name)) for name in ASKS_FOR)
    assert opened == {name for name, asked in ASKS_FOR.items() if asked is None or role in ROLES_OF[asked]}


@pytest.mark.parametrize("token", [None, "deskside_" + "x" * 43, "of another kind"])
def test_without_a_good_token_nothing_but_the_description_is_open(
    registered: PagesService, token: str | None
) -> None:
    program = registered.program(token)
    # Few of them: whoever asks on without a good token is slowed down.
    names = ["GET /api/1/visits", "GET /api/1/people/{number}", "POST /api/1/standards"]
    answers = [_ask(program, name) for name in names]
    assert {answer.status_code for answer in answers} == {401}
    assert all(answer.headers["www-authenticate"].startswith("Bearer") for answer in answers)
    assert program.get("/openapi.json").status_code == 200


def test_a_log_in_is_no_token_and_a_token_is_no_log_in(registered: PagesService) -> None:
    browser = registered.browser("area_manager")
    assert browser.get("/api/1/visits").status_code == 401
    program = registered.program(registered.give_token("area_manager", *PERMITS))
    assert program.get(f"{registered.url}/today").status_code == 303
    assert program.get(f"{registered.url}/today").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        ("harbour-showroom_manager", Scope()),
        ("harbour-area_manager", Scope()),
        ("harbour-technician", Scope()),
        ("harbour-host", Scope()),
        ("area_manager", HARBOUR),
        ("administrator", HARBOUR),
        ("area_manager", Scope("North")),
    ],
)
def test_a_token_that_ends_at_the_harbour_gives_nothing_of_the_market(
    registered: PagesService, who: str, scope: Scope
) -> None:
    program = registered.program(registered.give_token(who, *PERMITS, scope=scope))
    leaks = []
    for name in ASKS_FOR:
        if name == "GET /api/1/openapi.json":
            continue
        inside = _ask(program, name)
        leaks += [(name, word) for word in (*OF_THE_OTHER, "Winter") if word in inside.text]
        outside = {
            "{device}": {"device": "market-1"},
            "{number}": {"number": "2"},
            "{name}": {"name": OF_SOUTH, "version": "1"},
        }
        places = next((each for part, each in outside.items() if part in name), None)
        if places is None or inside.status_code == 403:
            continue
        far = _ask(program, name, **places)
        nowhere = _ask(program, name, **dict.fromkeys(places, "9999999"))
        if far.is_success or far.text != nowhere.text:
            leaks.append((name, far.text))
    assert not leaks


def test_a_token_reaches_no_further_by_a_filter_or_a_cursor(registered: PagesService) -> None:
    program = registered.program(registered.give_token("area_manager", *PERMITS, scope=HARBOUR))
    for filters in ("company=South", "showroom=Market", "device=market-1", "company=North&showroom=Market"):
        for kind in ("visits", "calls"):
            assert program.get(f"/{kind}?{filters}").json() == {"items": [], "next": None}
    whole = registered.program(registered.give_token("area_manager", *PERMITS))
    following = whole.get("/visits?limit=1").json()["next"]
    devices = {item["device"] for item in program.get(f"/visits?cursor={following}").json()["items"]}
    assert devices == {"harbour-1"}


def test_a_token_loses_what_its_maker_loses_at_once(registered: PagesService) -> None:
    registered.give_account("leaving", *_missing(registered, [Grant("area_manager", HARBOUR)], "leaving"))
    program = registered.program(registered.give_token("leaving", *PERMITS))
    assert program.get("/visits").status_code == 200
    engine = registered.engine()
    with Session(engine) as session, session.begin():
        take_away(session, account_of_name(session, "leaving"), Grant("area_manager", HARBOUR))
    assert program.get("/visits").status_code == 403
    assert program.get("/desks").status_code == 403
    with Session(engine) as session, session.begin():
        close_account(session, account_of_name(session, "leaving"), time.time())
    assert program.get("/visits").status_code == 401
    with Session(engine) as session, session.begin():
        open_account(session, account_of_name(session, "leaving"))
    engine.dispose()


def _missing(service: PagesService, grants: list[Grant], name: str = "of-every-role") -> list[Grant]:
    """Those grants that an account has not yet."""
    with closing(sqlite3.connect(service.file)) as db:
        asked = "SELECT role FROM role_grant JOIN account ON account.id = role_grant.account WHERE name = ?"
        known = {role for (role,) in db.execute(asked, (name,))}
    return [grant for grant in grants if grant.role not in known]
