"""Every camera is looked at on its own thread: what one of them does to its thread is no matter of the others'."""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from edge.camera.frame import Frame
from edge.camera.source import FrameSource
from edge.clock import Clock
from edge.live.hang_watch import HANGS_S
from edge.live.live_camera import LiveCamera
from edge.live.observing import Observing
from edge.live.phone_lines import LivePhone
from edge.live.sight import Sight
from edge.live.sign_in_point import SignInPoint, sign_in
from edge.observation import CameraBack, CameraLost, FrameSeen, Observation, SignedIn, Tick
from edge.settings.desk_toml import Camera, Settings

SOON_S = 30.0
PROJECT = Path(__file__).resolve().parents[3]
CAMERAS = (Camera(name="door", watches="customers"), Camera(name="desk", watches="staff"))


class Ticking:
    """A camera of fifty frames a second."""

    live = True
    dropped = 0

    def __init__(self, camera: Camera) -> None:
        self._name = camera.name
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        draw = np.random.default_rng(0)
        while not self._closed:
            time.sleep(0.02)
            yield Frame(time.monotonic(), self._name, 0, draw.integers(0, 256, (4, 4, 3), np.uint8))

    def close(self) -> None:
        self._closed = True


class Staged(Sight):
    """Networks that see nothing, and that a test can let hang or fail at one camera."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.hangs: str | None = None
        self.fails: str | None = None
        self.goes_on = threading.Event()
        self.threads: dict[str, set[int]] = {}

    def observe(self, frame: Frame) -> FrameSeen:
        self.threads.setdefault(frame.camera, set()).add(threading.get_ident())
        if frame.camera == self.hangs:
            self.goes_on.wait(SOON_S)
        if frame.camera == self.fails:
            raise ZeroDivisionError(frame.camera)
        return FrameSeen(frame.t_s, frame.camera)


class World:
    def __init__(self, folder: Path, opener: Callable[[Camera], FrameSource] = Ticking) -> None:
        self.ahead_s = 0.0
        self._left: deque[Observation] = deque()
        clock = Clock(monotonic=lambda: time.monotonic() + self.ahead_s)
        self.sight = Staged()
        lives = [LiveCamera(camera, clock.now_s(), opener) for camera in CAMERAS]
        self.observing = Observing(
            lives, self.sight, LivePhone((), clock.now_s()), SignInPoint(folder / "sign-in"), clock
        )
        self.observing.start()

    def until(self, holds: Callable[[Observation], bool]) -> list[Observation]:
        """What is observed until something is, and that."""
        observed: list[Observation] = []
        deadline_s = time.monotonic() + SOON_S
        while not observed or not holds(observed[-1]):
            assert time.monotonic() < deadline_s, observed[-10:]
            self._left = self._left or deque(self.observing.next(0.05))
            if self._left:
                observed.append(self._left.popleft())
        return observed

    def some(self, camera: str, count: int = 10) -> list[Observation]:
        seen: list[Observation] = []
        for _ in range(count):
            seen += self.until(lambda each: isinstance(each, FrameSeen) and each.camera == camera)
        return seen


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.sight.goes_on.set()
    world.observing.close()


def test_each_camera_is_looked_at_on_a_thread_of_its_own(world: World) -> None:
    world.some("door")
    world.some("desk")
    door, desk = world.sight.threads["door"], world.sight.threads["desk"]
    assert len(door) == len(desk) == 1
    assert door != desk
    assert threading.get_ident() not in door | desk


def test_a_camera_whose_look_takes_for_ever_holds_up_no_other(world: World) -> None:
    world.some("door")
    world.sight.hangs = "door"
    observed = world.some("desk", count=50)
    assert len([each for each in observed if isinstance(each, FrameSeen) and each.camera == "door"]) < 10


def test_a_driver_that_hangs_is_a_lost_camera_and_back_with_its_next_frame(world: World) -> None:
    world.some("door")
    world.sight.hangs = "door"
    world.some("desk", count=20)
    world.ahead_s += HANGS_S
    observed = world.until(lambda each: isinstance(each, CameraLost) and each.camera == "door")
    lost = observed[-1]
    assert isinstance(lost, CameraLost)
    assert "driver hangs" in lost.reason
    assert not any(isinstance(each, CameraLost) and each.camera == "door" for each in world.some("desk"))
    world.sight.hangs = None
    world.sight.goes_on.set()
    observed = world.until(lambda each: isinstance(each, FrameSeen) and each.camera == "door")
    assert isinstance(observed[-2], CameraBack)


def test_a_fault_of_the_program_ends_the_desk_and_not_only_one_of_its_eyes(world: World) -> None:
    world.some("door")
    world.sight.fails = "door"
    with pytest.raises(ZeroDivisionError):
        world.some("door")


def test_a_desk_that_stops_takes_along_what_is_looked_at(world: World) -> None:
    seen = world.some("desk")
    last = [*seen, *world.observing.last()]
    of_desk = [each.t_s for each in last if isinstance(each, FrameSeen) and each.camera == "desk"]
    assert of_desk == sorted(of_desk)
    assert world.observing.last() == []


def test_who_signs_in_at_the_desk_is_observed(world: World, tmp_path: Path) -> None:
    sign_in(tmp_path / "sign-in", "lin", in_front=True)
    seen = world.until(lambda each: isinstance(each, SignedIn))[-1]
    assert isinstance(seen, SignedIn)
    assert (seen.person, seen.in_front) == ("lin", True)


def test_a_desk_on_which_nothing_happens_is_told_that_time_passes(tmp_path: Path) -> None:
    class Silent(Ticking):
        def __iter__(self) -> Iterator[Frame]:
            time.sleep(1.0)
            yield from ()

    world = World(tmp_path, Silent)
    ticks = world.until(lambda each: isinstance(each, Tick))
    assert isinstance(ticks[-1], Tick)
    world.observing.close()


INTERRUPTED = """
import signal, sys, time
from pathlib import Path
from edge.clock import Clock
from edge.live.observing import Observing
from edge.live.phone_lines import LivePhone
from edge.live.sight import Sight
from edge.live.sign_in_point import SignInPoint
from edge.settings.desk_toml import Settings

signal.signal(signal.SIGALRM, lambda *_: time.sleep(0.3))  # it ends after the wait that it interrupts
desk = Observing([], Sight(Settings()), LivePhone((), 0.0), SignInPoint(Path(sys.argv[1])), Clock())
signal.setitimer(signal.ITIMER_REAL, 0.1)
desk.next(0.2)
print("went on")
"""


def test_a_signal_at_the_end_of_a_wait_does_not_make_it_endless(tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "sign-in")]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120, env=dict(os.environ)
    )
    assert done.stdout == "went on\n", done.stderr
