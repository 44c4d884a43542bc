"""A neighbour's ringing is weaker than the line's own by more than a measurement is off."""

import pytest

from edge.phone.line_strength import LineStrength, threshold_of


def line_of(*answered: float) -> LineStrength:
    strength = LineStrength()
    for threshold in answered:
        strength.learn(threshold, answered=True)
    return strength


@pytest.mark.parametrize("conducts", [0.3, 0.5, 0.7, 0.86, 0.95])
def test_a_width_that_is_a_little_off_is_still_the_lines_own(conducts: float) -> None:
    own = threshold_of(conducts)
    odds = line_of(own, own).odds(threshold_of(conducts - 0.03))
    assert odds is not None
    assert odds > -3.0


@pytest.mark.parametrize("own", [0.2, 0.4, 0.6])
def test_half_the_voltage_is_a_neighbours(own: float) -> None:
    odds = line_of(own, own).odds(min(2.0 * own, 0.99))
    assert odds is not None
    assert odds < -2.5


def test_a_stronger_ringing_than_ever_is_no_neighbours() -> None:
    odds = line_of(0.5, 0.5).odds(0.3)
    assert odds is not None
    assert odds > 0.0


def test_one_call_that_was_measured_too_strong_makes_no_neighbour_of_the_others() -> None:
    strength = line_of(0.23)
    odds = strength.odds(0.36)
    assert odds is None
    for _ in range(3):
        strength.learn(0.36, answered=True)
    odds = strength.odds(0.36)
    assert odds is not None
    assert odds > -1.0
