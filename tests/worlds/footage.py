"""Footage made on the spot, and sources that deliver by script."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from edge.camera.frame import Frame
from edge.camera.source import SourceError


def write_video(path: Path, frames: int = 20, rate_hz: float = 10.0) -> Path:
    """A video in which frame number n is red n x 10, modulo 256."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), rate_hz, (160, 120))
    assert writer.isOpened()
    for number in range(frames):
        picture = np.zeros((120, 160, 3), np.uint8)
        picture[..., 2] = 10 * number % 256
        writer.write(picture)
    writer.release()
    return path


def write_h264(
    path: Path, times_s: Sequence[float], options: dict[str, str] | None = None, codec: str = "libx264"
) -> Path:
    """A video in H.264 (or another codec) with B-frames whose frame number n is grey n x 2 with a bar that moves through its left two thirds, shown at that time.

    Args:
        path: Where to write; the container is chosen by its suffix.
        times_s: When each frame is shown.
        options: For the container's writer.
        codec: FFmpeg's name of the encoder.
    """
    # AVI has a slot for every tick of its clock, whether there is a frame or not.
    base = Fraction(1, 15) if path.suffix == ".avi" else Fraction(1, 1000)
    if codec == "mpeg2video":
        base = Fraction(1, 30)  # It knows a few rates only.
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=30)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.time_base = stream.codec_context.time_base = base
        stream.codec_context.gop_size = 15
        if codec == "libx264":
            stream.codec_context.options = {"x264-params": "scenecut=0:rc-lookahead=5"}
        for number, t_s in enumerate(times_s):
            picture = np.full((120, 160, 3), 2 * number % 256, np.uint8)
            picture[:, (5 * number) % 90 :][:, :10] = np.random.default_rng(number).integers(
                0, 256, (120, 10, 3)
            )
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(t_s / base), base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_cut(path: Path, whole: Path, missing: int) -> Path:
    """A recording without its first packets, as recorders and cutters that do not wait for a key frame leave it."""
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.size]
        for packet in packets[missing:]:
            packet.stream = stream
            target.mux(packet)
    return path


class Scripted:
    """A source that delivers these frames, each when it is let, and may fail after the last."""

    live = True

    def __init__(self, times_s: list[float], error: str | None = None) -> None:
        self.dropped = 0
        self.closed = False
        self._times_s = times_s
        self._error = error

    def __iter__(self) -> Iterator[Frame]:
        for index, t_s in enumerate(self._times_s):
            yield Frame(t_s, "scripted", index, np.zeros((4, 4, 3), np.uint8))
        if self._error is not None:
            raise SourceError(self._error)

    def close(self) -> None:
        self.closed = True
