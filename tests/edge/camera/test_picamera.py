import importlib.util
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from edge.camera.opening import open_source
from edge.camera.picamera import PiCamera, asked_controls, monotonic_s, pi_cameras
from edge.camera.source import SourceError
from edge.settings.desk_toml import Camera
from tests.worlds.pi import plug_in

SECOND_NS = 1_000_000_000
SMALL = Camera(name="front", watches="customers", width=320, height=180, rate_hz=60.0)


@pytest.mark.skipif(
    importlib.util.find_spec("picamera2") is not None,
    reason="needs a machine without picamera2: here it is installed",
)
def test_without_picamera2_the_error_says_how_to_get_it() -> None:
    with pytest.raises(
        SourceError, match=r"picamera:0: picamera2 cannot be imported .* install python3-picamera2"
    ):
        PiCamera(0, Camera(name="front", watches="customers"))


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (
            "ValueError('numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject')",
            r"dtype size changed.*built for another NumPy.*simplejpeg",
        ),
        ("ImportError('numpy.core.multiarray failed to import')", "built for another NumPy"),
        ("AttributeError('_ARRAY_API not found')", "built for another NumPy"),
        ("RuntimeError('no such symbol')", "no such symbol.*install python3-picamera2"),
        ("ModuleNotFoundError('No module named pykms')", "pykms.*install python3-picamera2"),
    ],
)
def test_a_picamera2_that_does_not_load_is_told_with_what_to_do(
    raised: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raspberry Pi OS bookworm's imports a simplejpeg that was built for NumPy 1.24 (raspberrypi/picamera2 1088, 1211)."""
    (tmp_path / "picamera2.py").write_text(f"raise {raised}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "picamera2", raising=False)
    with pytest.raises(SourceError, match=rf"picamera:0: picamera2 cannot be imported .*{told}"):
        PiCamera(0, SMALL)
    assert pi_cameras() == []
    with pytest.raises(SourceError, match="there is no such camera"):
        open_source(SMALL.model_copy(update={"source": "nowhere"}))


def test_a_camera_number_must_be_a_number() -> None:
    with pytest.raises(SourceError, match=r'picamera:front: names no camera\. Write "picamera:0"'):
        open_source(Camera(name="front", watches="customers", source="picamera:front"))


def test_a_stamp_of_the_monotonic_clock_stays_what_it_is() -> None:
    assert monotonic_s(99 * SECOND_NS, 100 * SECOND_NS, 100 * SECOND_NS) == 99.0


def test_a_stamp_of_the_clock_that_counts_sleep_is_moved_by_the_sleep() -> None:
    assert monotonic_s(3699 * SECOND_NS, 100 * SECOND_NS, 3700 * SECOND_NS) == 99.0


@pytest.mark.parametrize("stamp_s", [105, 0, 5, 4154505010, -3500], ids=str)
def test_a_stamp_that_is_not_of_this_moment_is_no_time(stamp_s: int) -> None:
    """Stamps that stood still, jumped and came from the future were all seen on real boards."""
    assert monotonic_s(stamp_s * SECOND_NS, 100 * SECOND_NS, 100 * SECOND_NS) is None


def test_a_frame_without_a_stamp_is_of_now() -> None:
    assert monotonic_s(None, 100 * SECOND_NS, 100 * SECOND_NS) == 100.0


def test_what_is_asked_of_a_camera_keeps_its_rate_and_does_not_hunt() -> None:
    controls = asked_controls(Camera(name="desk", watches="staff", rate_hz=20.0, mains_hz=60))
    assert controls["FrameDurationLimits"] == (50_000, 50_000)
    assert controls["AeFlickerPeriod"] == 8333
    assert controls["LensPosition"] == pytest.approx(1 / 0.8)
    assert "AwbEnable" not in controls


def test_a_white_balance_that_was_found_is_kept() -> None:
    controls = asked_controls(Camera(name="door", watches="customers", focus_m=2.0, white_balance=(1.8, 1.5)))
    assert (controls["AwbEnable"], controls["ColourGains"]) == (False, (1.8, 1.5))
    assert controls["LensPosition"] == 0.5


@pytest.mark.parametrize(
    ("stamp_ns", "good"),
    [
        (lambda _, __: 0, 0),
        (lambda _, __: 5 * SECOND_NS, 0),
        (lambda _, now_ns: now_ns + 10 * SECOND_NS, 0),
        (lambda number, now_ns: now_ns - 3600 * SECOND_NS * (number > 9), 10),
        (lambda number, now_ns: now_ns if number < 10 else 7, 10),
    ],
    ids=["zero", "standing still", "from the future", "jumping back an hour", "zero after a while"],
)
def test_a_camera_whose_stamps_are_of_no_use_is_told_with_the_reason_after_its_good_frames(
    stamp_ns: Callable[[int, int], int], good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in(monkeypatch, rate_hz=60.0, stamp_ns=stamp_ns)
    camera = PiCamera(0, SMALL)
    times_s: list[float] = []
    with pytest.raises(SourceError, match="time stamps that stand still, jump or come from the future"):
        times_s.extend(frame.t_s for frame in camera)
    camera.close()
    assert len(times_s) == good
    assert times_s == sorted(set(times_s))


def test_single_stamps_that_are_wrong_cost_their_frames_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(
        monkeypatch,
        rate_hz=60.0,
        stamp_ns=lambda number, now_ns: 4154505010207436000 if number in (0, 7, 8) else now_ns,
    )
    camera = PiCamera(0, SMALL)
    times_s = [frame.t_s for frame in islice(camera, 30)]
    camera.close()
    assert camera.dropped == 3
    assert times_s == sorted(set(times_s))
    assert all(abs(t_s - time.monotonic()) < 5.0 for t_s in times_s)


@pytest.mark.parametrize("left", [(False, False), (True, True)])
def test_a_half_turn_is_made_by_the_camera_where_it_can(
    left: tuple[bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged = plug_in(monkeypatch, flips=not any(left))
    camera = PiCamera(0, SMALL.model_copy(update={"rotation": 180}))
    camera.close()
    assert (plugged.asked["transform"].hflip, plugged.asked["transform"].vflip) == (True, True)
    assert camera.flips_left == left


def test_the_whole_view_of_a_module_is_asked_for_and_its_rate_held_in_the_dark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugged = plug_in(monkeypatch, module="imx708_wide")
    PiCamera(0, SMALL).close()
    assert plugged.asked["sensor"]["output_size"] == (2304, 1296)
    assert plugged.asked["controls"]["FrameDurationLimits"] == (16667, 16667)
    assert plugged.asked["controls"]["AfMode"] == 0
    assert plugged.asked["controls"]["LensPosition"] == pytest.approx(1 / 2.5)


def test_a_frame_says_how_its_white_was_balanced(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, rate_hz=60.0)
    camera = PiCamera(0, SMALL)
    frame = next(iter(camera))
    camera.close()
    assert frame.colour_gains == (1.9, 1.4)
