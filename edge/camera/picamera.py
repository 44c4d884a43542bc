"""Frames from the Raspberry Pi's cameras, through picamera2."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Lock
from typing import Any

import numpy as np

from edge.arrays import Pixels
from edge.camera.delivery import PATIENCE_S, STALE_S
from edge.camera.frame import Frame
from edge.camera.pixel_format import FORMATS, UnknownFormatError, to_rgb
from edge.camera.source import SourceError
from edge.settings.camera_modules import MODULES
from edge.settings.desk_toml import Camera

ASKED_FORMAT = "BGR888"
"""Red, green, blue in memory, as our models take it. Not every camera has it: what really comes is asked after configuring."""

BIT_DEPTH = 10
"""Of the sensor's modes with the full view; all modules have one of 10 bits except the High Quality Camera, for which picamera2 takes the
nearest."""

TIMELESS_S = 2.0
"""How long frames without a usable time are waited out: shorter than `PATIENCE_S`, so that the reason told is this one."""

BUFFERS = 4
"""One being exposed, one being processed by the ISP, one completed, one being copied."""

CLOSING_POLL_S = 0.05
"""How often closing asks picamera2 to give up the frame that another thread waits for."""

INSTALL_REMEDY = (
    "On Raspberry Pi OS install python3-picamera2 and make the environment with --system-site-packages."
)
"""What to do where picamera2 is missing: it comes from Debian, no wheel of it works on a Pi."""
OTHER_NUMPY_REMEDY = (
    "A part of it was built for another NumPy than the one here. Install Deskside anew (docs/install.md): it brings a simplejpeg of its own; "
    "where the message names another part, install that one into /opt/deskside with pip."
)
"""What to do where something that picamera2 imports was compiled against an older NumPy (raspberrypi/picamera2 1088, 1211)."""
_OTHER_NUMPY = (
    "numpy.dtype size changed",
    "numpy.core.multiarray failed to import",
    "compiled using NumPy",
    "_ARRAY_API not found",
)
"""How such a part refuses: NumPy's two checks of what was compiled against it, and what it says of itself."""
CABLE_REMEDY = "Check the ribbon cable and `rpicam-hello --list-cameras`."
"""What to do where a camera does not answer."""


class PiCamera:
    """One of the Pi's cameras.

    Args:
        number: 0 for the first.
        camera: As desk.toml declares it; it may choose another size.
        patience_s: How long to wait for a frame.

    Raises:
        SourceError: picamera2 is not installed, there is no such camera, it is in use, or it delivers no format we read.
    """

    live = True

    def __init__(self, number: int, camera: Camera, patience_s: float = PATIENCE_S) -> None:
        self.dropped = 0
        self._where = f"picamera:{number}"
        self._stamp_s = 0.0
        self._name = camera.name
        self._patience_s = patience_s
        # Closing takes the camera's buffers away: not while one of them is being copied.
        self._capturing = Lock()
        self._picamera = _open(number, self._where)
        try:
            self._configure(camera, pi_cameras()[number])
            self._picamera.start()
        except SourceError:
            self.close()
            raise
        except Exception as error:  # libcamera raises whatever it likes here
            self.close()
            raise SourceError(f"{self._where}: cannot be started ({error}). {CABLE_REMEDY}") from error

    def __iter__(self) -> Iterator[Frame]:
        """The frames, each with the time at which its exposure began; those whose time is no time of theirs are left out.

        Raises:
            SourceError: No frame came in time, or none with a time.
        """
        index = 0
        last_s, timed_s = -np.inf, time.monotonic()
        while (captured := self._capture()) is not None:
            t_s, rgb, gains = captured
            now_s = time.monotonic()
            if t_s is None or t_s <= last_s:
                self.dropped += 1
                if now_s - timed_s > TIMELESS_S:
                    raise SourceError(
                        f"{self._where}: its frames carry time stamps that stand still, jump or come from the future (last "
                        f"{self._stamp_s:.3f} s, while the clock stood at {now_s:.3f} s). Update kernel and libcamera; a camera whose "
                        "driver stamps so cannot be measured with."
                    )
                continue
            last_s, timed_s = t_s, now_s
            yield Frame(t_s, self._name, index, rgb, colour_gains=gains)
            index += 1

    def close(self) -> None:
        """Stop the camera and let go of it; another thread may be waiting for its next frame."""
        picamera, self._picamera = self._picamera, None
        if picamera is None:
            return
        # A camera that has been pulled out cannot be closed properly; there is nothing left to save.
        with suppress(Exception):
            while not self._capturing.acquire(timeout=CLOSING_POLL_S):
                picamera.cancel_all_and_flush()
            self._capturing.release()
            picamera.close()

    def _configure(self, camera: Camera, model: str) -> None:
        from libcamera import ColorSpace, Transform  # noqa: PLC0415 - only on a Pi

        hflip, vflip = camera.flips
        full_view = MODULES[model].full_view_size if model in MODULES else None
        configuration = self._picamera.create_video_configuration(
            main={"size": (camera.width, camera.height), "format": ASKED_FORMAT},
            raw=None,
            transform=Transform(hflip=hflip, vflip=vflip),
            **({"sensor": {"output_size": full_view, "bit_depth": BIT_DEPTH}} if full_view else {}),
            # pixel_format.py reads YUV as BT.601, limited range: this is its name.
            colour_space=ColorSpace.Smpte170m(),
            buffer_count=BUFFERS,
            # A frame that was completed before we asked is stale.
            queue=False,
            controls=_within(self._picamera, asked_controls(camera)),
        )
        self._picamera.configure(configuration)
        configured = self._picamera.camera_configuration()
        done = configured.get("transform")
        self.flips_left: tuple[bool, bool] = (
            (False, False) if done is None else (bool(done.hflip) != hflip, bool(done.vflip) != vflip)
        )
        """What of the mirroring asked for the camera leaves to be done: left to right, top to bottom."""
        got = configured["main"]
        self.pixel_format: str = got["format"]
        """What the camera really delivers."""
        self.size: tuple[int, int] = tuple(got["size"])
        self._stride: int = got["stride"]
        if self.pixel_format not in FORMATS:
            raise SourceError(
                f"{self._where}: delivers {self.pixel_format}, which is none of {', '.join(FORMATS)}. Use another camera."
            )

    def _capture(self) -> tuple[float | None, Pixels, tuple[float, float] | None] | None:
        """Time, picture and colour gains of the next frame; None when the camera was closed."""
        with self._capturing:
            if self._picamera is None:
                return None
            try:
                request = self._picamera.capture_request(wait=self._patience_s)
            except CancelledError:
                return None
            except TimeoutError as error:
                raise SourceError(
                    f"{self._where}: no frame for {self._patience_s:.1f} s. {CABLE_REMEDY}"
                ) from error
            except RuntimeError as error:
                raise SourceError(f"{self._where}: cannot be read ({error}). {CABLE_REMEDY}") from error
            try:
                told = request.get_metadata()
                return self._stamp(told), self._convert(request), told.get("ColourGains")
            except (UnknownFormatError, ValueError) as error:
                raise SourceError(f"{self._where}: {error}. Use another size or camera.") from error
            finally:
                request.release()

    def _convert(self, request: Any) -> Pixels:
        from picamera2 import MappedArray  # noqa: PLC0415 - only on a Pi

        with MappedArray(request, "main", reshape=False) as mapped:
            return to_rgb(mapped.array, self.pixel_format, self.size, self._stride)

    def _stamp(self, told: Mapping[str, Any]) -> float | None:
        sensor_ns = told.get("SensorTimestamp")
        self._stamp_s = (sensor_ns or 0) / 1e9
        return monotonic_s(sensor_ns, time.monotonic_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def asked_controls(camera: Camera) -> dict[str, Any]:
    """What is asked of the camera beside its picture, by libcamera's names of the controls.

    An exposure is never longer than a frame lasts, so that the rate holds in the dark. Enumerations stand as libcamera's numbers.
    """
    frame_us = round(1e6 / camera.rate_hz)
    controls: dict[str, Any] = {
        "FrameDurationLimits": (frame_us, frame_us),
        "AeFlickerMode": 1,  # manual
        "AeFlickerPeriod": round(1e6 / (2 * camera.mains_hz)),
        "AfMode": 0,  # manual: autofocus hunts when people move, and every hunt is a stretch without faces
        "LensPosition": 1.0 / camera.focused_at_m,  # dioptres
    }
    if camera.white_balance is not None:
        controls |= {"AwbEnable": False, "ColourGains": camera.white_balance}
    return controls


def monotonic_s(sensor_ns: int | None, now_monotonic_ns: int, now_boottime_ns: int) -> float | None:
    """A sensor's time stamp in seconds on CLOCK_MONOTONIC; None when it is not of this moment. A frame without a stamp is of now.

    libcamera documents SensorTimestamp as CLOCK_BOOTTIME, but some drivers stamp with CLOCK_MONOTONIC. The two differ by the time the
    machine was suspended; a frame cannot come from the future, so a stamp later than now is on the other clock.
    """
    if sensor_ns is None:
        return now_monotonic_ns / 1e9
    if sensor_ns > now_monotonic_ns:
        sensor_ns -= now_boottime_ns - now_monotonic_ns
    t_s, now_s = sensor_ns / 1e9, now_monotonic_ns / 1e9
    return t_s if now_s - STALE_S <= t_s <= now_s else None


def pi_cameras() -> list[str]:
    """The modules of the Pi's cameras, by their number; none without picamera2."""
    try:
        found = _picamera2()
    except SourceError:
        return []
    return [str(info.get("Model", "unnamed")) for info in found.global_camera_info()]


def _open(number: int, where: str) -> Any:
    try:
        camera_class = _picamera2()
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error
    found = pi_cameras()
    if number >= len(found):
        names = ", ".join(found) or "none"
        raise SourceError(f"{where}: there is no such camera; found: {names}. {CABLE_REMEDY}")
    try:
        return camera_class(number)
    except (RuntimeError, IndexError) as error:
        raise SourceError(
            f"{where}: cannot be opened ({error}). Stop the program that uses it: `fuser /dev/media*` names it."
        ) from error


def _picamera2() -> Any:
    """The class of picamera2, however its import fails: with what to do about it."""
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - only on a Pi
    except (
        Exception
    ) as error:  # what was compiled against another NumPy raises ValueError, libcamera whatever it likes
        told = " ".join(str(error).split())
        other_numpy = any(sign in told for sign in _OTHER_NUMPY)
        remedy = OTHER_NUMPY_REMEDY if other_numpy else INSTALL_REMEDY
        raise SourceError(f"picamera2 cannot be imported ({told}). {remedy}") from error
    return Picamera2


def _within(picamera: Any, controls: dict[str, Any]) -> dict[str, Any]:
    """Those of the controls that the camera has."""
    return {name: value for name, value in controls.items() if name in picamera.camera_controls}
