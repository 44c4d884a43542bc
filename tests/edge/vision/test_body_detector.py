from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera.video import VideoFile
from edge.vision.body_detector import MODEL, BodyDetector, Detail, decode, distinct, input_size
from edge.vision.networks.crops import Letterbox
from edge.vision.networks.network import Network
from edge.vision.networks.overlap import box_overlap
from tests.worlds.drawn_people import body


@given(st.integers(64, 4096), st.integers(64, 3072), st.sampled_from(Detail))
def test_the_input_holds_the_picture_and_wastes_less_than_a_step(
    width: int, height: int, detail: Detail
) -> None:
    size = input_size((width, height), detail)
    assert max(size) == detail.value
    assert all(side % 32 == 0 for side in size)
    needed = detail.value * min(width, height) / max(width, height)
    assert needed <= min(size) < needed + 32


def test_a_row_is_read_as_y_x_and_score_and_leaves_the_padding_behind() -> None:
    box = Letterbox.cornered((768, 432), (384, 224))
    row = np.zeros((1, 56), np.float32)
    row[0, :3] = 108 / 224, 96 / 384, 0.7
    row[0, 51:] = 0.0, 0.25, 216 / 224, 0.75, 0.6
    (found,) = decode(row, box)
    assert found.keypoints[0].tolist() == pytest.approx([192.0, 216.0, 0.7])
    assert found.box_px == pytest.approx((192.0, 0.0, 576.0, 432.0))
    assert found.score == pytest.approx(0.6)


def test_rows_without_a_score_are_nobody() -> None:
    assert decode(np.zeros((6, 56), np.float32), Letterbox.cornered((640, 480), (256, 192))) == []


def test_one_body_found_twice_is_one_body() -> None:
    once, again = body(score=0.5), body(left=103.0, score=0.2)
    assert distinct([once, again]) == [once]


def test_two_people_side_by_side_are_two() -> None:
    assert len(distinct([body(left=100.0), body(left=150.0)])) == 2


def test_the_half_of_a_body_that_a_second_detection_saw_is_the_same_body() -> None:
    whole = body(height=200.0)
    half = body(height=200.0, score=0.2)
    half = type(half)((100.0, 100.0, 160.0, 190.0), 0.2, half.keypoints)
    assert distinct([whole, half]) == [whole]


@pytest.mark.parametrize("detail", Detail)
def test_a_person_is_found_where_they_stand_however_large_the_picture(
    detail: Detail, network: Callable[[str], Network], clips: Path
) -> None:
    """A man seen from behind, in pictures of four sizes; the last is not wide enough, and black beside him."""
    detector = BodyDetector(network(MODEL))
    source = VideoFile(clips / "approach_onebyone.mp4", "customers")
    picture = next(frame.rgb for frame in source if frame.t_s >= 30.0)
    expected = np.array(detector.find(picture, detail)[0].box_px) / 768
    for width in (480, 1280, 1920):
        resized = cv2.resize(picture, (width, width * 432 // 768)).astype(np.uint8, copy=False)
        (person,) = (body for body in detector.find(resized, detail) if body.score > 0.4)
        assert np.array(person.box_px) / width == pytest.approx(expected, abs=0.02)
    frame = np.zeros((720, 1280, 3), np.uint8)
    frame[:432, 512:] = picture
    (person,) = (body for body in detector.find(frame, detail) if body.score > 0.4)
    left, top, right, bottom = (expected * 768).tolist()
    assert box_overlap(person.box_px, (left + 512, top, right + 512, bottom)) > 0.7


@pytest.mark.parametrize("detail", Detail)
def test_nobody_is_found_in_noise_or_darkness(detail: Detail, network: Callable[[str], Network]) -> None:
    detector = BodyDetector(network(MODEL))
    noise = np.random.default_rng(2).integers(0, 256, (480, 640, 3), np.uint8)
    for picture in (noise, np.zeros((480, 640, 3), np.uint8), np.full((720, 1280, 3), 200, np.uint8)):
        assert all(body.score < 0.2 for body in detector.find(picture, detail))
