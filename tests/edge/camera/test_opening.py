import errno
import os
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


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_a_file_that_may_not_be_looked_at_is_a_lost_camera(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(tmp_path))

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(SourceError, match=rf"clip\.mp4: cannot be opened: {os.strerror(code)}"):
        open_source(_camera(tmp_path / "clip.mp4"))


def test_a_camera_under_a_shelf_or_behind_a_mirror_stands_upright(tmp_path: Path) -> None:
    picture = np.zeros((32, 48, 3), np.uint8)
    picture[:16, :24] = 200
    cv2.imwrite(str(tmp_path / "1.jpg"), picture)
    lit = {"rotation": (1, 1), "hflip": (0, 1), "vflip": (1, 0)}
    for key, (down, across) in lit.items():
        turned = Camera.model_validate(
            {"name": "front", "watches": "customers", key: 180 if key == "rotation" else True}
        )
        (frame,) = open_footage(turned, tmp_path, rate_hz=1.0)
        quarters = frame.rgb.reshape(2, 16, 2, 24, 3).mean((1, 3, 4))
        assert np.argwhere(quarters > 100).tolist() == [[down, across]]
    both = Camera(name="front", watches="customers", rotation=180, hflip=True, vflip=True)
    assert both.flips == (False, False)


@pytest.mark.parametrize("rotation", [90, 270])
def test_a_quarter_turn_is_refused_in_words(rotation: int) -> None:
    with pytest.raises(ValueError, match="must be 0 or 180: people lie on their side"):
        Camera.model_validate({"name": "front", "watches": "customers", "rotation": rotation})


def test_masks_lie_on_the_picture_as_it_stands_upright(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.jpg"), np.full((32, 48, 3), 200, np.uint8))
    top = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))
    (frame,) = open_footage(
        Camera(name="front", watches="customers", rotation=180, masks=(top,)), tmp_path, rate_hz=1.0
    )
    assert frame.rgb[:15].max() == 0
    assert frame.rgb[18:].min() > 150
