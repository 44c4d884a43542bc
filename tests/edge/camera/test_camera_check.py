"""A camera is checked by looking through it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.camera.camera_check import check_cameras
from edge.settings.desk_toml import Camera, Mount


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(6):
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), np.full((90, 160, 3), 90, np.uint8))
    return folder


def test_a_camera_that_sees_is_good(pictures: Path) -> None:
    camera = Camera(
        name="door", watches="customers", source=str(pictures), rate_hz=10.0, mount=Mount(height_m=1.3)
    )
    (found,) = check_cameras((camera,))
    assert (found.part, found.verdict) == ("camera door", "good")
    assert "5 frames of 160x90" in found.found


def test_a_camera_that_is_not_there_is_bad_and_stops_no_other(pictures: Path, tmp_path: Path) -> None:
    missing = Camera(name="door", watches="customers", source=str(tmp_path / "none.mp4"))
    there = Camera(
        name="staff", watches="staff", source=str(pictures), rate_hz=10.0, mount=Mount(height_m=1.3)
    )
    bad, good = check_cameras((missing, there))
    assert (bad.verdict, good.verdict) == ("bad", "good")
    assert "none.mp4" in bad.found


def test_a_camera_whose_place_is_unknown_is_pointed_out(pictures: Path) -> None:
    _, place = check_cameras((Camera(name="door", watches="customers", source=str(pictures), rate_hz=10.0),))
    assert place.verdict == "warning"
    assert "near_zone" in place.to_do


def test_a_desk_without_cameras_is_told_what_it_measures() -> None:
    (found,) = check_cameras(())
    assert found.verdict == "warning"
    assert "only the phone is measured" in found.to_do
