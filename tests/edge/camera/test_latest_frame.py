import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.camera.frame import Frame
from edge.camera.latest_frame import LatestFrame
from edge.camera.source import SourceError
from edge.camera.video import VideoFile
from tests.worlds.footage import Scripted, write_video

SOON_S = 10.0
"""As long as a busy machine may take; nothing here waits so long."""


class _Stepped(Scripted):
    """Delivers one frame whenever it is told to."""

    def __init__(self, times_s: list[float]) -> None:
        super().__init__(times_s)
        self.go = threading.Semaphore(0)

    def __iter__(self) -> Iterator[Frame]:
        for frame in super().__iter__():
            self.go.acquire()
            if self.closed:
                return
            yield frame

    def close(self) -> None:
        super().close()
        self.go.release()


def _wait_for(latest: LatestFrame, delivered: int) -> None:
    deadline_s = time.monotonic() + SOON_S
    while latest.delivered < delivered and time.monotonic() < deadline_s:
        time.sleep(0.001)
    assert latest.delivered == delivered


def test_who_is_slow_gets_the_newest_frame_and_the_others_are_counted() -> None:
    source = _Stepped([0.0, 0.1, 0.2, 0.3])
    latest = LatestFrame(source)
    source.go.release(3)
    _wait_for(latest, 3)
    frame = latest.take()
    assert frame is not None
    assert frame.t_s == 0.2
    assert latest.dropped == 2
    assert latest.close()


def test_a_frame_is_handed_out_once() -> None:
    source = _Stepped([0.0, 0.1])
    latest = LatestFrame(source)
    source.go.release()
    assert latest.take(SOON_S) is not None
    assert latest.take() is None
    assert not latest.ended
    latest.close()


def test_waiting_ends_when_a_frame_comes() -> None:
    source = _Stepped([5.0])
    latest = LatestFrame(source)
    threading.Timer(0.05, source.go.release).start()
    frame = latest.take(SOON_S)
    assert frame is not None
    assert frame.t_s == 5.0
    latest.close()


def test_one_thread_waits_for_several_cameras() -> None:
    news = threading.Condition()
    sources = [_Stepped([1.0]), _Stepped([2.0])]
    cameras = [LatestFrame(source, news) for source in sources]
    sources[1].go.release()
    with news:
        assert news.wait_for(lambda: any(camera.delivered for camera in cameras), SOON_S)
    taken = [frame for camera in cameras if (frame := camera.take()) is not None]
    assert [frame.t_s for frame in taken] == [2.0]
    for camera in cameras:
        camera.close()


def test_footage_ends_after_its_last_frame() -> None:
    latest = LatestFrame(Scripted([0.0]))
    assert latest.take(SOON_S) is not None
    assert latest.take(SOON_S) is None
    assert latest.ended
    latest.close()


def test_a_failure_is_told_after_the_last_good_frame() -> None:
    latest = LatestFrame(Scripted([0.0, 0.1], error="the cable is out"))
    while (frame := latest.take(SOON_S)) is not None and frame.t_s < 0.1:
        pass
    with pytest.raises(SourceError, match="the cable is out"):
        latest.take(SOON_S)
    latest.close()


def test_closing_frees_a_thread_that_waits_for_a_frame() -> None:
    source = _Stepped([0.0])
    assert LatestFrame(source).close(SOON_S)
    assert source.closed


def test_closing_a_video_in_the_middle_of_reading_it_does_no_harm(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", frames=200)
    for _ in range(10):
        latest = LatestFrame(VideoFile(path, "front"))
        assert latest.take(SOON_S) is not None
        assert latest.close(SOON_S)
