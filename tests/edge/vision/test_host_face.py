"""The host's face is found when it is there, whatever else looks like one."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector, FaceDetectorKind
from edge.vision.face_mesh import FaceMesh
from edge.vision.host_face import HostFace
from edge.vision.networks.crops import Square
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.sightings import FaceSighting, MeshSighting

FACES = {
    "f1.jpg": (359, 200, 326),
    "f2.jpg": (286, 140, 411),
    "f6.jpg": (309, 100, 281),
    "f36.jpg": (159, 154, 227),
}
"""Left, top and width of the labelled faces."""


class Counted(FaceDetector):
    """A detector that counts its runs."""

    def __init__(self, kind: FaceDetectorKind) -> None:
        super().__init__(kind, Network(ModelStore().session(kind.model)))
        self.runs = 0

    def find(self, rgb: Pixels) -> list[FaceSighting]:
        self.runs += 1
        return super().find(rgb)


@pytest.fixture
def detectors() -> tuple[Counted, Counted]:
    return Counted(SHORT_RANGE), Counted(FULL_RANGE)


@pytest.fixture
def host(detectors: tuple[Counted, Counted]) -> HostFace:
    return HostFace(FaceMesh.of(ModelStore()), detectors)


def head(stills: Path, name: str, side: int) -> Pixels:
    left, top, width = FACES[name]
    rgb = cv2.imread(str(stills / name), cv2.IMREAD_COLOR_RGB)
    assert rgb is not None
    margin = round(0.35 * width)
    cut = rgb[max(0, top - margin) : top + width + margin, max(0, left - margin) : left + width + margin]
    return np.asarray(cv2.resize(cut, (side, side)), np.uint8)


def room(left: Pixels | None, right: Pixels | None) -> Pixels:
    picture = np.full((720, 1280, 3), 120, np.uint8)
    if left is not None:
        picture[100:600, 80:580] = left
    if right is not None:
        picture[300:560, 850:1110] = right
    return picture


def blurred(picture: Pixels) -> Pixels:
    """What a detector may take for a face and the mesh does not."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 25), np.uint8)


def halved(picture: Pixels) -> Pixels:
    """A face whose lower half is hidden."""
    upper = picture.copy()
    upper[250:] = 120
    return upper


@pytest.mark.parametrize(
    ("larger", "smaller", "spoilt"),
    [("f2.jpg", "f6.jpg", halved), ("f2.jpg", "f6.jpg", blurred)],
)
def test_the_next_largest_face_is_a_face_too(
    larger: str, smaller: str, spoilt: Callable[[Pixels], Pixels], host: HostFace, stills: Path
) -> None:
    found = host.search(room(spoilt(head(stills, larger, 500)), head(stills, smaller, 260)))
    assert found is not None
    assert found.points[:, 0].mean() > 800


def test_a_larger_thing_that_proves_to_be_no_face_takes_nothing_from_the_one_that_is_followed(
    host: HostFace, stills: Path
) -> None:
    mine = head(stills, "f6.jpg", 260)
    assert host.search(room(None, mine)) is not None
    beside = room(blurred(head(stills, "f2.jpg", 500)), mine)
    assert host.search(beside) is None
    assert host.followed
    assert host.follow(beside, 0.0) is not None


def test_who_sits_down_nearer_is_the_host(host: HostFace, stills: Path) -> None:
    mine = head(stills, "f6.jpg", 260)
    host.search(room(None, mine))
    found = host.search(room(head(stills, "f2.jpg", 500), mine))
    assert found is not None
    assert found.points[:, 0].mean() < 600


def test_a_face_that_the_first_detector_sees_costs_no_run_of_the_second(
    host: HostFace, detectors: tuple[Counted, Counted], stills: Path
) -> None:
    picture = room(None, head(stills, "f6.jpg", 260))
    host.search(picture)
    host.search(picture)
    assert [each.runs for each in detectors] == [2, 0]
    host.search(np.zeros_like(picture))
    assert [each.runs for each in detectors] == [3, 1]


class CountedMesh(FaceMesh):
    """A mesh that counts how often it looks at the eyes."""

    looked = 0

    def fit(self, rgb: Pixels, square: Square, eyes_as: MeshSighting | None = None) -> MeshSighting:
        self.looked += eyes_as is None
        return super().fit(rgb, square, eyes_as)


@pytest.mark.parametrize(("rate_hz", "looks"), [(15.0, 4), (5.0, 11), (30.0, 3)])
def test_the_eyes_are_looked_at_no_more_often_than_they_move(
    rate_hz: float, looks: int, detectors: tuple[Counted, Counted], stills: Path
) -> None:
    mesh = CountedMesh.of(ModelStore())
    host = HostFace(mesh, detectors)
    picture = room(None, head(stills, "f6.jpg", 260))
    host.search(picture)
    mesh.looked = 0
    for frame in range(11):
        assert host.follow(picture, frame / rate_hz) is not None
    assert mesh.looked == looks


def test_another_face_is_looked_at_anew(detectors: tuple[Counted, Counted], stills: Path) -> None:
    mesh = CountedMesh.of(ModelStore())
    host = HostFace(mesh, detectors)
    host.search(room(None, head(stills, "f6.jpg", 260)))
    host.follow(room(None, head(stills, "f6.jpg", 260)), 0.0)
    mesh.looked = 0
    nearer = room(head(stills, "f2.jpg", 500), head(stills, "f6.jpg", 260))
    assert host.search(nearer) is not None
    assert host.follow(nearer, 0.05) is not None
    assert mesh.looked == 3
