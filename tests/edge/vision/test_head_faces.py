from collections.abc import Callable
from pathlib import Path

import pytest

from edge.camera.video import VideoFile
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.face_detector import SHORT_RANGE, FaceDetector
from edge.vision.head_faces import HeadFaces, head_square, seen_from_behind
from edge.vision.networks.network import Network
from tests.worlds.drawn_people import body


@pytest.fixture(scope="module")
def bodies(network: Callable[[str], Network]) -> BodyDetector:
    return BodyDetector(network(MODEL))


@pytest.fixture(scope="module")
def faces(network: Callable[[str], Network]) -> HeadFaces:
    return HeadFaces(FaceDetector(SHORT_RANGE, network(SHORT_RANGE.model)))


def test_the_faces_of_people_walking_up_are_found_though_they_are_sixteen_pixels_wide(
    bodies: BodyDetector, faces: HeadFaces, clips: Path
) -> None:
    heads = found = 0
    for frame in list(VideoFile(clips / "approach_walking.gif", "customers"))[::4]:
        people = bodies.find(frame.rgb)
        for person, face in zip(people, faces.find(frame.rgb, people), strict=True):
            heads += 1
            if face is not None:
                found += 1
                left, top, right, bottom = face.box_px
                assert left < person.keypoints[0, 0] < right
                assert top < person.keypoints[0, 1] < bottom
    assert heads >= 18
    assert found >= 0.95 * heads


def test_the_back_of_a_head_is_no_face(bodies: BodyDetector, faces: HeadFaces, clips: Path) -> None:
    for clip in ("approach_onebyone.mp4", "approach_storeaisle.gif"):
        for frame in list(VideoFile(clips / clip, "customers"))[::24]:
            people = [person for person in bodies.find(frame.rgb) if person.score > 0.35]
            assert faces.find(frame.rgb, people) == (None,) * len(people)


def test_the_crop_is_five_times_as_wide_as_the_ears_are_apart() -> None:
    person = body(width=60.0)
    person.keypoints[3, 0], person.keypoints[4, 0] = 160.0, 120.0
    square = head_square(person)
    assert square is not None
    assert square.side == pytest.approx(200.0)


def test_a_head_seen_from_the_side_is_measured_by_the_shoulders() -> None:
    person = body(width=60.0)
    person.keypoints[3, 0] = person.keypoints[4, 0]
    square = head_square(person)
    assert square is not None
    assert square.side == pytest.approx(5.0 * 0.35 * 60.0)


def test_an_unseen_head_has_no_crop() -> None:
    person = body()
    person.keypoints[:5, 2] = 0.0
    assert head_square(person) is None


def test_left_and_right_tell_front_from_back() -> None:
    assert not seen_from_behind(body(facing=True))
    assert seen_from_behind(body(facing=False))
