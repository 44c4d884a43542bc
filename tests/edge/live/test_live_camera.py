"""A camera that stops delivering is said to be lost, tried again, and said to be back."""

import threading
import time
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import pytest

from edge.camera.delivery import PATIENCE_S
from edge.camera.frame import Frame
from edge.camera.paced import PacedSource
from edge.camera.source import FrameSource, SourceError
from edge.live.live_camera import OPENS_WITHIN_S, LiveCamera
from edge.observation import CameraBack, CameraLost
from edge.settings.desk_toml import Camera
from tests.worlds.footage import Scripted

Item = TypeVar("Item", Frame, CameraLost, CameraBack)

CAMERA = Camera(name="door", watches="customers", source="picamera:0")


class Cable:
    """A camera on a cable that a test can pull: then no frame comes, as from a driver that hangs."""

    def __init__(self) -> None:
        self.plugged = threading.Event()
        self.plugged.set()
        self.opened = 0

    def open(self, _camera: Camera) -> FrameSource:
        self.opened += 1
        if not self.plugged.is_set():
            raise SourceError("picamera:0: is not there. Check the ribbon cable.")
        return _Plugged(self)


class _Plugged:
    live = True
    dropped = 0

    def __init__(self, cable: Cable) -> None:
        self._cable = cable
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        while not self._closed:
            time.sleep(0.005)
            if self._cable.plugged.is_set():
                noise = np.random.default_rng().integers(0, 256, (4, 4, 3), np.uint8)
                yield Frame(time.monotonic(), "door", 0, noise)

    def close(self) -> None:
        self._closed = True


def until(live: LiveCamera, kind: type[Item], ahead_s: float = 0.0) -> Item:
    """Poll until something of a kind comes; ``ahead_s`` shows the camera a clock that is so far ahead."""
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        item = live.poll(time.monotonic() + ahead_s)
        if isinstance(item, kind):
            return item
        time.sleep(0.005)
    raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def cable() -> Cable:
    return Cable()


@pytest.fixture
def live(cable: Cable) -> Iterator[LiveCamera]:
    camera = LiveCamera(CAMERA, time.monotonic(), cable.open)
    yield camera
    camera.close()


def test_a_pulled_cable_is_told_with_the_time_of_the_last_frame_and_recovery_is_told_too(
    cable: Cable, live: LiveCamera
) -> None:
    until(live, Frame)
    cable.plugged.clear()
    time.sleep(0.05)
    live.poll(time.monotonic())
    pulled_s = time.monotonic()
    lost = until(live, CameraLost, ahead_s=PATIENCE_S)
    assert lost.t_s <= pulled_s
    assert "cable" in lost.reason
    cable.plugged.set()
    back = until(live, CameraBack, ahead_s=60.0)
    assert back.t_s > lost.t_s
    until(live, Frame)


def test_a_camera_that_is_not_there_is_told_once_and_tried_again_and_again(
    cable: Cable, live: LiveCamera
) -> None:
    cable.plugged.clear()
    live.close()
    absent = LiveCamera(CAMERA, time.monotonic(), cable.open)
    until(absent, CameraLost)
    seen = []
    for ahead_s in range(0, 400, 5):
        seen.append(absent.poll(time.monotonic() + ahead_s))
        time.sleep(0.005)
    absent.close()
    assert seen == [None] * len(seen)
    assert cable.opened > 3


def test_a_camera_that_never_finishes_opening_is_a_loss_and_is_back_once_it_does(cable: Cable) -> None:
    opens = threading.Event()

    def hanging(camera: Camera) -> FrameSource:
        opens.wait()
        return cable.open(camera)

    began_s = time.monotonic()
    live = LiveCamera(CAMERA, began_s, hanging)
    assert live.poll(began_s + OPENS_WITHIN_S - 1.0) is None
    lost = live.poll(began_s + OPENS_WITHIN_S)
    assert isinstance(lost, CameraLost)
    assert lost.t_s == began_s
    assert "driver or network hangs" in lost.reason
    assert live.poll(began_s + 2 * OPENS_WITHIN_S) is None
    opens.set()
    until(live, CameraBack)
    live.close()


class Scene:
    """A camera on a clock of its own, fifteen frames a second, whose picture and stamps a test can spoil."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.frozen = False
        self.lasts_s = float("inf")
        """How long it delivers each time it is opened."""
        self.live = LiveCamera(CAMERA, 0.0, lambda _camera: _Staged(self))

    def after(self, duration_s: float) -> list[CameraLost | CameraBack]:
        """What is reported while so much time passes."""
        reported: list[CameraLost | CameraBack] = []
        until_s = self.now_s + duration_s
        while self.now_s < until_s:
            self.now_s += 1 / 15
            time.sleep(0.004)
            item = self.live.poll(self.now_s)
            if isinstance(item, CameraLost | CameraBack):
                reported.append(item)
        return reported


class _Staged:
    live = True
    dropped = 0

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._opened_s = scene.now_s
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        last_s = 0.0
        while not self._closed:
            time.sleep(0.001)
            t_s = self._scene.now_s
            if t_s - self._opened_s > self._scene.lasts_s:
                raise SourceError("picamera:0: its time stamps jump")
            if t_s > last_s:
                last_s = t_s
                level = 0 if self._scene.frozen else round(15 * t_s) % 200 + 1
                yield Frame(t_s, "door", 0, np.full((4, 4, 3), level, np.uint8))

    def close(self) -> None:
        self._closed = True


@pytest.fixture
def scene() -> Iterator[Scene]:
    staged = Scene()
    yield staged
    staged.live.close()


def test_a_picture_that_stands_still_is_a_lost_camera_until_it_moves(scene: Scene) -> None:
    assert scene.after(5.0) == []
    scene.frozen = True
    assert scene.after(8.0) == []
    (lost,) = scene.after(80.0)
    assert isinstance(lost, CameraLost)
    assert lost.t_s == pytest.approx(5.0, abs=0.3)
    assert "not changed in any pixel for 10 s" in lost.reason
    scene.frozen = False
    (back,) = scene.after(40.0)
    assert isinstance(back, CameraBack)


def test_a_camera_that_fails_again_and_again_soon_after_it_came_is_one_loss(scene: Scene) -> None:
    assert scene.after(2.0) == []
    scene.lasts_s = 2.0
    (lost,) = scene.after(100.0)
    assert isinstance(lost, CameraLost)
    assert "jump" in lost.reason


def test_footage_may_stand_still() -> None:
    """A clip in the place of a camera is not taken for a frozen one."""
    clip = Scripted([0.0, *np.arange(1.0, 30.0, 0.5)])
    paced = PacedSource(clip, time.monotonic)
    assert not paced.live
