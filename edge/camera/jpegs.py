"""Frames from a folder of numbered JPEGs, at a stated rate."""

import re
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import cv2
import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.intact_frames import STRICT
from edge.camera.source import SourceError

NUMBERED = re.compile(r"(\d+)\.jpe?g$", re.IGNORECASE)
"""The number is the last digits of the name: `frame-0041.jpg` is number 41."""


class JpegFolder:
    """A folder of numbered JPEGs as a camera. A missing number is a missing frame: time goes on.

    A picture that cannot be read gives no frame; the next one that can carries `Frame.damage`.

    Args:
        path: The folder.
        camera: The camera's name, put on every frame.
        rate_hz: Numbers a second.
        offset_s: When the lowest number stands on the rig's timeline.

    Raises:
        SourceError: There is no such folder, no numbered JPEG in it, a number twice, or no rate.
    """

    live = False

    def __init__(self, path: Path, camera: str, rate_hz: float | None, offset_s: float = 0.0) -> None:
        self.path = path
        self.dropped = 0
        self._camera = camera
        self._offset_s = offset_s
        self._open = True
        self._pictures = _numbered(path)
        if rate_hz is None:
            raise SourceError(
                f"{path}: pictures in a folder state no times. Say how many were taken a second: --rate 10 for "
                "`deskside replay`, rate_hz in desk.toml."
            )
        self.rate_hz = rate_hz

    @property
    def frame_count(self) -> int:
        """Pictures in the folder."""
        return len(self._pictures)

    def __iter__(self) -> Iterator[Frame]:
        """The frames, by number.

        Raises:
            SourceError: After the last good one, when the pictures behind it cannot be read.
        """
        first = self._pictures[0][0]
        damage: list[str] = []
        for index, (number, path) in enumerate(self._pictures):
            if not self._open:
                return
            rgb = _read(path)
            if isinstance(rgb, str):
                self.dropped += 1
                damage.append(rgb)
                continue
            t_s = self._offset_s + (number - first) / self.rate_hz
            yield Frame(t_s, self._camera, index, rgb, _first_of(damage))
            damage.clear()
        if damage:
            raise SourceError(f"{_first_of(damage)}. Remove what is broken, or write it again.")

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


def _read(path: Path) -> Pixels | str:
    """A picture, or what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"{path}: cannot be read ({error.strerror})"
    rgb = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB) if _is_whole(content) else None
    return f"{path}: is no whole JPEG" if rgb is None else rgb.astype(np.uint8, copy=False)


def _is_whole(content: bytes) -> bool:
    decoder = av.VideoCodecContext.create("mjpeg", "r")
    decoder.options = STRICT
    try:
        return bool(content) and bool(decoder.decode(av.Packet(content)))
    except av.error.FFmpegError:
        return False


def _first_of(damage: list[str]) -> str | None:
    more = f", and {len(damage) - 1} after it" if len(damage) > 1 else ""
    return damage[0] + more if damage else None
