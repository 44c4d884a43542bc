"""Clips side by side make one timeline, and what one of them does not show is said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from edge.camera.frame import Frame
from edge.camera.intact_frames import CUT_BEGINNING
from edge.camera.source import SourceError
from edge.camera.video import VideoFile
from edge.observation import CameraBack, CameraLost, End, FrameSeen, Observation
from edge.tools.replay.timeline import ENDED, NOT_BEGUN, observations, until_end
from tests.worlds.footage import write_cut, write_h264


@dataclass
class Clip:
    """Frames at stated times; broken footage ends with a reason."""

    camera: str
    times_s: list[float]
    broken: str | None = None
    damages: dict[float, str] = field(default_factory=dict)
    live = False
    dropped = 0

    def __iter__(self) -> Iterator[Frame]:
        for index, t_s in enumerate(self.times_s):
            yield Frame(t_s, self.camera, index, np.zeros((2, 2, 3), np.uint8), self.damages.get(t_s))
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
        for each in timeline(Clip("a", [0.0, 2.5, 5.0]), Clip("b", [2.0, 3.0]))
        if isinstance(each, CameraLost | CameraBack)
    ]
    assert told == [CameraLost(0.0, "b", NOT_BEGUN), CameraBack(2.0, "b"), CameraLost(3.0, "b", ENDED)]


def test_a_broken_clip_says_why_after_its_good_frames() -> None:
    told = timeline(Clip("a", [0.0, 0.1], broken="a.mp4 is cut off"))
    assert told[-2:] == [CameraLost(0.1, "a", "a.mp4 is cut off"), End(0.1)]


def test_a_recording_that_broke_off_ends_where_it_broke_off() -> None:
    assert list(until_end([CameraBack(3.0, "a")]))[-1] == End(3.0)


def test_what_a_cut_recording_cannot_show_is_a_loss_from_its_beginning_to_its_first_key_frame(
    tmp_path: Path,
) -> None:
    whole = write_h264(tmp_path / "whole.ts", [number / 30 for number in range(60)])
    cut = VideoFile(write_cut(tmp_path / "cut.ts", whole, missing=7), "a", offset_s=5.0)
    lost, back, first, *_ = observations({"a": cut}, {"a": Blind()})
    assert lost == CameraLost(0.0, "a", CUT_BEGINNING)
    assert back == CameraBack(first.t_s, "a")
    assert 5.1 < first.t_s < 5.5


def test_a_damaged_place_is_a_loss_from_the_last_good_frame_to_the_next() -> None:
    told = list(timeline(Clip("a", [0.0, 0.1, 0.5, 0.6], damages={0.5: "a part is missing"})))
    assert told[2:5] == [
        CameraLost(0.1, "a", "a part is missing"),
        CameraBack(0.5, "a"),
        FrameSeen(0.5, "a", people=()),
    ]
    assert sum(isinstance(each, CameraLost) for each in told) == 1


def test_footage_that_shows_nothing_for_longer_than_a_live_camera_may_is_a_loss() -> None:
    told = list(timeline(Clip("a", [0.0, 1.0, 2.0, 14.0, 15.0])))
    lost = [each for each in told if isinstance(each, CameraLost)]
    assert lost == [CameraLost(2.0, "a", "its footage shows nothing for 12.0 s")]
    assert CameraBack(14.0, "a") in told


def test_pictures_taken_seldom_are_no_loss() -> None:
    told = timeline(Clip("a", [0.0, 2.0, 4.0, 14.0, 24.0, 34.0]))
    assert [each.t_s for each in told if isinstance(each, CameraLost)] == [4.0]
