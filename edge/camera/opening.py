"""Opens the source that desk.toml names for a camera, or footage in its place."""

from pathlib import Path

from edge.camera.flips import FlippedSource
from edge.camera.jpegs import JpegFolder
from edge.camera.masks import MaskedSource
from edge.camera.picamera import PiCamera, pi_cameras
from edge.camera.source import FrameSource, SourceError
from edge.camera.stream import open_rtsp
from edge.camera.usb import open_usb, usb_cameras
from edge.camera.video import VideoFile
from edge.settings.desk_toml import Camera
from protocol.program import refusal

PI_PREFIX = "picamera:"
"""A source that begins so is a camera of the Pi; its number follows."""
USB_PREFIX = "usb:"
"""A source that begins so is a USB camera; its number among those plugged in follows."""
DEVICE_PREFIX = "/dev/video"
"""A source that begins so is a V4L2 device."""
RTSP_PREFIXES = ("rtsp://", "rtsps://")
"""A source that begins so is a network camera."""


def open_source(camera: Camera) -> FrameSource:
    """The camera's frames, its privacy masks already on them.

    Args:
        camera: As desk.toml declares it.

    Raises:
        SourceError: It cannot be opened; the text gives the reason and the remedy.
    """
    try:
        return _finished(_open(camera), camera)
    except OSError as error:
        raise SourceError(f"{camera.shown_source}: cannot be opened: {refusal(error)}") from error


def open_footage(
    camera: Camera, path: Path, offset_s: float = 0.0, rate_hz: float | None = None
) -> FrameSource:
    """Footage as if the camera had taken it.

    Args:
        camera: As desk.toml declares it.
        path: A video file, or a folder of numbered JPEGs.
        offset_s: When it begins on the rig's timeline.
        rate_hz: Frames a second, for footage that states no times.

    Raises:
        SourceError: It cannot be opened; the text gives the reason and the remedy.
    """
    return _finished(_footage(path, camera, offset_s, rate_hz), camera)


def _finished(source: FrameSource, camera: Camera) -> FrameSource:
    flips = source.flips_left if isinstance(source, PiCamera) else camera.flips
    if any(flips):
        source = FlippedSource(source, flips)
    return MaskedSource(source, camera.masks) if camera.masks else source


def _footage(path: Path, camera: Camera, offset_s: float, rate_hz: float | None) -> FrameSource:
    if path.is_dir():
        return JpegFolder(path, camera.name, rate_hz, offset_s)
    return VideoFile(path, camera.name, offset_s, rate_hz)


def _open(camera: Camera) -> FrameSource:
    source, size = camera.source, (camera.width, camera.height)
    if source.startswith(PI_PREFIX):
        return PiCamera(_number(source, PI_PREFIX), camera)
    if source.startswith(USB_PREFIX):
        plugged_in, number = usb_cameras(), _number(source, USB_PREFIX)
        if number >= len(plugged_in):
            raise SourceError(f"{source}: there is no such USB camera. {what_there_is()}")
        return open_usb(plugged_in[number].device, camera.name, size, camera.rate_hz)
    if source.startswith(DEVICE_PREFIX):
        return open_usb(source, camera.name, size, camera.rate_hz)
    if source.startswith(RTSP_PREFIXES):
        return open_rtsp(source, camera.shown_source, camera.name)
    path = Path(source)
    if not path.exists():
        raise SourceError(
            f"{camera.shown_source}: there is no such camera, file or folder. {what_there_is()}"
        )
    return _footage(path, camera, 0.0, camera.rate_hz if "rate_hz" in camera.model_fields_set else None)


def _number(source: str, prefix: str) -> int:
    number = source.removeprefix(prefix)
    if not number.isdecimal():
        raise SourceError(f'{source}: names no camera. Write "{prefix}0" for the first. {what_there_is()}')
    return int(number)


def what_there_is() -> str:
    """The kinds of sources, and the cameras of each kind that are found on this machine."""
    usb = ", ".join(f"usb:{number} ({each.device}, {each.name})" for number, each in enumerate(usb_cameras()))
    pi = ", ".join(f"{PI_PREFIX}{number} ({model})" for number, model in enumerate(pi_cameras()))
    return (
        f"A source is {PI_PREFIX}0 (a camera of the Pi; found: {pi or 'none'}), usb:0 or /dev/video0 (a USB camera; found: "
        f"{usb or 'none'}), rtsp://ADDRESS/PATH (a network camera), or the path of a video or of a folder of numbered JPEGs."
    )
