from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from edge.camera.frame import Frame
from edge.camera.intact_frames import CUT_BEGINNING
from edge.camera.source import SourceError
from edge.camera.torn_files import AMID_A_PICTURE
from edge.camera.video import VideoFile
from tests.worlds.footage import write_cut, write_h264, write_video

EVERY_15TH = [number / 15 for number in range(90)]
"""Six seconds at 15 frames a second."""


def _until_it_breaks(source: VideoFile) -> tuple[list[Frame], str]:
    frames: list[Frame] = []
    with pytest.raises(SourceError) as failure:
        frames.extend(source)
    return frames, str(failure.value)


def _jpeg(red: int) -> bytes:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[..., 2] = red
    written, content = cv2.imencode(".jpg", picture)
    assert written
    return content.tobytes()


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


def test_where_another_recording_was_joined_on_the_first_one_ends(tmp_path: Path) -> None:
    """Two recordings of a camera that restarted, joined."""
    once = write_h264(tmp_path / "once.ts", EVERY_15TH).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(once + once)
    frames, message = _until_it_breaks(VideoFile(joined, "front"))
    assert 85 <= len(frames) <= 90
    assert f"times go back from {frames[-1].t_s:.2f} to 0.00 s after frame {len(frames)}" in message


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts", "avi"])
def test_a_whole_file_gives_every_frame_at_its_time(container: str, tmp_path: Path) -> None:
    frames = list(VideoFile(write_h264(tmp_path / f"clip.{container}", EVERY_15TH), "front"))
    assert [frame.t_s for frame in frames] == pytest.approx(EVERY_15TH, abs=0.002)
    assert [frame.rgb[:, 120:].mean() for frame in frames[:16]] == pytest.approx(
        [2.0 * number for number in range(16)], abs=8.0
    )
    assert not any(frame.damage for frame in frames)


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_a_whole_file_of_variable_rate_is_not_called_broken(container: str, tmp_path: Path) -> None:
    """A recorder that leaves frames out while nothing moves."""
    times_s = [*np.arange(0, 2, 1 / 30), *np.arange(2, 6, 0.1), *np.arange(6, 8, 0.5)]
    frames = list(VideoFile(write_h264(tmp_path / f"clip.{container}", times_s), "front"))
    assert [frame.t_s for frame in frames] == pytest.approx(times_s, abs=0.002)


@pytest.mark.parametrize("container", ["mkv", "ts"])
def test_a_segment_whose_times_begin_late_begins_at_zero(container: str, tmp_path: Path) -> None:
    late_s = [3600.0 + t_s for t_s in EVERY_15TH]
    frames = list(VideoFile(write_h264(tmp_path / f"clip.{container}", late_s), "front", offset_s=5.0))
    assert [frame.t_s for frame in frames] == pytest.approx([5.0 + t_s for t_s in EVERY_15TH], abs=0.002)


def test_frames_before_the_edit_list_begins_are_not_missed(tmp_path: Path) -> None:
    """Cut without encoding anew: the file holds frames from the key frame on, and shows those from the cut on."""
    whole = write_h264(tmp_path / "whole.mp4", EVERY_15TH)
    cut = tmp_path / "cut.mp4"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream_base = source.streams.video[0].time_base
        assert stream_base is not None
        for packet in source.demux(video=0):
            if packet.dts is not None and packet.pts is not None:
                packet.stream = stream
                shift = round(0.5 / stream_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                target.mux(packet)
    frames = list(VideoFile(cut, "front"))
    assert 75 <= len(frames) < 90
    assert frames[0].t_s == 0.0
    assert np.diff([frame.t_s for frame in frames]) == pytest.approx(
        np.full(len(frames) - 1, 1 / 15), abs=0.002
    )


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        *(("libx264", container) for container in ("mp4", "mkv", "ts", "avi", "flv")),
        *(("mpeg2video", container) for container in ("mpg", "ts", "mkv")),
        ("libx265", "mkv"),
        ("libvpx", "mkv"),
    ],
)
def test_what_a_recording_lacks_before_its_first_key_frame_is_told_and_takes_its_time(
    codec: str, container: str, tmp_path: Path
) -> None:
    """A segment that was cut off amid a group of 15 pictures: nothing before the next key frame can be shown."""
    times_s = [number / 30 for number in range(90)]
    whole = write_h264(tmp_path / f"whole.{'mkv' if container == 'avi' else container}", times_s, codec=codec)
    frames = list(VideoFile(write_cut(tmp_path / f"cut.{container}", whole, missing=7), "front"))
    assert frames[0].damage == CUT_BEGINNING
    assert not any(frame.damage for frame in frames[1:])
    assert 0.1 < frames[0].t_s < 0.5
    first = 90 - len(frames)
    assert 12 <= first <= 18
    steps_s = np.diff([frame.t_s for frame in frames])
    assert steps_s == pytest.approx(np.full(len(frames) - 1, 1 / 30), abs=0.002)
    for number, frame in enumerate(frames, first):
        assert frame.rgb[:, 120:].mean() == pytest.approx(2.0 * number, abs=12.0)


@pytest.mark.parametrize("lost_bytes", [2, 5, 700, 1500])
@pytest.mark.parametrize("suffix", ["mjpeg", "h264", "ts"])
def test_a_file_that_begins_amid_a_picture_says_so(suffix: str, lost_bytes: int, tmp_path: Path) -> None:
    path = tmp_path / f"clip.{suffix}"
    if suffix == "mjpeg":
        path.write_bytes(b"".join(_noisy_jpeg(number) for number in range(10)))
    else:
        write_h264(path, EVERY_15TH)
    whole = [frame.rgb for frame in VideoFile(path, "front", rate_hz=15.0)]
    path.write_bytes(path.read_bytes()[lost_bytes:])
    source = VideoFile(path, "front", rate_hz=15.0)
    if suffix == "ts":  # Its packets are counted from the end too.
        frames, _ = _until_it_breaks(source)
    else:
        frames = list(source)
    assert frames[0].damage == AMID_A_PICTURE
    assert not any(frame.damage for frame in frames[1:])
    if suffix == "mjpeg":
        assert [frame.t_s for frame in frames] == pytest.approx([number / 15 for number in range(1, 10)])
        for frame, rgb in zip(frames, whole[1:], strict=True):
            assert np.array_equal(frame.rgb, rgb)


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_frames_before_and_after_a_damaged_place_come_and_the_place_is_named(
    container: str, tmp_path: Path
) -> None:
    path = write_h264(tmp_path / f"clip.{container}", EVERY_15TH)
    content = bytearray(path.read_bytes())
    middle, width = len(content) // 2, len(content) // 12
    content[middle : middle + width] = bytes(width)
    path.write_bytes(content)
    frames = list(VideoFile(path, "front"))
    (behind,) = [index for index, frame in enumerate(frames) if frame.damage]
    assert 30 <= behind <= 50
    assert frames[-1].t_s == pytest.approx(EVERY_15TH[-1], abs=0.002)
    lost_s = frames[behind].t_s - frames[behind - 1].t_s
    assert 0.3 < lost_s < 2.5
    assert len(frames) == pytest.approx(90 - 15 * lost_s + 1, abs=1.1)
    # What is delivered is the picture that was taken at that time, not one made from lost ones.
    for frame in frames:
        assert frame.rgb[:, 120:].mean() == pytest.approx(2.0 * round(15 * frame.t_s), abs=12.0)


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("tail", [b"", bytes(300_000)], ids=["torn", "torn, then zeros"])
def test_a_recording_with_a_torn_end_gives_its_whole_frames_and_then_says_where(
    container: str, tail: bytes, tmp_path: Path
) -> None:
    options = {"movflags": "+faststart"} if container == "mp4" else {}
    path = write_h264(tmp_path / f"clip.{container}", EVERY_15TH, options)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10] + tail)
    frames, message = _until_it_breaks(VideoFile(path, "front"))
    assert 40 <= len(frames) <= 60
    times_s = {round(15 * frame.t_s) for frame in frames}
    assert times_s <= set(
        range(len(frames) + 2)
    )  # a frame shown between the last two may lie behind the tear
    assert f"after frame {len(frames)} at {frames[-1].t_s:.2f} s" in message


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts", "avi"])
def test_zero_bytes_behind_a_whole_file_do_no_harm(container: str, tmp_path: Path) -> None:
    path = write_h264(tmp_path / f"clip.{container}", EVERY_15TH)
    path.write_bytes(path.read_bytes() + bytes(300_000))
    assert len(list(VideoFile(path, "front"))) == 90


def test_zero_bytes_behind_a_whole_gif_do_no_harm(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes((clips / "approach_walking.gif").read_bytes() + bytes(300_000))
    assert len(list(VideoFile(path, "front"))) == 35


@pytest.mark.parametrize("suffix", ["h264", "mjpeg"])
def test_a_raw_stream_wants_a_rate_and_keeps_it(suffix: str, tmp_path: Path) -> None:
    """What rpicam-vid writes by default."""
    raw = tmp_path / f"clip.{suffix}"
    if suffix == "h264":
        write_h264(raw, EVERY_15TH)
    else:
        raw.write_bytes(b"".join(_jpeg(number) for number in range(30)))
    with pytest.raises(
        SourceError, match=rf"clip\.{suffix}: is a raw stream \({suffix}\) and states no times.* --rate 30 "
    ):
        VideoFile(raw, "front")
    frames = list(VideoFile(raw, "front", rate_hz=15.0))
    assert len(frames) in (30, 90)
    assert [frame.t_s for frame in frames] == pytest.approx([number / 15 for number in range(len(frames))])


def _noisy_jpeg(number: int) -> bytes:
    picture = np.random.default_rng(number).integers(0, 255, (120, 160, 3), np.uint8)
    done, content = cv2.imencode(".jpg", picture)
    assert done
    return content.tobytes()


def test_pictures_one_behind_the_other_want_a_rate_whatever_they_are_taken_for(tmp_path: Path) -> None:
    """FFmpeg takes these for pictures in a pipe, not for MJPEG, and would show 25 a second."""
    raw = tmp_path / "clip.mjpeg"
    raw.write_bytes(b"".join(_noisy_jpeg(number) for number in range(30)))
    with pytest.raises(SourceError, match="states no times"):
        VideoFile(raw, "front")
    frames = list(VideoFile(raw, "front", rate_hz=30.0))
    assert [frame.t_s for frame in frames] == pytest.approx([number / 30 for number in range(30)])


def test_a_damaged_place_of_a_raw_stream_takes_the_time_it_took(tmp_path: Path) -> None:
    raw = write_h264(tmp_path / "clip.h264", [number / 15 for number in range(120)])
    content = bytearray(raw.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    raw.write_bytes(content)
    frames = list(VideoFile(raw, "front", rate_hz=15.0))
    assert len(frames) < 118
    assert [frame for frame in frames if frame.damage]
    # A frame or two may have left no trace at all.
    assert frames[-1].t_s == pytest.approx(119 / 15, abs=0.2)


def test_a_torn_picture_of_a_raw_stream_is_not_filled_with_grey(tmp_path: Path) -> None:
    raw = tmp_path / "clip.mjpeg"
    whole = b"".join(_noisy_jpeg(number) for number in range(10))
    raw.write_bytes(whole[: len(whole) * 85 // 100])
    frames, message = _until_it_breaks(VideoFile(raw, "front", rate_hz=30.0))
    assert len(frames) == 8
    assert "damaged after frame 8" in message


@pytest.mark.parametrize("share", [0.55, 0.65, 0.7, 0.75, 0.9])
@pytest.mark.parametrize("tail", [b"", bytes(300_000)], ids=["torn", "torn, then zeros"])
def test_a_transport_stream_that_ends_amid_a_packet_is_cut_off(
    share: float, tail: bytes, tmp_path: Path
) -> None:
    path = write_h264(tmp_path / "clip.ts", EVERY_15TH)
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * share / 188) * 188 + 90] + tail)
    frames, message = _until_it_breaks(VideoFile(path, "front"))
    assert frames
    assert f"after frame {len(frames)} at" in message


def test_a_rate_does_not_stretch_what_states_its_times(tmp_path: Path) -> None:
    frames = list(VideoFile(write_video(tmp_path / "clip.mp4"), "front", rate_hz=30.0))
    assert frames[-1].t_s == pytest.approx(1.9)


def test_a_clip_filmed_sideways_is_turned_upright(tmp_path: Path) -> None:
    """A telephone held upright writes the turn beside the picture (tkhd's matrix, ISO 14496-12)."""
    path = write_video(tmp_path / "clip.mp4")
    content = path.read_bytes()
    one, none, minus = (value.to_bytes(4, "big", signed=True) for value in (1 << 16, 0, -(1 << 16)))
    at = content.index(b"tkhd") + 4 + 40
    assert content[at : at + 16] == one + none + none + none
    turned = content[:at] + none + one + none + minus + none + none + content[at + 24 :]
    path.write_bytes(turned)
    first = next(iter(VideoFile(path, "front")))
    assert first.rgb.shape == (160, 120, 3)


def test_a_file_without_pictures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
    with pytest.raises(SourceError, match=r"sound\.wav: holds no video"):
        VideoFile(path, "front")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SourceError, match=r"nowhere\.mp4: there is no such video file\. Check the path\."):
        VideoFile(Path("nowhere.mp4"), "front")


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    with pytest.raises(
        SourceError, match=r"notes\.mp4: is no video that can be read, or is cut off \(.*\)\. Copy"
    ):
        VideoFile(text, "front")


def test_a_truncated_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(
        SourceError, match=r"cut\.mp4: is an MP4 .* cut off before its index .*: copy it again .*MKV or TS"
    ):
        VideoFile(cut, "front")


@pytest.mark.parametrize("left_bytes", [0, 1, 7, 20, 40])
def test_a_file_of_which_next_to_nothing_is_left_is_refused_in_words(left_bytes: int, tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[:left_bytes])
    with pytest.raises(SourceError, match=r"cut\.mp4: .*cut off.*[Cc]opy"):
        VideoFile(cut, "front")


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
