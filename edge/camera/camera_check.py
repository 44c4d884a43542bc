"""Checks a camera by opening it as the live desk does and taking a few frames."""

from collections.abc import Iterator
from itertools import islice

from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.finding import Finding
from edge.settings.desk_toml import Camera

FRAMES = 5
"""A camera that delivers these also delivers the next: sensor, cable and driver are past their first exposure."""


def check_cameras(cameras: tuple[Camera, ...]) -> Iterator[Finding]:
    """What is found of the desk's cameras, each as soon as it is known."""
    if not cameras:
        to_do = "add a [[cameras]] table; without one only the phone is measured"
        yield Finding("cameras", "warning", "none in desk.toml", to_do)
    for camera in cameras:
        yield from _check(camera)


def _check(camera: Camera) -> Iterator[Finding]:
    part = f"camera {camera.name}"
    try:
        source = open_source(camera)
        try:
            frames = list(islice(source, FRAMES))
        finally:
            source.close()
    except SourceError as error:
        yield Finding(part, "bad", str(error), "the message says what to mend")
        return
    if not frames:
        to_do = "check the ribbon cable and `source` in desk.toml"
        yield Finding(part, "bad", f"{camera.shown_source} gave no frame", to_do)
        return
    height, width = frames[-1].rgb.shape[:2]
    yield Finding(part, "good", f"{len(frames)} frames of {width}x{height} from {camera.shown_source}")
    if camera.mount.height_m is None and camera.near_zone is None:
        found = "neither its height nor a near zone is known: a customer is near wherever they are seen"
        yield Finding(part, "warning", found, "run `deskside calibrate`, or draw near_zone in desk.toml")
