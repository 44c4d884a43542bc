"""A mouth stays where it is while glasses go on or off, whatever the mesh does, and what it does by itself is kept."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.face.mouth import Mouth
from edge.face.steady_mouth import Shown, SteadyMouth
from edge.observation import Estimate

BARE, HIDDEN, ONE_EYE = (True, True), (False, False), (False, True)
REST = Mouth(
    Estimate(-0.2, 0.08), Estimate(-0.1, 0.08), Estimate(0.1, 0.08), Estimate(5.0, 0.2), Estimate(0.1, 0.1)
)
RATE_HZ = 15.0


def raised(cm: float) -> Mouth:
    """The mouth with its corners so much higher."""
    return replace(
        REST,
        lift_left_cm=Estimate(REST.lift_left_cm.value + cm, REST.lift_left_cm.se),
        lift_right_cm=Estimate(REST.lift_right_cm.value + cm, REST.lift_right_cm.se),
    )


class Watched:
    """One mouth over scripted seconds."""

    def __init__(self) -> None:
        self._steady = SteadyMouth()
        self._t_s = 0.0
        self.latest = REST

    def see(self, lips: Mouth, shown: Shown, seconds: float) -> "Watched":
        for _ in range(round(seconds * RATE_HZ)):
            self.latest = self._steady.at(self._t_s, lips, shown)
            self._t_s += 1 / RATE_HZ
        return self

    def away(self, seconds: float) -> "Watched":
        self._t_s += seconds
        return self

    @property
    def lift_cm(self) -> float:
        """Above where it rested."""
        return self.latest.lift_left_cm.value - REST.lift_left_cm.value


def test_a_mouth_whose_eyes_show_as_they_did_is_told_as_it_was_measured() -> None:
    for shown in (BARE, HIDDEN, ONE_EYE):
        assert Watched().see(REST, shown, 1.0).see(raised(0.9), shown, 1.0).latest == raised(0.9)


@pytest.mark.parametrize("shift_cm", [-0.2, 0.0, 0.1, 0.3, 0.5])
def test_glasses_that_go_on_move_no_mouth(shift_cm: float) -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(shift_cm), HIDDEN, 2.0)
    assert abs(watched.lift_cm) <= 0.15
    assert abs(watched.lift_cm) <= watched.latest.lift_left_cm.se
    assert watched.latest.lift_left_cm.se > REST.lift_left_cm.se


def test_once_they_are_off_the_mouth_is_told_as_it_was_measured() -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(0.3), HIDDEN, 2.0).see(REST, BARE, 0.1)
    assert watched.latest == REST


def test_glasses_that_somebody_came_with_move_no_mouth_when_they_go_off() -> None:
    watched = Watched().see(raised(0.3), HIDDEN, 5.0).see(REST, BARE, 2.0)
    assert watched.lift_cm == pytest.approx(0.3, abs=0.1)


def test_a_patch_moves_no_mouth() -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(0.15), ONE_EYE, 2.0)
    assert abs(watched.lift_cm) <= min(0.1, watched.latest.lift_left_cm.se)


def test_a_smile_behind_glasses_is_as_high_as_one_without() -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(0.3), HIDDEN, 2.0).see(raised(1.2), HIDDEN, 1.0)
    assert watched.lift_cm == pytest.approx(0.9, abs=0.1)


def test_a_smile_goes_on_while_glasses_go_on() -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(0.8), BARE, 1.0).see(raised(1.1), HIDDEN, 2.0)
    assert watched.lift_cm == pytest.approx(0.8, abs=0.1)


def test_a_smile_that_begins_as_glasses_go_on_is_no_work_of_theirs() -> None:
    watched = Watched().see(REST, BARE, 5.0).see(raised(1.0), HIDDEN, 2.0)
    assert watched.lift_cm >= 0.6


def test_where_nobody_saw_them_go_on_most_peoples_shift_is_taken_and_as_unsure_as_people_differ() -> None:
    watched = Watched().see(REST, BARE, 5.0).away(3.0).see(raised(0.2), HIDDEN, 2.0)
    assert watched.lift_cm == pytest.approx(0.1, abs=0.05)
    assert watched.latest.lift_left_cm.se >= 0.2


def test_looks_that_waver_leave_a_mouth_where_it_is() -> None:
    watched = Watched().see(REST, BARE, 5.0)
    for _ in range(5):
        watched.see(REST, HIDDEN, 0.5)
        assert abs(watched.lift_cm) <= 0.05
        watched.see(REST, BARE, 0.5)
        assert watched.latest == REST


@given(
    st.lists(
        st.tuples(st.floats(0.0, 2.0), st.floats(-20.0, 20.0), st.sampled_from([BARE, HIDDEN, ONE_EYE])),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_measured_has_a_number_and_is_no_surer_than_it_was(
    frames: list[tuple[float, float, Shown]],
) -> None:
    steady, t_s = SteadyMouth(), 0.0
    for step_s, cm, shown in frames:
        t_s += step_s
        lips = steady.at(t_s, raised(cm), shown)
        for told, measured in ((lips.lift_left_cm, raised(cm).lift_left_cm), (lips.width_cm, REST.width_cm)):
            assert math.isfinite(told.value)
            assert told.se >= measured.se
