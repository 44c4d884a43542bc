from dataclasses import replace

import pytest

from edge.host.resting_face import KNOWN_AFTER_S, RestingFace
from tests.worlds.host_figures.views import REST, SMILE, Doing, Script, view

OWN = replace(REST, own_rest_cm=0.25)


def learnt(*stretches: tuple[Doing, float], rate_hz: float = 15.0) -> RestingFace:
    face, t_s = RestingFace(), 0.0
    for doing, seconds in stretches:
        for _ in range(round(seconds * rate_hz)):
            face.learn(t_s, view(doing))
            t_s += 1 / rate_hz
    return face


def test_until_enough_of_a_face_was_seen_its_rest_is_provisional() -> None:
    assert not learnt((OWN, KNOWN_AFTER_S / 2)).baseline.known
    assert learnt((OWN, KNOWN_AFTER_S + 2)).baseline.known


def test_a_face_that_rests_between_smiles_and_speech_is_learnt_at_rest() -> None:
    speaking = replace(OWN, lift_cm=-0.2, wider_cm=-0.5, open_cm=0.8)
    smiling = replace(SMILE, own_rest_cm=0.25)
    baseline = learnt(*[(OWN, 4.0), (speaking, 3.0), (smiling, 6.0)] * 5).baseline
    assert baseline.known
    assert baseline.left_cm == pytest.approx(0.25, abs=0.05)


def test_a_host_who_begins_with_a_smile_does_not_have_it_taken_for_rest() -> None:
    baseline = learnt((SMILE, 10.0)).baseline
    assert not baseline.known
    lifts = baseline.lifts_cm(view(SMILE))
    assert lifts is not None
    assert lifts[0] == pytest.approx(0.9, abs=0.15)


def test_half_a_second_of_rest_is_enough_for_a_provisional_one() -> None:
    baseline = learnt((OWN, 0.5)).baseline
    assert baseline.left_cm == pytest.approx(0.25, abs=0.05)
    assert baseline.se_cm < 0.15


def test_a_mouth_that_always_has_the_shape_of_a_smile_is_in_the_end_taken_for_its_owners_rest() -> None:
    upturned = Doing(lift_cm=0.45)
    baseline = learnt((upturned, 1000.0), rate_hz=4.0).baseline
    assert baseline.known
    assert baseline.left_cm == pytest.approx(0.45, abs=0.05)


def test_a_face_turned_away_teaches_nothing() -> None:
    assert learnt((replace(OWN, yaw_deg=50.0), 30.0)).baseline.certainty == 0.0


def test_coming_nearer_is_no_change_of_the_mouth() -> None:
    """Perspective lowers the mouth of a near face, by 0.36 cm per metre of 1/distance."""
    baseline = learnt((REST, 25.0)).baseline
    near = replace(REST, eyes_y_m=-0.25, own_rest_cm=-0.36 * (1 / 0.35 - 1 / 0.7))
    lifts = baseline.lifts_cm(view(near))
    assert lifts is not None
    assert lifts[0] == pytest.approx(0.0, abs=0.03)


def test_signing_out_forgets_the_resting_face() -> None:
    script = Script().do(OWN, KNOWN_AFTER_S + 5)
    assert script.now.baseline_known
    script.meter.change_person(script.t_s)
    assert not script.do(REST, 1.0).now.baseline_known


def test_a_summary_says_whether_the_rest_was_known() -> None:
    early = Script().do(REST, 2.0).do(SMILE, 1.0)
    late = Script().do(REST, KNOWN_AFTER_S + 5).do(SMILE, 1.0)
    said = [script.conduct().smile for script in (early, late)]
    assert [smile.baseline for smile in said if smile is not None] == ["learning", "known"]


def test_signing_in_leaves_who_sits_there_where_they_are() -> None:
    script = Script().do(OWN, 5.0)
    script.meter.change_person(script.t_s)
    script.do(OWN, 0.1)
    assert script.now.present is True
    assert script.now.turned is True
