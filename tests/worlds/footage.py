"""Footage made on the spot, and sources that deliver by script."""

from collections.abc import Iterator
from pathlib import Path

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


class Scripted:
    """A source that delivers these frames, each when it is let, and may fail after the last."""

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
