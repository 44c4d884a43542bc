from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.camera.opening import open_footage, open_source
from edge.camera.source import SourceError
from edge.settings.desk_toml import Camera
from tests.worlds.footage import write_video


def _camera(source: Path) -> Camera:
    return Camera(name="front", watches="customers", source=str(source), rate_hz=5.0)


def test_a_file_is_a_video(tmp_path: Path) -> None:
    frames = list(open_footage(_camera(tmp_path), write_video(tmp_path / "clip.mp4"), offset_s=7.0))
    assert frames[0].t_s == 7.0
    assert len(frames) == 20


def test_a_folder_holds_numbered_pictures_at_the_cameras_rate(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.zeros((32, 32, 3), np.uint8))
    frames = list(open_footage(_camera(tmp_path), tmp_path, offset_s=1.0, rate_hz=5.0))
    assert [frame.t_s for frame in frames] == pytest.approx([1.0, 1.2, 1.4])


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"nothing: there is no such camera, file or folder\. A source is picamera:0 "
    ):
        open_source(_camera(tmp_path / "nothing"))
