"""720p footage for the vision benchmarks: the labelled clips, enlarged."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame

SHARED = Path(os.environ.get("DESKSIDE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SIZE = (1280, 720)


class Footage:
    """Frames that are there already, as a source."""

    live = False
    dropped = 0

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = frames

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def close(self) -> None:
        """Nothing is held open."""


def clip(name: str) -> Path:
    """A labelled clip.

    Raises:
        SystemExit: It is not there.
    """
    path = SHARED / "clips" / name
    if not path.exists():
        raise SystemExit(
            f"needs {path}: real footage lives beside the project; DESKSIDE_SHARED names its folder"
        )
    return path


def enlarged(rgb: Pixels) -> Pixels:
    """A picture at 720p, black at the sides if it is narrower."""
    scale = min(SIZE[0] / rgb.shape[1], SIZE[1] / rgb.shape[0])
    width, height = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    frame = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    left = (SIZE[0] - width) // 2
    frame[:height, left : left + width] = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_CUBIC)
    return frame


def write_720p(source: Path, target: Path, rate_hz: float) -> None:
    """Write a clip again as 720p video at another rate, its frames in the same time."""
    capture = cv2.VideoCapture(str(source))
    writer = cv2.VideoWriter(str(target), cv2.VideoWriter.fourcc(*"mp4v"), rate_hz, SIZE)
    written = 0
    while True:
        read, bgr = capture.read()
        if not read:
            break
        t_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        while written / rate_hz <= t_s:
            writer.write(enlarged(bgr.astype(np.uint8, copy=False)))
            written += 1
    writer.release()
