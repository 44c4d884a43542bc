"""Eyes behind dark glass or a patch have no gaze; bare eyes, and the one that still shows, keep theirs."""

from itertools import islice
from pathlib import Path

import pytest

from edge.face import eye_cover, face_frame
from edge.face.cover_looks import DOUBTFUL
from edge.face.followed_face import FollowedFace
from edge.host.bearing import line_of_sight
from edge.observation import HostView
from tests.worlds.host_figures import covered, footage
from tests.worlds.host_figures.covered import Draw
from tests.worlds.host_figures.footage import FaceReader, Still


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader()


def seen(reader: FaceReader, still: Still, draw: Draw | None) -> HostView:
    """What a still measures with something drawn on its face."""
    mesh = reader.first(still.rgb)
    assert mesh is not None
    picture = still.rgb if draw is None else draw(still.rgb, mesh.points)
    view = footage.view(reader.first(picture), picture)
    assert view is not None
    return view


def test_no_bare_eye_is_told_as_hidden(reader: FaceReader, stills: Path) -> None:
    for still in footage.stills(stills.parent):
        mesh = reader.first(still.rgb)
        assert mesh is not None
        odds = eye_cover.log_odds(mesh.points, face_frame.fit(mesh.points), still.rgb)
        assert odds is None or max(odds) <= DOUBTFUL, still.name


def test_behind_dark_glasses_there_is_no_gaze_and_the_head_says_where_one_looks(
    reader: FaceReader, stills: Path
) -> None:
    for still in islice(footage.stills(stills.parent), 0, None, 3):
        view = seen(reader, still, covered.dark_glasses)
        assert view.gaze_yaw_deg is None, still.name
        look = line_of_sight(view)
        assert look is not None
        assert view.head_yaw_deg is not None
        assert look.yaw_deg.value == view.head_yaw_deg.value
        assert look.yaw_deg.se >= 10.0


def test_beside_a_patch_the_other_eye_looks_with_its_own_error(reader: FaceReader, stills: Path) -> None:
    for still in islice(footage.stills(stills.parent), 0, None, 3):
        bare, patched = seen(reader, still, None), seen(reader, still, covered.eye_patch)
        assert bare.gaze_yaw_deg is not None
        assert patched.gaze_yaw_deg is not None, still.name
        assert patched.gaze_yaw_deg.se > bare.gaze_yaw_deg.se


def test_the_size_of_a_face_is_kept_while_dark_glasses_are_on(reader: FaceReader, stills: Path) -> None:
    still = next(footage.stills(stills.parent))
    mesh = reader.first(still.rgb)
    assert mesh is not None
    glasses, followed = covered.dark_glasses(still.rgb, mesh.points), FollowedFace()
    sizes = []
    for number in range(40):
        picture = glasses if number >= 20 else still.rgb
        view = footage.view(reader.next(picture, number / 5), picture, followed, number / 5)
        assert view is not None
        assert view.px_per_cm is not None
        sizes.append(view.px_per_cm)
    assert sizes[-1] == pytest.approx(sizes[19], rel=0.03)
