"""USB cameras, by V4L2: which are plugged in, and how one is opened."""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error

from edge.camera.source import SourceError
from edge.camera.stream import StreamCamera, reason

if TYPE_CHECKING:
    from av.container import InputContainer

SYSFS = Path("/sys/class/video4linux")
"""Linux's list of video devices; a Pi's own codec and ISP are among them."""

INPUT_FORMATS = ("mjpeg", "yuyv422", None)
"""What is asked of a camera, in turn: most cameras reach 720p at 15 Hz over USB 2 as JPEGs only; None takes what the driver has."""

REMEDIES = {
    errno.ENOENT: "Check that it is plugged in, and `v4l2-ctl --list-devices`.",
    errno.EACCES: "Put the user of the service into group video.",
    errno.EBUSY: "Stop the program that uses it: `fuser /dev/video*` names it.",
}
"""What to do, by the system's error."""

REMEDY = "Unplug it and plug it in again, without a hub; `v4l2-ctl --list-devices` lists what there is."
"""What to do about any other error."""


@dataclass(frozen=True, slots=True)
class UsbCamera:
    """A USB camera that is plugged in."""

    device: str
    """Such as ``/dev/video0``."""
    name: str
    """As the camera calls itself."""


def usb_cameras(sysfs: Path = SYSFS) -> list[UsbCamera]:
    """The USB cameras that are plugged in, by the number of their device.

    A USB camera has a second device for its metadata, with the index 1; pictures come from that with the index 0.
    """
    found = []
    for node in sorted(sysfs.glob("video*"), key=lambda each: (len(each.name), each.name)):
        try:
            index = (node / "index").read_text(encoding="ascii").strip()
            name = (node / "name").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            continue
        if index == "0" and "/usb" in str((node / "device").resolve()):
            found.append(UsbCamera(f"/dev/{node.name}", name))
    return found


def open_usb(device: str, camera: str, size: tuple[int, int], rate_hz: float) -> StreamCamera:
    """A V4L2 device as a camera.

    Args:
        device: Such as ``/dev/video0``.
        camera: The camera's name.
        size: Width and height wanted; the camera may choose others.
        rate_hz: Frames a second wanted.

    Raises:
        SourceError: It is not there, in use, may not be read, or gives no pictures.
    """

    def opened() -> "InputContainer":
        failures: list[av.error.FFmpegError | OSError] = []
        for pixels in INPUT_FORMATS:
            options = {"video_size": f"{size[0]}x{size[1]}", "framerate": f"{rate_hz:g}"}
            try:
                return av.open(
                    device, format="v4l2", options=options | ({"input_format": pixels} if pixels else {})
                )
            except (av.error.FFmpegError, OSError) as error:
                failures.append(error)
        failure = failures[-1]
        number = failure.errno or 0
        raise SourceError(
            f"{device}: cannot be opened ({reason(failure)}). {REMEDIES.get(number, REMEDY)}"
        ) from failure

    return StreamCamera(opened, device, camera, REMEDY)
