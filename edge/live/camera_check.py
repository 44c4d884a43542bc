"""Checks a camera by opening it as the live desk does and looking through it for a moment."""

import math
from collections.abc import Iterator

from edge.camera.frame import Frame
from edge.camera.opening import PI_PREFIX, open_source
from edge.camera.picamera import pi_cameras
from edge.camera.source import FrameSource, SourceError
from edge.finding import Finding
from edge.host.stretched_picture import MEND, how_it_looks
from edge.live.shape_check import FollowFace, ShapeCheck
from edge.settings.camera_modules import MODULES, may_see
from edge.settings.desk_toml import Camera
from edge.vision.still_figures import still_figures
from edge.vision.upright import (
    FIRST_STEP_S,
    FindBodies,
    UprightCheck,
    camera_mend,
    how_it_stands,
    look_through,
)

LIVE_S = 2.5
"""How long a live camera is looked through: sensor, cable and driver are past their first exposure, and somebody who is before it is seen in
enough pictures to tell which way up it is."""

FOOTAGE_S = 60.0
"""How far into footage in the place of a camera somebody is sought."""

STILL_OVER_S = 1.5
"""Pictures this far apart or more show whether a figure in them moves: who stands still sways and breathes meanwhile."""

LEAST_RATE_SHARE = 0.8
"""Of the rate asked for; a camera that delivers less misses what lasts for a few frames, such as the beginning of a smile."""

NO_CAMERAS = Finding(
    "cameras",
    "warning",
    "none in desk.toml",
    "add a [[cameras]] table; without one only the phone is measured",
)
"""What is found of a desk that has no camera."""


def check_camera(
    camera: Camera, find: FindBodies | None, face: FollowFace | None = None
) -> Iterator[Finding]:
    """What is found of one camera, each as soon as it is known.

    Args:
        camera: As desk.toml declares it.
        find: Finds bodies; None where the models cannot be used.
        face: Finds the largest face and follows it, likewise; a camera whose `true_shape` is known needs none.
    """
    part = f"camera {camera.name}"
    check = None if find is None else UprightCheck(find)
    shape = None if face is None or camera.true_shape else ShapeCheck(camera, face)
    try:
        source = open_source(camera)
        try:
            seen = _Seen(source)
            _look_through(seen, check, shape)
        finally:
            source.close()
    except SourceError as error:
        yield Finding(part, "bad", str(error), "the message says what to mend")
        return
    if not seen.count:
        to_do = "check the ribbon cable and `source` in desk.toml"
        yield Finding(part, "bad", f"{camera.shown_source} gave no frame", to_do)
        return
    yield _delivers(part, camera, seen)
    yield from _module(part, camera)
    if check is not None and check.quarters:
        yield Finding(part, "bad", how_it_stands(check.quarters), camera_mend(check.quarters))
    if shape is not None and shape.stretch is not None:
        yield Finding(part, "warning", how_it_looks(shape.stretch), MEND)
    if find is not None and camera.watches != "staff":
        yield from _still_figures(part, seen, find)
    if camera.mount.height_m is None and camera.near_zone is None:
        found = "neither its height nor a near zone is known: a customer is near wherever they are seen"
        yield Finding(part, "warning", found, "run `deskside calibrate`, or draw near_zone in desk.toml")


def _look_through(seen: "_Seen", check: UprightCheck | None, shape: ShapeCheck | None) -> None:
    # A live camera is looked through once it has shown its rate: looking would hold it up.
    frames = iter(list(seen.moment())) if seen.live else seen.footage()
    if shape is not None:
        frames = shape.watching(frames)
    if check is not None:
        look_through(frames, check, FOOTAGE_S)
    if shape is not None:
        shape.look_on(frames)
    if check is None and not seen.live:
        next(seen.footage(), None)


class _Seen:
    """The frames of a source for a moment, counted.

    Args:
        source: The camera, or footage in its place.
    """

    def __init__(self, source: FrameSource) -> None:
        self.live = source.live
        self.count = 0
        self.size = (0, 0)
        self.first: Frame | None = None
        self.last: Frame | None = None
        self._frames = iter(source)
        self._first_s = self._last_s = 0.0

    @property
    def rate_hz(self) -> float:
        """Frames a second."""
        return (self.count - 1) / (self._last_s - self._first_s) if self.count > 1 else 0.0

    def moment(self) -> Iterator[Frame]:
        """Of a live camera for `LIVE_S`, those that are far enough apart to be looked at."""
        next_s = -math.inf
        for frame in self.footage():
            if frame.t_s >= next_s:
                next_s = frame.t_s + FIRST_STEP_S
                yield frame
            if self._last_s - self._first_s >= LIVE_S:
                return

    def footage(self) -> Iterator[Frame]:
        """All that are left."""
        for frame in self._frames:
            self._first_s = self._first_s if self.count else frame.t_s
            self._last_s = frame.t_s
            self.count += 1
            self.size = frame.rgb.shape[1], frame.rgb.shape[0]
            self.first, self.last = self.first or frame, frame
            yield frame


def _still_figures(part: str, seen: _Seen, find: FindBodies) -> Iterator[Finding]:
    first, last = seen.first, seen.last
    if first is None or last is None or last.t_s - first.t_s < STILL_OVER_S:
        return
    for box in still_figures(first.rgb, last.rgb, find):
        middle = f"{(box.left + box.right) / 2:.0%} from the left and {(box.top + box.bottom) / 2:.0%} from the top"
        found = f"a figure in the picture ({middle}) did not move for {last.t_s - first.t_s:.1f} s"
        to_do = (
            f"if it is a poster, hide it with {box.as_mask}; if somebody stood there, there is nothing to do"
        )
        yield Finding(part, "warning", found, to_do)


def _delivers(part: str, camera: Camera, seen: _Seen) -> Finding:
    width, height = seen.size
    found = f"pictures of {width}x{height} from {camera.shown_source}"
    if not seen.live:
        return Finding(part, "good", found)
    found = f"{seen.rate_hz:.1f} a second, {found}"
    if seen.rate_hz >= LEAST_RATE_SHARE * camera.rate_hz:
        return Finding(part, "good", found)
    to_do = (
        f"{camera.rate_hz:g} are asked for: ask for less with rate_hz, width and height, give it more light, "
        "or another USB port"
    )
    return Finding(part, "warning", found, to_do)


def _module(part: str, camera: Camera) -> Iterator[Finding]:
    """Which of the Pi's modules it is, and whether desk.toml gives it a lens that it can have."""
    number = camera.source.removeprefix(PI_PREFIX)
    names = pi_cameras() if camera.source.startswith(PI_PREFIX) and number.isdecimal() else []
    if int(number) >= len(names) if names else True:
        return
    name = names[int(number)]
    module = MODULES.get(name)
    if module is None:
        to_do = "measure its lens with `deskside calibrate --board`"
        yield Finding(part, "warning", f"its sensor is {name}, whose angle of view is not known here", to_do)
        return
    found, lens = f"it is a {module.title} ({name})", camera.lens
    own_deg = module.view_deg((camera.width, camera.height))
    to_do = (
        f'write lens = {{ module = "{name}" }} in desk.toml, or measure it with `deskside calibrate --board`'
    )
    if lens.module not in (None, name):
        yield Finding(part, "bad", f'{found}, and desk.toml has lens.module = "{lens.module}"', to_do)
    elif own_deg is not None and not may_see(own_deg, lens.horizontal_view_deg):
        wrong = f"{lens.horizontal_view_deg:.0f} degrees cannot be its angle of view at {camera.width}x{camera.height}, which is {own_deg:.0f}"
        yield Finding(part, "bad", f"{found}: {wrong}", to_do)
    else:
        yield Finding(part, "good", found)
