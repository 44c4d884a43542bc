import importlib.util

import pytest

from edge.camera.opening import open_source
from edge.camera.picamera import PiCamera, asked_controls, monotonic_s
from edge.camera.source import SourceError
from edge.settings.desk_toml import Camera

SECOND_NS = 1_000_000_000


@pytest.mark.skipif(
    importlib.util.find_spec("picamera2") is not None,
    reason="needs a machine without picamera2: here it is installed",
)
def test_without_picamera2_the_error_says_how_to_get_it() -> None:
    with pytest.raises(
        SourceError, match=r"picamera:0: picamera2 cannot be imported .* install python3-picamera2"
    ):
        PiCamera(0, Camera(name="front", watches="customers"))


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
