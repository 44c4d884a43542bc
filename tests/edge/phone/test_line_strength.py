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
    assert line_of(threshold_of(conducts)).odds(threshold_of(conducts - 0.03)) > -3.0


@pytest.mark.parametrize("own", [0.2, 0.4, 0.6])
def test_half_the_voltage_is_a_neighbours(own: float) -> None:
    assert line_of(own, own).odds(min(2.0 * own, 0.99)) < -2.5


def test_a_stronger_ringing_than_ever_is_no_neighbours() -> None:
    assert line_of(0.5).odds(0.3) > 0.0
