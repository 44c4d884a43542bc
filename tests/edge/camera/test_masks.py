from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera.masks import PrivacyMasks
from edge.camera.opening import open_source
from edge.settings.desk_toml import Camera
from tests.worlds.footage import write_video

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
TOP_HALF = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))
WHITE = 255


def _masked(*polygons: tuple[tuple[float, float], ...], width: int = 200, height: int = 100) -> np.ndarray:
    rgb = np.full((height, width, 3), WHITE, np.uint8)
    PrivacyMasks(polygons).paint(rgb)
    return rgb


def test_inside_nothing_is_left_and_outside_everything() -> None:
    rgb = _masked(LEFT_HALF)
    assert (rgb[:, :100] == 0).all()
    assert (rgb[:, 102:] == WHITE).all()


def test_where_masks_overlap_nothing_shows() -> None:
    assert (_masked(LEFT_HALF, TOP_HALF)[:50, :100] == 0).all()


@given(st.integers(16, 400), st.integers(16, 400), st.floats(0.1, 0.9))
def test_a_mask_covers_the_same_share_of_a_picture_of_any_size(width: int, height: int, share: float) -> None:
    strip = ((0.0, 0.0), (share, 0.0), (share, 1.0), (0.0, 1.0))
    rgb = _masked(strip, width=width, height=height)
    covered = (rgb[..., 0] == 0).mean()
    assert covered == pytest.approx(share, abs=1.6 / width)


def test_without_masks_the_picture_stays() -> None:
    assert (_masked() == WHITE).all()


def test_every_frame_of_an_opened_camera_has_its_masks_on(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4")
    source = open_source(Camera(name="front", watches="customers", source=str(path), masks=(LEFT_HALF,)))
    frames = list(source)
    assert len(frames) == 20
    assert all((frame.rgb[:, :80] == 0).all() for frame in frames)
    assert frames[-1].rgb[:, 90:, 0].mean() > 150
