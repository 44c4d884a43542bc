"""The bar at the top leads everybody to every page that is theirs, and to none that is not."""

import pytest
from fastapi.routing import APIRoute

from central.accounts.roles import ROLES, Grant, Role
from central.web.access import right_of
from central.web.application import ROUTERS
from central.web.navigation import GROUPS, groups_for

ENTRIES = [entry for group in GROUPS for entry in group.entries]
PAGES = {
    route.path: right_of(route)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
}
REACHED_FROM_OTHERS = {"/", "/health", "/ready", "/metrics", "/login", "/login/passkey", "/live", "/account"}
"""Pages that no entry leads to: the way in, what programs read, and the account, whose name stands in the bar itself."""


def test_every_entry_asks_for_the_right_that_its_page_asks_for() -> None:
    assert {entry.to: entry.right for entry in ENTRIES} == {entry.to: PAGES[entry.to] for entry in ENTRIES}


def test_every_page_belongs_to_an_entry_and_to_one_only() -> None:
    shown = {path for path, right in PAGES.items() if right and right != "log_in"} - REACHED_FROM_OTHERS
    entries = {path: sum(entry.holds(path) for entry in ENTRIES) for path in shown}
    assert entries == dict.fromkeys(shown, 1)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_logged_in_sees_the_groups_that_hold_something_for_them(role: Role) -> None:
    groups = groups_for([Grant(role)])
    assert groups
    assert all(group.entries for group in groups)


def test_who_has_no_role_sees_no_group() -> None:
    assert groups_for([]) == ()
