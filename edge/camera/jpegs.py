"""Frames from a folder of numbered JPEGs, at a stated rate."""

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.source import SourceError

NUMBERED = re.compile(r"(\d+)\.jpe?g$", re.IGNORECASE)
"""The number is the last digits of the name: `frame-0041.jpg` is number 41."""


class JpegFolder:
    """A folder of numbered JPEGs as a camera. A missing number is a missing frame: time goes on.

    Args:
        path: The folder.
        camera: The camera's name, put on every frame.
        rate_hz: Numbers a second.
        offset_s: When the lowest number stands on the rig's timeline.

    Raises:
        SourceError: There is no such folder, or no numbered JPEG in it, or a number twice.
    """

    def __init__(self, path: Path, camera: str, rate_hz: float, offset_s: float = 0.0) -> None:
        self.path = path
        self.dropped = 0
        self.rate_hz = rate_hz
        self._camera = camera
        self._offset_s = offset_s
        self._open = True
        self._pictures = _numbered(path)

    @property
    def frame_count(self) -> int:
        """Pictures in the folder."""
        return len(self._pictures)

    def __iter__(self) -> Iterator[Frame]:
        """The frames, by number.

        Raises:
            SourceError: A file is no JPEG.
        """
        first = self._pictures[0][0]
        for index, (number, path) in enumerate(self._pictures):
            if not self._open:
                return
            yield Frame(self._offset_s + (number - first) / self.rate_hz, self._camera, index, _read(path))

    def close(self) -> None:
        """Read no further."""
        self._open = False


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    if not folder.is_dir():
        raise SourceError(f"{folder}: there is no such folder. Check the path.")
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        match = NUMBERED.search(path.name)
        if match is None:
            continue
        number = int(match[1])
        if number in found:
            raise SourceError(
                f"{folder}: {found[number].name} and {path.name} have the same number. Remove one."
            )
        found[number] = path
    if not found:
        raise SourceError(f"{folder}: holds no numbered JPEGs (such as 0001.jpg). Check the path.")
    return sorted(found.items())


def _read(path: Path) -> Pixels:
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from error
    rgb = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB) if content.size else None
    if rgb is None:
        raise SourceError(f"{path}: is no JPEG that can be decoded. Remove it, or write it again.")
    return rgb.astype(np.uint8, copy=False)
