from pathlib import Path

import numpy as np
import pytest

from edge.camera.frame import Frame
from edge.camera.source import SourceError
from edge.camera.video import VideoFile
from tests.worlds.footage import write_video


def _until_it_breaks(source: VideoFile) -> tuple[list[Frame], str]:
    frames: list[Frame] = []
    with pytest.raises(SourceError) as failure:
        frames.extend(source)
    return frames, str(failure.value)


def _gif_times_s(path: Path) -> list[float]:
    """When each picture of a GIF is shown, by its graphic control extensions (GIF89a, 23)."""
    content = path.read_bytes()
    marker = b"\x21\xf9\x04"
    starts = [
        index
        for index in range(len(content))
        if content.startswith(marker, index) and content[index + 7] == 0
    ]
    delays_s = [int.from_bytes(content[start + 4 : start + 6], "little") / 100 for start in starts]
    return [sum(delays_s[:index]) for index in range(len(delays_s))]


def test_frames_come_in_order_with_the_containers_times_moved_by_the_offset(tmp_path: Path) -> None:
    source = VideoFile(write_video(tmp_path / "clip.mp4"), "front", offset_s=30.0)
    frames = list(source)
    assert [frame.t_s for frame in frames] == pytest.approx([30.0 + index / 10 for index in range(20)])
    assert [frame.index for frame in frames] == list(range(20))
    assert {frame.camera for frame in frames} == {"front"}
    assert source.frame_count == 20
    assert source.rate_hz == pytest.approx(10.0)
    assert source.dropped == 0


def test_pictures_are_red_green_blue_and_each_its_own(tmp_path: Path) -> None:
    frames = list(VideoFile(write_video(tmp_path / "clip.mp4"), "front"))
    reds = [frame.rgb[..., 0].mean() for frame in frames]
    assert reds == pytest.approx([10.0 * index for index in range(20)], abs=6.0)
    assert frames[10].rgb[..., 2].mean() < 20.0
    assert all(frame.rgb.flags.c_contiguous and frame.rgb.dtype == np.uint8 for frame in frames)


@pytest.mark.parametrize("clip", ["approach_storeaisle.gif", "approach_walking.gif"])
def test_a_gif_whose_pictures_last_differently_keeps_their_times(clip: str, clips: Path) -> None:
    times_s = [frame.t_s for frame in VideoFile(clips / clip, "front")]
    assert times_s == pytest.approx(_gif_times_s(clips / clip), abs=1e-6)
    assert len(set(np.diff(times_s).round(3))) > 1


def test_footage_that_goes_back_in_time_loses_those_frames_and_counts_them(tmp_path: Path) -> None:
    """Two recordings of a camera that restarted, joined."""
    once = write_video(tmp_path / "once.ts").read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(once + once)
    source = VideoFile(joined, "front")
    times_s = [frame.t_s for frame in source]
    assert len(times_s) == 20
    assert (np.diff(times_s) > 0.0).all()
    assert source.dropped == 20


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SourceError, match=r"nowhere\.mp4: there is no such video file\. Check the path\."):
        VideoFile(Path("nowhere.mp4"), "front")


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    with pytest.raises(SourceError, match=r"notes\.mp4: is no video that can be read, or is cut off\. Copy"):
        VideoFile(text, "front")


def test_a_truncated_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut\.mp4: .* is cut off"):
        VideoFile(cut, "front")


def test_a_video_broken_in_the_middle_gives_its_good_frames_and_then_says_where(
    clips: Path, tmp_path: Path
) -> None:
    content = bytearray((clips / "approach_onebyone.mp4").read_bytes())
    content[300_000:600_000] = np.random.default_rng(1).bytes(300_000)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(content)
    frames, message = _until_it_breaks(VideoFile(broken, "front"))
    assert len(frames) > 100
    assert f"broken after frame {len(frames)} at {frames[-1].t_s:.2f} s: only {len(frames)} of 721" in message


def test_a_truncated_gif_gives_its_good_frames_and_then_says_so(clips: Path, tmp_path: Path) -> None:
    whole = (clips / "approach_walking.gif").read_bytes()
    cut = tmp_path / "cut.gif"
    cut.write_bytes(whole[: len(whole) // 2])
    frames, message = _until_it_breaks(VideoFile(cut, "front"))
    assert 15 <= len(frames) <= 20
    assert "cut off after frame" in message


def test_a_closed_video_ends_without_complaint(tmp_path: Path) -> None:
    source = VideoFile(write_video(tmp_path / "clip.mp4"), "front")
    frames = iter(source)
    next(frames)
    source.close()
    source.close()
    assert list(frames) == []
