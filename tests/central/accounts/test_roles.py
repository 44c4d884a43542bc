"""What grants open, and where."""

import pytest

from central.accounts.roles import EVERYTHING, ROLES, WHOLE_HOUSE, Grant, Scope, may, may_at, why_not


def test_an_account_without_a_role_may_log_in_and_nothing_else() -> None:
    assert may((), "log_in")
    assert not may((), "see_desks")


def test_a_role_of_a_showroom_ends_at_its_door() -> None:
    grants = (Grant("showroom_manager", Scope("North", "Harbour")),)
    assert may_at(grants, "see_visits", "North", "Harbour")
    assert not may_at(grants, "see_visits", "North", "Market")
    assert not may_at(grants, "see_visits", "South", "Harbour")


def test_two_grants_lend_each_other_nothing() -> None:
    grants = (Grant("technician", Scope("North")), Grant("host", Scope("South")))
    assert not may_at(grants, "see_desks", "South", "Market")
    assert not may_at(grants, "see_showroom", "North", "Market")


def test_whoever_administers_sees_no_visit_by_that() -> None:
    assert not may((Grant("administrator"),), "see_visits")


@pytest.mark.parametrize("role", ROLES)
def test_accounts_and_the_audit_log_are_of_no_one_showroom(role: str) -> None:
    scoped = why_not(Grant(role, Scope("North")))  # type: ignore[arg-type]
    assert (scoped is not None) == (role in WHOLE_HOUSE)
    assert why_not(Grant(role, EVERYTHING)) is None  # type: ignore[arg-type]
    assert why_not(Grant(role, Scope("", "Harbour"))) is not None  # type: ignore[arg-type]
