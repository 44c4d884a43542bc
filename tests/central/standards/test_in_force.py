"""Which standard a showroom worked by, and whether it was being tried."""

from dataclasses import replace

import pytest

from central.showrooms.premises import Showroom
from central.standards.activations import StandardActivation
from central.standards.in_force import StandardsInForce
from central.standards.standard_versions import StandardVersion
from tests.worlds.desk_facts import STANDARD

HARBOUR = Showroom(1, "North", "", "Harbour", "Europe/Berlin", "eu")


def activation(number: int, from_s: float, made_active_s: float | None = 0.0) -> StandardActivation:
    standard = STANDARD.model_copy(update={"version": number})
    version = StandardVersion(number, standard, "", "", None, "active", 1, 0.0, 2, 0.0, made_active_s)
    return StandardActivation(number, version, HARBOUR, from_s, 1, from_s)


IN_FORCE = StandardsInForce(
    STANDARD, [activation(9, 300.0), activation(7, 100.0, 150.0), activation(8, 200.0, None)]
)


@pytest.mark.parametrize(
    ("at_s", "version", "state"),
    [
        (99.9, 3, "default"),
        (100.0, 7, "pilot"),
        (149.9, 7, "pilot"),
        (150.0, 7, "active"),
        (200.0, 8, "pilot"),
        (299.9, 8, "pilot"),
        (1e9, 9, "active"),
    ],
)
def test_from_its_moment_on_a_standard_holds_until_the_next_one(
    at_s: float, version: int, state: str
) -> None:
    rule = IN_FORCE.at(HARBOUR.id, at_s)
    assert (rule.standard.version, rule.state) == (version, state)


def test_elsewhere_and_where_nobody_entered_a_desk_the_default_holds() -> None:
    assert IN_FORCE.at(2, 150.0).state == IN_FORCE.at(None, 150.0).state == "default"


def test_rules_leave_no_hole() -> None:
    rules = IN_FORCE.rules(HARBOUR.id)
    assert [each.from_s for each in rules[1:]] == [each.until_s for each in rules[:-1]]
    assert rules[0].from_s is None
    assert rules[-1].until_s is None


def test_what_was_made_active_after_it_was_replaced_was_a_pilot_all_the_time() -> None:
    first = activation(7, 100.0)
    late = replace(first, version=replace(first.version, made_active_wall_s=500.0))
    rules = StandardsInForce(STANDARD, [late, activation(8, 200.0)]).rules(HARBOUR.id)
    assert [each.state for each in rules] == ["default", "pilot", "active"]
