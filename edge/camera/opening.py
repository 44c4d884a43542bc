"""Opens the source that desk.toml names for a camera."""

from pathlib import Path

from edge.camera.jpegs import JpegFolder
from edge.camera.masks import MaskedSource
from edge.camera.picamera import PiCamera
from edge.camera.source import FrameSource, SourceError
from edge.camera.video import VideoFile
from edge.settings.desk_toml import Camera

PI_PREFIX = "picamera:"
"""A source that begins so is a camera of the Pi; its number follows."""


def open_source(camera: Camera, offset_s: float = 0.0) -> FrameSource:
    """The camera's frames, its privacy masks already on them.

    Args:
        camera: As desk.toml declares it.
        offset_s: When footage begins on the rig's timeline; a live camera has the monotonic clock's times.

    Raises:
        SourceError: It cannot be opened; the text gives the reason and the remedy.
    """
    source = _open(camera, offset_s)
    return MaskedSource(source, camera.masks) if camera.masks else source


def _open(camera: Camera, offset_s: float) -> FrameSource:
    if camera.source.startswith(PI_PREFIX):
        number = camera.source.removeprefix(PI_PREFIX)
        if not number.isdecimal():
            raise SourceError(f'{camera.source}: is no camera of a Pi. Write "{PI_PREFIX}0" for the first.')
        return PiCamera(int(number), camera.name, (camera.width, camera.height), camera.rate_hz)
    path = Path(camera.source)
    if path.is_dir():
        return JpegFolder(path, camera.name, camera.rate_hz, offset_s)
    return VideoFile(path, camera.name, offset_s)
