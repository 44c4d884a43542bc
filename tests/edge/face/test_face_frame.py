"""A mesh is laid over the canonical face by the turn, size and shift that leave least, however it lies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.arrays import Float32Array
from edge.face.face_frame import NoFaceError, fit
from edge.settings.desk_toml import Camera, Mount
from tests.worlds.host_figures.head import Head, mesh

CAMERA = Camera(name="staff", watches="staff", mount=Mount(y_m=0.1, height_m=1.2, yaw_deg=180))


def seen(yaw_deg: float = 0.0, pitch_deg: float = 0.0) -> Float32Array:
    return mesh(Head(yaw_deg=yaw_deg, pitch_deg=pitch_deg), CAMERA, (1280, 720)).points


@given(
    yaw=st.floats(-40, 40),
    turn=st.floats(-3.1, 3.1),
    size=st.floats(0.2, 5.0),
    right=st.floats(-2000, 2000),
    down=st.floats(-2000, 2000),
)
def test_a_face_turned_in_the_picture_made_larger_and_moved_is_laid_the_same(
    yaw: float, turn: float, size: float, right: float, down: float
) -> None:
    straight = seen(yaw)
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    moved = (size * straight @ turned.T + (right, down, 0.0)).astype(np.float32)
    before, after = fit(straight), fit(moved)
    assert after.px_per_unit == pytest.approx(size * before.px_per_unit, rel=1e-3)
    assert after.laid == pytest.approx(before.laid, abs=0.02)
    assert after.axes == pytest.approx(turned @ before.axes, abs=5e-3)


@pytest.mark.parametrize("mirrored", [(-1, 1, 1), (1, 1, 0), (1, 1, -1), (-1, -1, -1)])
def test_a_mirrored_or_flat_mesh_is_still_laid_by_a_turn(mirrored: tuple[int, int, int]) -> None:
    axes = fit(seen(20.0) * np.array(mirrored, np.float32)).axes
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(axes) == pytest.approx(1.0)


@pytest.mark.parametrize("nowhere", [np.nan, 700.0])
def test_a_mesh_without_extent_is_no_face(nowhere: float) -> None:
    with pytest.raises(NoFaceError):
        fit(np.full((478, 3), nowhere, np.float32))
