"""Painted mouths with a known number of teeth."""

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from edge.face import face_frame, teeth
from edge.face.mouth_patch import outlines
from edge.observation import Estimate
from edge.settings.desk_toml import Camera, Lens, Mount
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.degraded import LIGHTS
from tests.worlds.host_figures.footage import FaceReader
from tests.worlds.host_figures.head import INNER_LIP, OUTER_LIP, Head, mesh

if TYPE_CHECKING:
    from edge.arrays import Pixels

SKIN, LIP, DARK, TOOTH = (205, 160, 140), (190, 95, 95), (50, 20, 20), (235, 230, 215)
TOOTH_CM = 0.46


def painted(
    head: Head,
    shown: int,
    width_px: int,
    tooth: tuple[int, int, int] = TOOTH,
    gap_cm: float = 0.0,
    inside: tuple[int, int, int] = DARK,
) -> Estimate | None:
    """Count the teeth of a painted mouth; a gap is painted to the left of its middle."""
    camera = Camera(
        name="staff",
        watches="staff",
        lens=Lens(horizontal_view_deg=50),
        mount=Mount(height_m=1.2, yaw_deg=180),
    )
    size = (width_px, width_px * 9 // 16)
    seen = mesh(head, camera, size)
    face = face_frame.fit(seen.points)
    rgb: Pixels = np.full((size[1], size[0], 3), SKIN, np.uint8)
    for outline, colour in ((OUTER_LIP, LIP), (INNER_LIP, inside)):
        cv2.fillPoly(rgb, [np.round(seen.points[outline, :2] * 8).astype(np.int32)], colour, shift=3)
    inner = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(inner, [np.round(seen.points[INNER_LIP, :2] * 8).astype(np.int32)], 1, shift=3)
    across = seen.points[291, :2] - seen.points[61, :2]
    across /= np.linalg.norm(across)
    down = np.array([-across[1], across[0]])
    middle = seen.points[INNER_LIP, :2].mean(axis=0)
    facing = float(-face.axes[2, 2])
    half = shown * TOOTH_CM * face.px_per_cm / 2 * facing
    height = 0.35 * face.px_per_cm
    corners = [
        middle + a * half * across + b * height * down for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    row = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(row, [np.round(np.array(corners) * 8).astype(np.int32)], 1, shift=3)
    if gap_cm > 0.0:
        wide, tall = gap_cm * face.px_per_cm * facing, 2 * height
        hole = [middle + a * wide * across + b * tall * down for a, b in ((-1, -1), (0, -1), (0, 1), (-1, 1))]
        cv2.fillPoly(row, [np.round(np.array(hole) * 8).astype(np.int32)], 0, shift=3)
    rgb[(row & inner).astype(bool)] = tooth
    blurred = np.asarray(cv2.GaussianBlur(rgb, (3, 3), 0), np.uint8)
    return teeth.count(seen.points, face, outlines(face), blurred)


BROAD = Head(place_m=(0.0, -0.6, 1.2)).smiling(0.8)
OPEN = Head(place_m=(0.0, -0.6, 1.2), lift_left_cm=0.8, lift_right_cm=0.8, wider_cm=1.6, open_cm=1.2)


@pytest.mark.parametrize("shown", [2, 4, 6, 8, 10])
@pytest.mark.parametrize("width_px", [640, 1280, 1920])
def test_the_teeth_that_show_are_counted(shown: int, width_px: int) -> None:
    counted = painted(OPEN, shown, width_px)
    assert counted is not None
    assert counted.value == pytest.approx(shown, abs=1)


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(15, 0, 0), (-15, 0, 0), (0, 15, 0), (0, -15, 0), (0, 0, 12)]
)
def test_a_turned_head_shows_as_many(yaw: float, pitch: float, roll: float) -> None:
    head = Head(
        (0.0, -0.6, 1.2), yaw, pitch, roll, lift_left_cm=0.8, lift_right_cm=0.8, wider_cm=1.6, open_cm=1.2
    )
    counted = painted(head, 8, 1280)
    assert counted is not None
    assert counted.value == pytest.approx(8, abs=1.2)


def test_closed_lips_show_none() -> None:
    counted = painted(BROAD, 8, 1280)
    assert counted is not None
    assert counted.value == 0.0


def test_an_open_mouth_without_teeth_shows_none() -> None:
    counted = painted(OPEN, 0, 1280)
    assert counted is not None
    assert counted.value == pytest.approx(0.0, abs=1)


def test_below_a_usable_resolution_there_is_no_count() -> None:
    assert painted(Head((0.0, -3.0, 1.2), open_cm=1.2), 8, 640) is None


def test_a_coarser_picture_is_less_sure() -> None:
    coarse, fine = painted(OPEN, 8, 480), painted(OPEN, 8, 1920)
    assert coarse is not None
    assert fine is not None
    assert coarse.se > fine.se


def test_where_the_light_does_not_tell_teeth_from_lips_there_is_no_count() -> None:
    reddish = (190, 115, 110)
    assert painted(OPEN, 10, 1280, tooth=reddish) is None


@pytest.mark.parametrize("gap_cm", [0.25, 0.46, 0.92, 1.38])
def test_a_gap_takes_from_a_row_what_it_is_wide_and_no_more(gap_cm: float) -> None:
    whole, gapped = painted(OPEN, 9, 1280), painted(OPEN, 9, 1280, gap_cm=gap_cm)
    assert whole is not None
    assert gapped is not None
    assert whole.value - gapped.value == pytest.approx(gap_cm / TOOTH_CM, abs=0.3)


def test_a_tongue_is_not_counted() -> None:
    tongue = (185, 100, 100)
    assert painted(OPEN, 0, 1280, inside=tongue) is None


@pytest.mark.parametrize("light", LIGHTS)
def test_teeth_that_are_told_are_told_right_and_all_others_are_absent(stills: Path, light: str) -> None:
    reader, told = FaceReader(), []
    for still in footage.stills(stills.parent):
        picture = LIGHTS[light](still.rgb)
        view = footage.view(reader.first(picture), picture)
        if view is not None and view.teeth is not None and still.teeth is not None:
            unsure = 1.645 * view.teeth.se + still.teeth_unsure
            told.append((still.name, abs(view.teeth.value - still.teeth) <= unsure))
    assert [name for name, held in told if not held] == []
    assert len(told) >= 3


def test_a_smile_shows_as_many_teeth_in_dim_light_as_in_bright(stills: Path) -> None:
    reader = FaceReader()
    for still in footage.stills(stills.parent):
        bright = footage.view(reader.first(still.rgb), still.rgb)
        dark = LIGHTS["an eighth as bright"](still.rgb)
        dim = footage.view(reader.first(dark), dark)
        if bright is None or dim is None or bright.teeth is None or dim.teeth is None:
            continue
        assert dim.teeth.value == pytest.approx(bright.teeth.value, abs=1.0), still.name
