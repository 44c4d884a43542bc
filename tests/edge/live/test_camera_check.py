"""A camera is checked by looking through it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.camera.video import VideoFile
from edge.finding import Finding
from edge.live.camera_check import check_camera
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from tests.worlds.host_figures.footage import FaceReader
from tests.worlds.pi import plug_in


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
    (found,) = check_camera(camera, None)
    assert (found.part, found.verdict) == ("camera door", "good")
    assert f"pictures of 160x90 from {pictures}" in found.found


def test_a_camera_that_is_not_there_is_bad(tmp_path: Path) -> None:
    (found,) = check_camera(Camera(name="door", watches="customers", source=str(tmp_path / "none.mp4")), None)
    assert found.verdict == "bad"
    assert "none.mp4" in found.found


def test_a_camera_whose_place_is_unknown_is_pointed_out(pictures: Path) -> None:
    _, place = check_camera(
        Camera(name="door", watches="customers", source=str(pictures), rate_hz=10.0), None
    )
    assert place.verdict == "warning"
    assert "near_zone" in place.to_do


@pytest.mark.parametrize(
    ("upside_down", "told"),
    [
        ({"rotation": 180}, "on their heads"),
        ({"vflip": True}, "on their heads"),
        ({"hflip": True}, None),
        ({}, None),
    ],
)
def test_a_picture_that_stands_on_its_head_is_told_with_the_mend(
    upside_down: dict[str, object], told: str | None, clips: Path
) -> None:
    camera = Camera.model_validate(
        {
            "name": "door",
            "watches": "customers",
            "source": str(clips / "smile_singleface.mp4"),
            "mount": {"height_m": 1.3},
        }
        | upside_down
    )
    find = BodyDetector(Network(ModelStore().session(MODEL))).find
    bad = [each for each in check_camera(camera, find) if each.verdict == "bad"]
    assert [told in each.found for each in bad if told] == [True] * (told is not None)
    assert all("rotation = 180" in each.to_do for each in bad)


@pytest.mark.parametrize(("times_wider", "told"), [(1.0, False), (1.33, True), (0.75, True)])
def test_a_picture_that_is_stretched_is_told_with_the_mend(
    times_wider: float, *, told: bool, clips: Path, tmp_path: Path
) -> None:
    for number, frame in enumerate(VideoFile(clips / "smile_singleface.mp4", "staff")):
        if number % 3 == 0:
            size = (round(times_wider * frame.rgb.shape[1]), frame.rgb.shape[0])
            bgr = cv2.cvtColor(cv2.resize(frame.rgb, size), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(tmp_path / f"{number:03d}.jpg"), bgr)
    camera = Camera(name="host", watches="staff", source=str(tmp_path), rate_hz=5.0)
    reader = FaceReader()
    found = [each for each in check_camera(camera, None, reader.next) if "stretched" in each.found]
    assert [each.verdict for each in found] == ["warning"] * told
    assert all("true_shape" in each.to_do for each in found)
    true = camera.model_copy(update={"true_shape": True})
    assert not any("stretched" in each.found for each in check_camera(true, None, reader.next))


def on_a_pi(monkeypatch: pytest.MonkeyPatch, module: str, **camera: object) -> list[Finding]:
    plug_in(monkeypatch, module=module, rate_hz=60.0)
    given = {
        "name": "door",
        "watches": "customers",
        "source": "picamera:0",
        "width": 320,
        "height": 180,
        "mount": {"height_m": 1.3},
    }
    return list(check_camera(Camera.model_validate(given | {"rate_hz": 60} | camera), None))


def test_a_pis_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    delivers, module = on_a_pi(monkeypatch, "imx708")
    assert (delivers.verdict, module.verdict) == ("good", "good")
    assert "a second, pictures of 320x180 from picamera:0" in delivers.found
    assert module.found == "it is a Camera Module 3 (imx708)"


@pytest.mark.parametrize(
    ("module", "camera", "told"),
    [
        ("imx708_wide", {}, "66 degrees cannot be its angle of view at 320x180, which is 102"),
        ("imx708", {"lens": {"horizontal_view_deg": 102.0}}, "102 degrees cannot be"),
        (
            "imx708",
            {"width": 320, "height": 240},
            "66 degrees cannot be its angle of view at 320x240, which is 52",
        ),
        ("imx219", {"lens": {"module": "imx708"}}, 'desk.toml has lens.module = "imx708"'),
    ],
)
def test_a_lens_that_cannot_be_the_modules_is_refused(
    module: str, camera: dict[str, object], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = on_a_pi(monkeypatch, module, **camera)
    assert found.verdict == "bad"
    assert told in found.found
    assert f'lens = {{ module = "{module}" }}' in found.to_do


@pytest.mark.parametrize(
    ("module", "camera"),
    [
        ("imx708_wide", {"lens": {"module": "imx708_wide"}}),
        ("imx708_wide", {"lens": {"module": "imx708_wide"}, "width": 320, "height": 240}),
        ("imx219", {"lens": Lens(horizontal_view_deg=60.4, k1=0.1)}),
        ("imx477", {"lens": {"horizontal_view_deg": 45.0}}),
    ],
)
def test_a_lens_that_can_be_is_good(
    module: str, camera: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [each.verdict for each in on_a_pi(monkeypatch, module, **camera)] == ["good", "good"]


def test_a_sensor_that_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _, found = on_a_pi(monkeypatch, "ov9281")
    assert found.verdict == "warning"
    assert "its sensor is ov9281" in found.found


def test_a_camera_slower_than_asked_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, rate_hz=2.0)
    camera = Camera(name="door", watches="customers", width=320, height=180, mount=Mount(height_m=1.3))
    slow = next(iter(check_camera(camera, None)))
    assert slow.verdict == "warning"
    assert "15 are asked for" in slow.to_do
