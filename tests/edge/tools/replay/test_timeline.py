"""Clips side by side make one timeline, and what one of them does not show is said."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from edge.camera.frame import Frame
from edge.camera.source import SourceError
from edge.observation import CameraBack, CameraLost, End, FrameSeen, Observation
from edge.tools.replay.timeline import ENDED, NOT_BEGUN, observations, until_end


@dataclass
class Clip:
    """Frames at stated times; broken footage ends with a reason."""

    camera: str
    times_s: list[float]
    broken: str | None = None
    dropped = 0

    def __iter__(self) -> Iterator[Frame]:
        for index, t_s in enumerate(self.times_s):
            yield Frame(t_s, self.camera, index, np.zeros((2, 2, 3), np.uint8))
        if self.broken:
            raise SourceError(self.broken)

    def close(self) -> None:
        self.times_s = []


class Blind:
    """A perception that sees nobody."""

    def observe(self, frame: Frame) -> FrameSeen:
        return FrameSeen(frame.t_s, frame.camera, people=())


def timeline(*clips: Clip) -> list[Observation]:
    return list(
        observations(
            {clip.camera: clip for clip in clips},
            {clip.camera: Blind() for clip in clips},
        )
    )


def test_frames_of_two_clips_come_in_order_of_time() -> None:
    told = timeline(Clip("a", [0.0, 0.2, 0.4]), Clip("b", [0.0, 0.1, 0.3, 0.4]))
    times = [each.t_s for each in told if isinstance(each, FrameSeen)]
    assert times == sorted(times)
    assert len(times) == 7


def test_clips_that_end_together_leave_no_gap() -> None:
    assert timeline(Clip("a", [0.0, 0.4]), Clip("b", [0.0, 0.4]))[-1] == End(0.4)
    assert not [
        each
        for each in timeline(Clip("a", [0.0, 0.4]), Clip("b", [0.0, 0.4]))
        if isinstance(each, CameraLost)
    ]


def test_what_a_late_and_short_clip_does_not_show_is_said() -> None:
    told = [
        each
        for each in timeline(Clip("a", [0.0, 5.0]), Clip("b", [2.0, 3.0]))
        if isinstance(each, CameraLost | CameraBack)
    ]
    assert told == [CameraLost(0.0, "b", NOT_BEGUN), CameraBack(2.0, "b"), CameraLost(3.0, "b", ENDED)]


def test_a_broken_clip_says_why_after_its_good_frames() -> None:
    told = timeline(Clip("a", [0.0, 0.1], broken="a.mp4 is cut off"))
    assert told[-2:] == [CameraLost(0.1, "a", "a.mp4 is cut off"), End(0.1)]


def test_a_recording_that_broke_off_ends_where_it_broke_off() -> None:
    assert list(until_end([CameraBack(3.0, "a")]))[-1] == End(3.0)
