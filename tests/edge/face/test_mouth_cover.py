"""Masks, hands and cups are told from bare and bearded mouths, on faces and covers that are drawn in many lights."""

from pathlib import Path

import pytest

from edge.arrays import Pixels
from edge.face import face_frame, mouth_cover
from edge.face.cover_looks import DOUBTFUL
from edge.face.followed_face import FollowedFace
from edge.observation import FrameSeen, HostView
from tests.worlds.host_figures import covered, footage
from tests.worlds.host_figures.covered import Draw
from tests.worlds.host_figures.degraded import LIGHTS, Degrade
from tests.worlds.host_figures.footage import FaceReader

LIT: dict[str, Degrade] = {
    name: LIGHTS[name] for name in ("as it is", "a quarter as bright", "grey", "JPEG 40")
}
_ENOUGH_FACES = 6
"""The mesh finds no face behind some masks; of fewer looks than this none need agree."""
SMILE_CLIP, LEAN_CLIP = "smile_singleface.mp4", "lean_cap12.mp4"


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader()


def told(reader: FaceReader, picture: Pixels) -> float | None:
    """Log odds that the mouth in a picture is covered."""
    mesh = reader.first(picture)
    return None if mesh is None else mouth_cover.log_odds(mesh.points, face_frame.fit(mesh.points), picture)


@pytest.mark.parametrize("light", LIT.values(), ids=LIT)
def test_no_bare_mouth_is_told_as_covered_in_any_light(
    reader: FaceReader, stills: Path, light: Degrade
) -> None:
    odds = {still.name: told(reader, light(still.rgb)) for still in footage.stills(stills.parent)}
    assert [name for name, each in odds.items() if each is not None and each > DOUBTFUL] == []


def test_a_beard_covers_no_mouth(reader: FaceReader, stills: Path) -> None:
    for still in footage.stills(stills.parent):
        mesh = reader.first(still.rgb)
        assert mesh is not None
        odds = told(reader, covered.beard(still.rgb, mesh.points))
        assert odds is None or odds <= DOUBTFUL, still.name


def seen_with(reader: FaceReader, clip: Path, draw: Draw | None, part: slice) -> list[FrameSeen]:
    """The observations of a clip with something drawn on the face in each of its frames."""
    plain, followed = FaceReader(), FollowedFace()
    reader.forget()
    observations = []
    for t_s, rgb in footage.clip(clip)[part]:
        mesh = plain.next(rgb, t_s)
        picture = rgb if draw is None or mesh is None else draw(rgb, mesh.points)
        view = footage.view(reader.next(picture, t_s), picture, followed, t_s)
        observations.append(FrameSeen(t_s, "staff", host=view, host_sought=True))
    return observations


def faces(observations: list[FrameSeen]) -> list[HostView]:
    return [each.host for each in observations if each.host is not None and each.host.px_per_cm is not None]


@pytest.mark.parametrize("name", covered.COVERS)
@pytest.mark.parametrize(("clip", "part"), [(SMILE_CLIP, slice(10, 64, 4)), (LEAN_CLIP, slice(600, 690, 9))])
def test_a_covered_mouth_gives_no_smile_and_no_teeth(
    reader: FaceReader, clips: Path, clip: str, part: slice, name: str
) -> None:
    observations = seen_with(reader, clips / clip, covered.COVERS[name], part)
    views = faces(observations)
    assert all(view.lift_left_cm is None and view.teeth is None for view in views)
    meter, nows = footage.watched(observations)
    assert not any(now.smiling for now in nows)
    conduct = meter.conduct(observations[0].t_s, observations[-1].t_s, (), work=None)
    assert conduct.smile is None
    if len(views) >= _ENOUGH_FACES:
        assert sum(bool(view.mouth_covered) for view in views) >= 0.5 * len(views)


@pytest.mark.parametrize("draw", [None, covered.beard], ids=["bare", "bearded"])
@pytest.mark.parametrize(("clip", "part"), [(SMILE_CLIP, slice(10, 64, 4)), (LEAN_CLIP, slice(0, None, 90))])
def test_a_bare_or_bearded_mouth_keeps_its_values(
    reader: FaceReader, clips: Path, clip: str, part: slice, draw: Draw | None
) -> None:
    views = faces(seen_with(reader, clips / clip, draw, part))
    assert views
    assert all(view.lift_left_cm is not None and not view.mouth_covered for view in views)


def test_a_face_too_small_or_too_dark_tells_nothing(reader: FaceReader, stills: Path) -> None:
    still = next(footage.stills(stills.parent))
    mesh = reader.first(still.rgb)
    assert mesh is not None
    assert mouth_cover.differences(mesh.points, still.rgb // 32) is None
    far = face_frame.fit((mesh.points / 8).astype(mesh.points.dtype))
    assert mouth_cover.log_odds(mesh.points, far, still.rgb) is None
