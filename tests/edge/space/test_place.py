"""Where a person stands, from every cue there is, with an error that can be believed."""

import math

import numpy as np
import pytest

from edge.observation import Person
from edge.settings.desk_toml import Camera
from edge.space.place import locate
from edge.vision.sightings import BodySighting
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, SIZE, UNKNOWN, Somebody, face_of, sight

PEOPLE = 300


def test_a_customer_in_full_view_is_placed_by_three_independent_cues() -> None:
    who = Somebody(x_m=-0.7, y_m=3.0)
    person = locate(sight(who, ON_THE_DESK), face_of(who, ON_THE_DESK), SIZE, ON_THE_DESK)
    assert person.cues == ("face", "body", "floor")
    assert person.place is not None
    assert (person.place.x_m, person.place.y_m) == pytest.approx((-0.7, 3.0), abs=0.15)


def test_box_and_foot_are_shares_of_the_picture() -> None:
    person = locate(sight(Somebody(y_m=4.0), ON_THE_DESK), None, SIZE, ON_THE_DESK)
    assert 0.4 < person.box.left < person.box.right < 0.6
    assert person.foot is not None
    assert person.foot == pytest.approx((0.5, person.box.bottom), abs=0.02)


def test_without_the_cameras_height_face_and_body_still_give_a_place() -> None:
    who = Somebody(y_m=3.0)
    person = locate(sight(who, AT_EYE_HEIGHT), face_of(who, AT_EYE_HEIGHT), SIZE, UNKNOWN)
    assert person.cues == ("face", "body")
    assert person.place is not None
    assert math.hypot(person.place.x_m, person.place.y_m) == pytest.approx(3.0, rel=0.1)


def test_feet_that_seem_to_stand_elsewhere_are_not_believed_against_face_and_body() -> None:
    who = Somebody(y_m=3.0)
    body = sight(who, ON_THE_DESK)
    keypoints = body.keypoints.copy()
    keypoints[15:17, 1] -= 130  # As of somebody behind a bench that the network takes for their feet.
    person = locate(BodySighting(body.box_px, 0.5, keypoints), face_of(who, ON_THE_DESK), SIZE, ON_THE_DESK)
    assert "floor" not in person.cues
    assert person.place is not None
    assert person.place.y_m == pytest.approx(3.0, rel=0.1)


def without_joints(who: Somebody) -> BodySighting:
    body = sight(who, ON_THE_DESK)
    keypoints = body.keypoints.copy()
    keypoints[:, 2] = 0.1
    return BodySighting(body.box_px, 0.3, keypoints)


def test_somebody_far_off_without_any_sure_joint_is_placed_by_their_height_roughly() -> None:
    person = locate(without_joints(Somebody(y_m=5.5)), None, SIZE, ON_THE_DESK)
    assert person.place is not None
    assert person.place.y_m == pytest.approx(5.5, rel=0.1)
    assert person.place.se_m > 0.8


def test_somebody_cut_off_without_any_sure_joint_has_a_box_but_no_place() -> None:
    person = locate(without_joints(Somebody(y_m=1.0)), None, SIZE, ON_THE_DESK)
    assert (person.place, person.cues) == (None, ())


def crowd(
    camera: Camera, declared: Camera, *, turned_deg: float, with_face: bool, from_m: float
) -> list[tuple[float, Person]]:
    """Adults of all sizes at all places, with their true distances."""
    rng = np.random.default_rng(7)
    found = []
    for number in range(PEOPLE):
        who = Somebody(
            x_m=float(rng.uniform(-0.8, 0.8)),
            y_m=float(rng.uniform(from_m, 6.0)),
            stature_m=float(np.clip(rng.normal(1.69, 0.092), 1.45, 1.98)),
            head_size=float(np.clip(rng.normal(1.0, 0.06), 0.86, 1.14)),
            turned_deg=float(rng.uniform(-turned_deg, turned_deg)),
        )
        body = sight(who, camera, jitter_px=2.0, seed=number)
        face = face_of(who, camera, jitter_px=0.7, seed=number) if with_face else None
        found.append((math.hypot(who.x_m, who.y_m), locate(body, face, SIZE, declared)))
    return found


@pytest.mark.parametrize(
    ("camera", "declared", "turned_deg", "with_face", "from_m", "typical"),
    [
        pytest.param(ON_THE_DESK, ON_THE_DESK, 40.0, True, 2.6, 0.06, id="facing the desk"),
        pytest.param(ON_THE_DESK, ON_THE_DESK, 180.0, False, 2.6, 0.08, id="from every side"),
        pytest.param(AT_EYE_HEIGHT, UNKNOWN, 40.0, True, 1.0, 0.08, id="facing a camera of unknown height"),
        pytest.param(
            AT_EYE_HEIGHT, UNKNOWN, 180.0, False, 1.5, 0.15, id="from every side, of unknown height"
        ),
    ],
)
def test_the_stated_error_covers_the_true_one_for_people_of_all_sizes(
    camera: Camera, declared: Camera, turned_deg: float, *, with_face: bool, from_m: float, typical: float
) -> None:
    off, stated = [], []
    for distance_m, person in crowd(
        camera, declared, turned_deg=turned_deg, with_face=with_face, from_m=from_m
    ):
        assert person.place is not None
        off.append((math.hypot(person.place.x_m, person.place.y_m) - distance_m) / distance_m)
        stated.append(person.place.se_m / distance_m)
    assert np.median(np.abs(off)) < typical
    assert np.mean(np.abs(off) <= 2 * np.array(stated)) >= 0.9
