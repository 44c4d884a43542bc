"""Frames from a video file: anything FFmpeg decodes, animated GIFs too, at the times its container states."""

import os
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from threading import Lock

# Before OpenCV opens its first video: FFmpeg's own remarks about broken files say less than ours, and would stand between them.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2  # After the line above, so not at the top.
import numpy as np
from cv2.utils import logging as cv2_logging

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.source import SourceError

cv2_logging.setLogLevel(cv2_logging.LOG_LEVEL_ERROR)

GIF_END = b"\x3b"
"""The last byte of a whole GIF (GIF89a, trailer)."""

MISSING_FRAMES_TOLERATED = 2
"""Frames by which a container's count may exceed what can be decoded although nothing is broken (edit lists, a last empty packet)."""

REMEDY = "Copy the file again from where it came from; `ffmpeg -v error -i FILE -f null -` lists what is broken in it."


class VideoFile:
    """A video file as a camera.

    Args:
        path: The file.
        camera: The camera's name, put on every frame.
        offset_s: When the file begins on the rig's timeline.

    Raises:
        SourceError: It is no video, or cannot be read.
    """

    def __init__(self, path: Path, camera: str, offset_s: float = 0.0) -> None:
        self.path = path
        self.dropped = 0
        self._camera = camera
        self._offset_s = offset_s
        self._closed = False
        # OpenCV's capture crashes when it is released while it reads.
        self._reading = Lock()
        self._bgr: cv2.typing.MatLike | None = None
        if not path.is_file():
            raise SourceError(f"{path}: there is no such video file. Check the path.")
        # One thread decodes: the others would cost memory, and the models need the cores.
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        if not self._capture.isOpened():
            raise SourceError(f"{path}: is no video that can be read, or is cut off. {REMEDY}")
        self.frame_count = max(0, round(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        """Frames that the container claims to hold; 0 when it does not say."""
        rate_hz = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate_hz = rate_hz if isfinite(rate_hz) and rate_hz > 0.0 else None
        """Mean frame rate as the container states it."""

    def __iter__(self) -> Iterator[Frame]:
        """The frames; those whose time does not grow are dropped.

        Raises:
            SourceError: After the last good frame, when the file holds fewer than it should.
        """
        decoded = 0
        last_s = -np.inf
        while (read := self._read()) is not None:
            t_s, rgb = read
            decoded += 1
            if t_s <= last_s:
                self.dropped += 1
                continue
            last_s = t_s
            yield Frame(self._offset_s + t_s, self._camera, decoded - 1, rgb)
        if not self._closed:
            self._check_whole(decoded, last_s)

    def close(self) -> None:
        """Close the file; another thread may be reading it."""
        with self._reading:
            self._closed = True
            self._capture.release()

    def _read(self) -> tuple[float, Pixels] | None:
        """Time and picture of the next frame; None at the end, or when it was closed."""
        with self._reading:
            if self._closed:
                return None
            read, self._bgr = self._capture.read(self._bgr)
            if not read:
                return None
            rgb = cv2.cvtColor(self._bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
            return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0, rgb

    def _check_whole(self, decoded: int, last_s: float) -> None:
        where = f"after frame {decoded} at {last_s:.2f} s" if decoded else "before the first frame"
        if decoded < self.frame_count - MISSING_FRAMES_TOLERATED or decoded == 0:
            raise SourceError(
                f"{self.path}: broken {where}: only {decoded} of {self.frame_count} frames can be decoded. {REMEDY}"
            )
        if self.path.suffix.lower() == ".gif" and not _ends_with(self.path, GIF_END):
            raise SourceError(f"{self.path}: cut off {where}: the GIF has no end. {REMEDY}")


def _ends_with(path: Path, end: bytes) -> bool:
    with path.open("rb") as file:
        file.seek(-len(end), os.SEEK_END)
        return file.read() == end
