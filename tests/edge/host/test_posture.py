import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.host.posture import TRUNK_M
from protocol.measurements import Posture
from tests.worlds.host_figures.leaning import leans
from tests.worlds.host_figures.views import AT_WORK, AWAY, REST, Doing, Script, customer


def leaning(degrees: float) -> Doing:
    tilt = math.radians(degrees)
    return replace(
        REST,
        eyes_y_m=REST.eyes_y_m + TRUNK_M.value * math.sin(tilt),
        eyes_z_m=REST.eyes_z_m - TRUNK_M.value * (1 - math.cos(tilt)),
    )


def standing(height_m: float = 1.6) -> Doing:
    return replace(REST, eyes_z_m=height_m)


def posture(script: Script) -> Posture:
    measured = script.conduct().posture
    assert measured is not None
    return measured


@pytest.mark.parametrize("degrees", [10.0, 20.0, 30.0])
def test_a_forward_lean_is_its_change_from_upright(degrees: float) -> None:
    measured = posture(Script().do(REST, 30.0).do(leaning(degrees), 3.0).do(REST, 5.0))
    assert measured.forward_lean_deg is not None
    lean = measured.forward_lean_deg
    assert abs(lean.value - degrees) <= 1.645 * lean.se


def test_leans_towards_and_away_are_found_with_their_times() -> None:
    script = Script().do(REST, 20.0).do(leaning(15), 3.0).do(REST, 3.0).do(leaning(-18), 4.0).do(REST, 5.0)
    towards, away = leans(script.nows)
    assert (towards.kind, away.kind) == ("towards", "away")
    times = [towards.start_s, towards.end_s, away.start_s, away.end_s]
    assert times == pytest.approx([20.0, 23.0, 26.0, 30.0], abs=0.4)


def wavering(degrees: float, by: float) -> Callable[[float], Doing]:
    return lambda t_s: leaning(degrees + by * math.sin(9.0 * t_s))


@pytest.mark.parametrize("by", [0.0, 2.0, 4.0])
@pytest.mark.parametrize("degrees", [9.5, 12.0, 25.0])
def test_one_lean_is_one_however_it_wavers(degrees: float, by: float) -> None:
    script = Script().do(REST, 20.0).do(wavering(degrees, by), 6.0).do(REST, 5.0)
    assert posture(script).leans == 1


def test_a_look_up_amid_a_lean_and_a_face_that_is_hidden_for_a_moment_make_no_second_one() -> None:
    script = Script().do(REST, 20.0).do(leaning(15), 3.0).do(REST, 0.6).do(leaning(15), 3.0)
    assert posture(script.do(AWAY, 0.6).do(leaning(15), 2.0).do(REST, 5.0)).leans == 1


def test_two_leans_are_two_and_a_nod_is_none() -> None:
    script = Script().do(REST, 20.0).do(leaning(15), 3.0).do(REST, 4.0).do(leaning(12), 3.0).do(REST, 5.0)
    assert posture(script).leans == 2
    assert posture(Script().do(REST, 20.0).do(leaning(15), 0.3).do(REST, 5.0)).leans == 0
    assert posture(Script().do(REST, 20.0).do(leaning(-18), 4.0).do(REST, 5.0)).leans == 0


def test_swaying_is_no_lean() -> None:
    script = Script().do(lambda t_s: leaning(3 * math.sin(t_s)), 60.0)
    assert leans(script.nows) == ()
    assert posture(script).leans == 0


def test_a_trunk_and_a_face_that_disagree_leave_the_lean_unsure() -> None:
    told = replace(leaning(20), lean_deg=5.0 + 20.0)
    untold = replace(leaning(20), lean_deg=5.0)
    upright = replace(REST, lean_deg=5.0)
    agreeing = Script().do(upright, 30.0).do(told, 3.0).now.lean_deg
    disagreeing = Script().do(upright, 30.0).do(untold, 3.0).now.lean_deg
    assert agreeing is not None
    assert disagreeing is not None
    assert agreeing.value == pytest.approx(20.0, abs=2.0)
    assert disagreeing.se > 2 * agreeing.se


def test_standing_up_is_dated_when_the_host_left_the_chair() -> None:
    def rising(t_s: float) -> Doing:
        return standing(1.22 + 0.4 * min(max(t_s - 10.0, 0.0), 1.0))

    script = Script().do(rising, 13.0)
    assert script.now.standing is True
    assert script.now.stood_up_s == pytest.approx(10.0, abs=0.3)


def test_standing_up_is_seen_by_a_camera_that_does_not_know_its_height() -> None:
    script = Script().do(replace(REST, eyes_z_m=0.1), 10.0)
    assert script.now.standing is None
    script.do(replace(REST, eyes_z_m=0.5), 2.0)
    assert script.now.standing is True
    assert script.do(replace(REST, eyes_z_m=0.1), 2.0).now.standing is False


def test_bending_forward_is_no_sitting_down() -> None:
    script = Script().do(standing(), 10.0).do(replace(standing(), eyes_y_m=-0.4, eyes_z_m=1.5), 2.0)
    assert script.now.standing is True


def test_the_share_of_standing_is_told() -> None:
    measured = posture(Script().do(REST, 6.0).do(standing(), 4.0))
    assert measured.stood_share == pytest.approx(0.4, abs=0.03)


def test_turning_to_a_customer_is_dated_when_it_happened() -> None:
    script = Script().with_customers(customer()).do(AWAY, 5.0)
    assert script.now.turned is False
    script.do(REST, 2.0)
    assert script.now.turned is True
    assert script.now.turned_since_s == pytest.approx(5.0, abs=0.1)


def test_a_glance_is_no_turning() -> None:
    script = Script().with_customers(customer()).do(AWAY, 5.0).do(REST, 0.14).do(AWAY, 0.14)
    assert script.now.turned is False


def test_a_face_that_cannot_be_seen_is_turned_away() -> None:
    script = Script().with_customers(customer()).do(REST, 5.0).do(None, 1.0)
    assert script.now.turned is False
    assert script.now.present is True
    assert script.do(None, 3.0).now.present is False


def test_work_is_stopped_and_resumed_when_eyes_and_hands_say_so() -> None:
    script = Script().with_customers(customer(y_m=4.0, near=False)).do(AT_WORK, 6.0)
    assert script.now.working is True
    script.with_customers(customer(y_m=2.0)).do(replace(REST, hands=0.0), 6.0)
    assert script.now.working is False
    assert script.now.work_stopped_s == pytest.approx(6.0, abs=0.1)
    script.with_customers(customer(y_m=3.0)).do(AT_WORK, 6.0)
    assert script.now.working is True
    assert script.now.working_since_s == pytest.approx(12.0, abs=0.1)


def test_a_glance_at_the_screen_is_no_work() -> None:
    script = Script().with_customers(customer()).do(REST, 5.0)
    for _ in range(5):
        script.do(AT_WORK, 1.0).do(REST, 1.0)
    assert not any(now.working for now in script.nows)


def test_writing_down_what_the_customer_says_with_eyes_on_them_is_no_work() -> None:
    script = Script().with_customers(customer()).do(replace(REST, hands=0.8), 10.0)
    assert script.now.working is False


def test_a_look_aside_with_hands_at_rest_is_no_work() -> None:
    script = Script().with_customers(customer()).do(replace(REST, yaw_deg=40.0, hands=0.0), 10.0)
    assert script.now.working is False


def test_eyes_aside_with_moving_hands_work_at_a_screen() -> None:
    script = Script().with_customers(customer()).do(replace(REST, yaw_deg=40.0, hands=0.6), 10.0)
    assert script.now.working is True


def test_nothing_is_said_of_a_host_whose_camera_failed() -> None:
    script = Script().do(REST, 5.0)
    now = script.meter.camera_lost(script.t_s)
    assert now.observed is False
    assert (now.present, now.turned, now.smiling, now.working) == (None, None, None, None)
