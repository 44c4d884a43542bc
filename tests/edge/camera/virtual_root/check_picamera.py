"""Our camera on the real picamera2 and libcamera, with libcamera's virtual cameras; run by pytest inside the root of make_root.sh.

Of picamera2 two things are replaced, because a virtual camera is no sensor on a Pi: where buffers come from, and the
list of raw modes, which it does not have. Every check runs in a process of its own: opened again and again in one, the virtual
cameras of libcamera 0.4 fall silent, with plain picamera2 too.
"""

import mmap
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import libcamera
import numpy as np
import picamera2
import pytest
from picamera2.allocators import DmaAllocator
from picamera2.allocators.allocator import Allocator

from edge.camera.frame import Frame
from edge.camera.latest_frame import LatestFrame
from edge.camera.opening import open_source
from edge.camera.picamera import PiCamera
from edge.camera.source import SourceError
from edge.settings.desk_toml import Camera


def declared(name: str = "front", width: int = 1280, height: int = 720) -> Camera:
    """A camera as desk.toml declares it."""
    return Camera(name=name, watches="customers", width=width, height=height)


THIRDS = (slice(40, 380), slice(470, 800), slice(900, 1240))
"""Columns of the picture that are red, green, blue."""


class LibcameraBuffers(DmaAllocator):  # type: ignore[misc]
    """Has libcamera allocate the buffers of `camera` itself."""

    camera: Any = None
    dmaHeap = None  # noqa: N815 - picamera2's name

    def __init__(self) -> None:
        Allocator.__init__(self)
        self.mapped_buffers: dict[Any, mmap.mmap] = {}
        self.mapped_buffers_used: dict[int, bool] = {}
        self.frame_buffers: dict[Any, Any] = {}
        self.open_fds: list[int] = []
        self.libcamera_fds: list[int] = []
        self.sync = self.DmaSync

    def allocate(self, libcamera_config: Any, use_case: Any) -> None:  # noqa: ARG002 - picamera2's signature
        self.libcamera_fds = []
        self.cleanup()
        self.frame_buffers = {}
        self._allocator = libcamera.FrameBufferAllocator(self.camera)
        for stream in libcamera_config:
            assert self._allocator.allocate(stream.stream) >= 0
            self.frame_buffers[stream.stream] = self._allocator.buffers(stream.stream)
            for buffer in self.frame_buffers[stream.stream]:
                descriptor = buffer.planes[0].fd
                self.libcamera_fds.append(descriptor)
                self.mapped_buffers_used[descriptor] = False
                self.mapped_buffers[buffer] = mmap.mmap(descriptor, stream.frame_size, mmap.MAP_SHARED)


@pytest.fixture(autouse=True)
def _virtual(monkeypatch: pytest.MonkeyPatch) -> None:
    made = picamera2.Picamera2.__init__

    def make(self: Any, number: int = 0) -> None:
        made(self, number)
        self.allocator.camera = self.camera

    modes = [{"format": "NV12", "size": (1280, 720)}]
    monkeypatch.setattr(picamera2.Picamera2, "_get_raw_modes", lambda _: modes)
    monkeypatch.setattr(picamera2.Picamera2, "__init__", make)
    monkeypatch.setattr(picamera2.picamera2, "DmaAllocator", LibcameraBuffers)


@pytest.fixture
def front() -> Iterator[PiCamera]:
    camera = PiCamera(0, declared())
    yield camera
    camera.close()


def _some(camera: PiCamera, count: int) -> list[Frame]:
    return list(islice(camera, count))


def test_the_format_is_what_the_camera_chose_not_what_was_asked(front: PiCamera) -> None:
    assert front.pixel_format == "NV12"
    assert front.size == (1280, 720)


def test_red_green_and_blue_are_where_they_are_in_the_pictures(front: PiCamera) -> None:
    for frame in _some(front, 8):
        assert frame.rgb.shape == (720, 1280, 3)
        assert frame.rgb.flags.c_contiguous
        for channel, columns in enumerate(THIRDS):
            means = frame.rgb[50:-50, columns].reshape(-1, 3).mean(0)
            assert means[channel] > 90
            assert np.delete(means, channel).max() < 25


def test_frames_are_stamped_by_the_monotonic_clock_in_order(front: PiCamera) -> None:
    frames = _some(front, 20)
    times_s = [frame.t_s for frame in frames]
    assert (np.diff(times_s) > 0.0).all()
    assert 0.0 <= time.monotonic() - times_s[-1] < 5.0
    assert [frame.index for frame in frames] == list(range(20))


def test_two_cameras_deliver_side_by_side(front: PiCamera) -> None:
    back = PiCamera(1, declared("back", 640, 480))
    for one, other in islice(zip(front, back, strict=False), 5):
        assert (one.camera, one.rgb.shape) == ("front", (720, 1280, 3))
        assert (other.camera, other.rgb.shape) == ("back", (480, 640, 3))
    back.close()


def test_another_size_than_the_asked_one_is_taken_as_it_comes() -> None:
    camera = PiCamera(0, declared("front", 800, 600))
    assert _some(camera, 1)[0].rgb.shape[:2] == camera.size[::-1]
    camera.close()


def test_a_closed_camera_opens_again() -> None:
    for _ in range(2):
        camera = PiCamera(0, declared())
        assert len(_some(camera, 2)) == 2
        camera.close()
        assert _some(camera, 1) == []


def test_a_camera_in_use_is_refused(front: PiCamera) -> None:
    assert _some(front, 1)
    with pytest.raises(SourceError, match="picamera:0: cannot be opened"):
        PiCamera(0, declared("again"))


def test_a_missing_camera_is_named_with_those_that_are_there() -> None:
    with pytest.raises(SourceError, match=r"picamera:7: there is no such camera; found: .*imx708"):
        open_source(Camera(name="front", watches="customers", source="picamera:7"))


def test_a_camera_that_falls_silent_is_an_error_after_its_patience() -> None:
    camera = PiCamera(0, declared(), patience_s=0.5)
    assert _some(camera, 1)
    camera._picamera.stop()
    with pytest.raises(SourceError, match=r"picamera:0: no frame for .* Check the ribbon cable"):
        _some(camera, 10)
    camera.close()


def test_a_camera_is_closed_while_another_thread_reads_it() -> None:
    latest = LatestFrame(PiCamera(0, declared()))
    assert latest.take(5.0) is not None
    assert latest.close(5.0)


def test_masks_are_on_before_anybody_sees_the_frame() -> None:
    left = ((0.0, 0.0), (0.33, 0.0), (0.33, 1.0), (0.0, 1.0))
    source = open_source(Camera(name="front", watches="customers", source="picamera:0", masks=(left,)))
    frame = next(iter(source))
    assert (frame.rgb[:, THIRDS[0]] == 0).all()
    assert frame.rgb[:, THIRDS[1], 1].mean() > 90
    source.close()
