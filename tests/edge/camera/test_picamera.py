import importlib.util

import pytest

from edge.camera.opening import open_source
from edge.camera.picamera import PiCamera, monotonic_s
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
        PiCamera(0, "front", (1280, 720), 15.0)


def test_a_camera_number_must_be_a_number() -> None:
    with pytest.raises(SourceError, match=r'picamera:front: names no camera\. Write "picamera:0"'):
        open_source(Camera(name="front", watches="customers", source="picamera:front"))


def test_a_stamp_of_the_monotonic_clock_stays_what_it_is() -> None:
    assert monotonic_s(99 * SECOND_NS, 100 * SECOND_NS, 100 * SECOND_NS) == 99.0


def test_a_stamp_of_the_clock_that_counts_sleep_is_moved_by_the_sleep() -> None:
    assert monotonic_s(3699 * SECOND_NS, 100 * SECOND_NS, 3700 * SECOND_NS) == 99.0


def test_no_frame_comes_from_the_future() -> None:
    assert monotonic_s(105 * SECOND_NS, 100 * SECOND_NS, 100 * SECOND_NS) == 100.0


def test_a_frame_without_a_stamp_is_of_now() -> None:
    assert monotonic_s(None, 100 * SECOND_NS, 100 * SECOND_NS) == 100.0
