"""A picture that shows things too wide or too narrow is noticed by the faces in it, and one that does not never is."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Float32Array, Pixels
from edge.camera.video import VideoFile
from edge.face import eyes, face_frame
from edge.face.eyes import MeshEye
from edge.face.face_frame import FaceFrame
from edge.face.followed_face import FollowedFace
from edge.face.host_view import host_view
from edge.face.picture_stretch import STRETCH_SE, PictureStretch
from edge.observation import HostView
from edge.settings.desk_toml import Camera, Mount
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.footage import STAFF, FaceReader
from tests.worlds.host_figures.head import Head, mesh

STEP_S = 0.5
BEFORE_THE_FACE = Camera(name="staff", watches="staff", mount=Mount(y_m=0.1, height_m=1.2, yaw_deg=180))
CLIPS = ["smile_singleface.mp4", "lean_cap12.mp4"]


def stretched(rgb: Pixels, times_wider: float) -> Pixels:
    size = (round(rgb.shape[1] * times_wider), rgb.shape[0])
    way = cv2.INTER_AREA if times_wider < 1 else cv2.INTER_LINEAR
    return rgb if times_wider == 1.0 else np.asarray(cv2.resize(rgb, size, interpolation=way), np.uint8)


def looks_of(clip: Path) -> list[Pixels]:
    """A few pictures of a clip's first half minute."""
    frames = [frame.rgb for frame in islice(VideoFile(clip, "staff"), 900)]
    return frames[:: max(len(frames) // 12, 1)]


def last_view(reader: FaceReader, pictures: list[Pixels], camera: Camera = STAFF) -> HostView | None:
    """What the last of some pictures of one person shows, half a second after the one before."""
    followed, seen = FollowedFace(), None
    found = before = None
    for number, rgb in enumerate(pictures):
        size = (rgb.shape[1], rgb.shape[0])
        found, before = found if rgb is before else reader.first(rgb), rgb
        seen = host_view(found, None, None, rgb, camera, size, followed=followed, t_s=number * STEP_S)
    return seen


def told(view: HostView | None) -> float | None:
    return None if view is None or view.picture_stretch is None else view.picture_stretch.value


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader()


@pytest.fixture(scope="module")
def people(clips: Path, stills: Path) -> list[list[Pixels]]:
    """Pictures of fourteen people: clips, and stills shown for some seconds."""
    return [
        *(looks_of(clips / name) for name in CLIPS),
        *([still.rgb] * 6 for still in footage.stills(stills.parent)),
    ]


def views(
    reader: FaceReader, people: list[list[Pixels]], times_wider: float, camera: Camera = STAFF
) -> Iterator[HostView]:
    for pictures in people:
        resampled = {id(rgb): stretched(rgb, times_wider) for rgb in pictures}
        view = last_view(reader, [resampled[id(rgb)] for rgb in pictures], camera)
        if view is not None:
            yield view


def test_no_picture_as_it_was_taken_is_called_stretched(
    reader: FaceReader, people: list[list[Pixels]]
) -> None:
    seen = list(views(reader, people, 1.0))
    assert len(seen) == len(people)
    assert [told(view) for view in seen if told(view) is not None] == []


@pytest.mark.parametrize(("times_wider", "least_told"), [(1.2, 12), (0.8, 9), (1.33, 13), (0.75, 11)])
def test_a_stretched_picture_is_noticed_by_most_single_faces_and_their_mouths_are_not_measured(
    reader: FaceReader, people: list[list[Pixels]], times_wider: float, least_told: int
) -> None:
    found = []
    for view in views(reader, people, times_wider):
        if view.picture_stretch is not None:
            found.append(view.picture_stretch.value)
            lifts = (view.lift_left_cm, view.lift_right_cm, view.lift_above_nose_cm)
            mouth = (view.mouth_width_cm, view.mouth_open_cm, view.teeth, view.mouth_covered)
            assert (*lifts, *mouth) == (None,) * 7
    assert len(found) >= least_told
    assert all((value > 1.0) == (times_wider > 1.0) for value in found)
    assert np.log(np.median(found)) == pytest.approx(np.log(times_wider), abs=STRETCH_SE)


def test_a_camera_that_somebody_has_seen_to_be_true_is_taken_as_it_is(
    reader: FaceReader, people: list[list[Pixels]]
) -> None:
    true = STAFF.model_copy(update={"true_shape": True})
    assert all(told(view) is None for view in views(reader, people[:2], 1.33, true))


def drawn(times_wider: float) -> tuple[Float32Array, FaceFrame, tuple[MeshEye, MeshEye]]:
    points = mesh(Head(place_m=(0.0, -0.6, 1.2)), BEFORE_THE_FACE, (1280, 720)).points.copy()
    points[:, 0] *= times_wider
    face = face_frame.fit(points)
    return points, face, eyes.look(points, face)


@pytest.mark.parametrize("times_wider", [0.75, 0.8, 1.0, 1.25, 1.33])
def test_a_face_tells_nothing_in_its_first_two_seconds(times_wider: float) -> None:
    stretch, said = PictureStretch(), []
    for number in range(8):
        stretch.observe(number * STEP_S, *drawn(times_wider))
        said.append(stretch.told is not None)
    assert said == [False] * 4 + [times_wider != 1.0] * 4


def test_one_unusual_face_among_others_does_not_make_a_picture_stretched() -> None:
    stretch = PictureStretch()
    for number in range(80):
        if number % 20 == 0:
            stretch.next_person()
        stretch.observe(number * STEP_S, *drawn(1.2 if number >= 60 else 1.0))
        assert stretch.told is None


def test_a_picture_that_was_stretched_and_is_mended_is_measured_again() -> None:
    stretch = PictureStretch()
    for number in range(20):
        stretch.observe(number * STEP_S, *drawn(1.33))
    assert stretch.told is not None
    for number in range(20, 140):
        stretch.observe(number * STEP_S, *drawn(1.0))
    assert stretch.told is None
