from dataclasses import replace

import pytest

from edge.host.smile import ONSET_CM
from protocol.measurements import Smile
from tests.worlds.host_figures.views import REST, SMILE, Doing, Script

KNOWN_S = 30.0
RAISED_UNCHANGED = Doing(lift_cm=0.9, own_rest_cm=0.2)


def smile(script: Script) -> Smile:
    measured = script.conduct().smile
    assert measured is not None
    return measured


def test_a_face_at_rest_does_not_smile() -> None:
    script = Script().do(REST, KNOWN_S)
    assert script.now.smiling is False
    assert smile(script).onset_s is None


@pytest.mark.parametrize("before_s", [0.5, 5.0, KNOWN_S])
@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 15.0, 30.0])
def test_a_smile_begins_and_ends_when_the_corners_rise_and_fall(before_s: float, rate_hz: float) -> None:
    script = Script(rate_hz).do(REST, before_s)
    begun = script.t_s
    script.do(SMILE, 3.0)
    ended = script.t_s
    measured = smile(script.do(REST, 2.0))
    assert measured.onset_s == pytest.approx(begun, abs=1 / rate_hz)
    assert measured.offset_s == pytest.approx(ended, abs=1 / rate_hz)
    assert measured.held_s == measured.longest_s


def test_somebody_who_comes_into_view_smiling_smiles_at_once() -> None:
    script = Script().do(SMILE, 0.05)
    assert script.now.smiling is True
    assert script.now.smiling_since_s == 0.0


def test_three_minutes_of_smiling_are_one_smile_of_three_minutes() -> None:
    script = Script().do(REST, 2.0).do(SMILE, 180.0).do(REST, 2.0)
    measured = smile(script)
    assert measured.longest_s == pytest.approx(180.0, abs=0.2)
    assert measured.peak_lift_cm is not None
    assert measured.peak_lift_cm.value == pytest.approx(0.9, abs=0.1)


def test_an_open_mouth_is_no_smile_whether_it_speaks_or_shows_its_teeth() -> None:
    speaking = Doing(lift_cm=-0.1, wider_cm=-0.6, open_cm=0.9, teeth=5.0)
    grimace = Doing(lift_cm=0.05, wider_cm=0.3, open_cm=0.6, teeth=9.0)
    script = Script().do(REST, KNOWN_S)
    for _ in range(10):
        script.do(speaking, 0.15).do(REST, 0.1)
    script.do(grimace, 2.0)
    assert smile(script).onset_s is None


def test_corners_that_rise_while_the_mouth_narrows_are_no_smile() -> None:
    pout = Doing(lift_cm=0.5, wider_cm=-1.0)
    assert smile(Script().do(REST, KNOWN_S).do(pout, 2.0)).onset_s is None


def test_a_twitch_is_no_smile() -> None:
    twitch = Doing(lift_cm=ONSET_CM * 1.2)
    assert smile(Script().do(REST, KNOWN_S).do(twitch, 0.1).do(REST, 1.0)).onset_s is None


def test_a_tremor_about_the_threshold_is_one_smile_and_not_many() -> None:
    def trembling(t_s: float) -> Doing:
        return Doing(lift_cm=0.34 if int(t_s * 5) % 2 else 0.27)

    script = Script().do(REST, KNOWN_S).do(trembling, 5.0)
    measured = smile(script)
    assert measured.held_s == measured.longest_s == pytest.approx(5.0, abs=0.4)


def test_a_smile_that_becomes_gentler_goes_on() -> None:
    script = Script().do(REST, KNOWN_S).do(SMILE, 2.0).do(Doing(lift_cm=0.4), 5.0).do(REST, 1.0)
    measured = smile(script)
    assert measured.longest_s == pytest.approx(7.0, abs=0.3)


def test_a_hand_before_the_face_ends_what_can_be_said_of_a_smile() -> None:
    script = Script().do(REST, KNOWN_S).do(SMILE, 2.0)
    hidden = script.t_s
    script.do(None, 3.0)
    assert script.now.smiling is None
    measured = smile(script)
    assert measured.offset_s == pytest.approx(hidden, abs=0.1)


def test_the_lift_is_against_the_persons_own_resting_face() -> None:
    own = replace(REST, own_rest_cm=0.3)
    script = Script().do(own, KNOWN_S).do(replace(SMILE, own_rest_cm=0.3), 2.0)
    assert script.now.lift_cm is not None
    assert script.now.lift_cm.value == pytest.approx(0.9, abs=0.05)


def test_teeth_are_counted_while_smiling_and_not_while_speaking() -> None:
    speaking = Doing(lift_cm=-0.1, wider_cm=-0.6, open_cm=0.9, teeth=4.0)
    script = Script().do(REST, KNOWN_S).do(speaking, 5.0).do(SMILE, 2.0)
    measured = smile(script)
    assert measured.teeth is not None
    assert measured.teeth.value == pytest.approx(9.0)


def test_teeth_that_cannot_be_counted_are_absent_and_not_none_at_all() -> None:
    script = Script().do(REST, 1.0).do(replace(SMILE, teeth=None), 2.0)
    measured = smile(script)
    assert measured.teeth is None
    assert measured.held_s > 1.5


def test_where_smiles_may_not_be_measured_nothing_is_said_of_the_mouth() -> None:
    script = Script(smile_measured=False).do(REST, 1.0).do(SMILE, 2.0)
    assert (script.now.smiling, script.now.lift_cm, script.now.teeth) == (None, None, None)
    assert script.conduct().smile is None
