import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector, FaceDetectorKind, anchors, decode
from edge.vision.networks.crops import Square
from edge.vision.networks.network import Network
from edge.vision.networks.overlap import box_overlap

KINDS = pytest.mark.parametrize("kind", [SHORT_RANGE, FULL_RANGE], ids=lambda kind: kind.model)
PORTRAITS = ("f1.jpg", "f2.jpg", "f6.jpg", "f11.jpg", "f24.jpg", "f25.jpg", "f34.jpg", "f36.jpg")


def _resized(picture: Pixels, side: int) -> Pixels:
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


@KINDS
def test_there_is_an_anchor_for_every_output_row(
    kind: FaceDetectorKind, network: Callable[[str], Network]
) -> None:
    outputs = network(kind.model).run(np.zeros((1, kind.side, kind.side, 3), np.float32))
    assert {output.shape[1] for output in outputs.values()} == {len(anchors(kind.grids))}


def test_anchors_stand_in_the_middle_of_their_cells_row_by_row() -> None:
    two_by_two = anchors(((2, 1), (1, 2)))
    assert two_by_two.tolist() == [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
        [0.5, 0.5],
        [0.5, 0.5],
    ]


def test_offsets_count_from_the_anchor_in_input_pixels() -> None:
    raw = np.array([[16.0, -16.0, 32.0, 64.0, 8.0, 0.0]], np.float32)
    assert decode(raw, np.array([[0.5, 0.5]], np.float32), 128).tolist() == [
        [0.5, 0.125, 0.75, 0.625, 0.5625, 0.5]
    ]


@KINDS
@pytest.mark.parametrize("name", PORTRAITS)
def test_a_face_is_where_it_was_labelled(
    kind: FaceDetectorKind,
    name: str,
    network: Callable[[str], Network],
    still: Callable[[str], Pixels],
    clips: Path,
) -> None:
    labels = json.loads((clips / "labels.json").read_text())["stills"]
    x, y, width, height = next(
        label["face_box_xywh"] for label in labels if label["file"].endswith("/" + name)
    )
    found = FaceDetector(kind, network(kind.model)).find(still(name))
    assert found
    assert box_overlap(found[0].box_px, (x, y, x + width, y + height)) > 0.4


@KINDS
def test_the_decoding_agrees_with_the_prototype(
    kind: FaceDetectorKind,
    network: Callable[[str], Network],
    still: Callable[[str], Pixels],
    prototype: ModuleType,
) -> None:
    """On pictures as large as the input, where no resizing stands between the two."""
    strides = [8, 16, 16, 16] if kind is SHORT_RANGE else [4]
    reference = prototype.Detector(kind.model + ".onnx", kind.side, strides, 16, kind.least_score)
    ours = FaceDetector(kind, network(kind.model))
    for name in PORTRAITS:
        picture = _resized(still(name), kind.side)
        expected, found = reference(picture), ours.find(picture)
        assert len(found) == len(expected)
        for face, (row, score) in zip(found, expected, strict=True):
            assert face.score == pytest.approx(score, abs=0.02)
            points = np.concatenate([np.array(face.box_px), face.keypoints.ravel()])
            assert np.abs(points - row).max() < 0.01 * kind.side


@KINDS
def test_a_picture_without_people_holds_no_face(
    kind: FaceDetectorKind, network: Callable[[str], Network]
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    detector = FaceDetector(kind, network(kind.model))
    assert detector.find(noise) == []
    assert detector.find(np.zeros((480, 640, 3), np.uint8)) == []


def test_a_face_in_a_part_of_a_picture_has_the_pixels_of_the_whole(
    network: Callable[[str], Network], still: Callable[[str], Pixels]
) -> None:
    picture = still("f2.jpg")
    detector = FaceDetector(SHORT_RANGE, network(SHORT_RANGE.model))
    whole = detector.find(picture)[0]
    left, top, right, bottom = whole.box_px
    part = detector.find_in(
        picture, Square((left + right) / 2 + 30, (top + bottom) / 2, 2.5 * (right - left))
    )[0]
    assert box_overlap(whole.box_px, part.box_px) > 0.8
