"""Frames from the Raspberry Pi's cameras, through picamera2."""

import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Lock
from typing import Any

import numpy as np

from edge.arrays import Pixels
from edge.camera.delivery import PATIENCE_S
from edge.camera.frame import Frame
from edge.camera.pixel_format import FORMATS, UnknownFormatError, to_rgb
from edge.camera.source import SourceError

ASKED_FORMAT = "BGR888"
"""Red, green, blue in memory, as our models take it. Not every camera has it: what really comes is asked after configuring."""

BUFFERS = 4
"""One being exposed, one being processed by the ISP, one completed, one being copied."""

CLOSING_POLL_S = 0.05
"""How often closing asks picamera2 to give up the frame that another thread waits for."""

INSTALL_REMEDY = (
    "On Raspberry Pi OS install python3-picamera2 and make the environment with --system-site-packages."
)
"""What to do where picamera2 is missing: it comes from Debian, no wheel of it works on a Pi."""
CABLE_REMEDY = "Check the ribbon cable and `rpicam-hello --list-cameras`."
"""What to do where a camera does not answer."""


class PiCamera:
    """One of the Pi's cameras.

    Args:
        number: 0 for the first.
        camera: The camera's name, put on every frame.
        size: Width and height wanted; the camera may choose others.
        rate_hz: Frames a second.
        patience_s: How long to wait for a frame.

    Raises:
        SourceError: picamera2 is not installed, there is no such camera, it is in use, or it delivers no format we read.
    """

    live = True

    def __init__(
        self, number: int, camera: str, size: tuple[int, int], rate_hz: float, patience_s: float = PATIENCE_S
    ) -> None:
        self.dropped = 0
        self._where = f"picamera:{number}"
        self._camera = camera
        self._patience_s = patience_s
        # Closing takes the camera's buffers away: not while one of them is being copied.
        self._capturing = Lock()
        self._picamera = _open(number, self._where)
        try:
            self._configure(size, rate_hz)
            self._picamera.start()
        except SourceError:
            self.close()
            raise
        except Exception as error:  # libcamera raises whatever it likes here
            self.close()
            raise SourceError(f"{self._where}: cannot be started ({error}). {CABLE_REMEDY}") from error

    def __iter__(self) -> Iterator[Frame]:
        """The frames, each with the time at which its exposure began.

        Raises:
            SourceError: No frame came in time.
        """
        index = 0
        last_s = -np.inf
        while (captured := self._capture()) is not None:
            t_s, rgb = captured
            if t_s <= last_s:
                self.dropped += 1
                continue
            last_s = t_s
            yield Frame(t_s, self._camera, index, rgb)
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

    def _configure(self, size: tuple[int, int], rate_hz: float) -> None:
        from libcamera import ColorSpace  # noqa: PLC0415 - only on a Pi

        frame_us = round(1e6 / rate_hz)
        configuration = self._picamera.create_video_configuration(
            main={"size": size, "format": ASKED_FORMAT},
            raw=None,
            # pixel_format.py reads YUV as BT.601, limited range: this is its name.
            colour_space=ColorSpace.Smpte170m(),
            buffer_count=BUFFERS,
            # A frame that was completed before we asked is stale.
            queue=False,
            controls=_within(self._picamera, {"FrameDurationLimits": (frame_us, frame_us)}),
        )
        self._picamera.configure(configuration)
        got = self._picamera.camera_configuration()["main"]
        self.pixel_format: str = got["format"]
        """What the camera really delivers."""
        self.size: tuple[int, int] = tuple(got["size"])
        self._stride: int = got["stride"]
        if self.pixel_format not in FORMATS:
            raise SourceError(
                f"{self._where}: delivers {self.pixel_format}, which is none of {', '.join(FORMATS)}. Use another camera."
            )

    def _capture(self) -> tuple[float, Pixels] | None:
        """Time and picture of the next frame; None when the camera was closed."""
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
                return self._stamp(request), self._convert(request)
            except (UnknownFormatError, ValueError) as error:
                raise SourceError(f"{self._where}: {error}. Use another size or camera.") from error
            finally:
                request.release()

    def _convert(self, request: Any) -> Pixels:
        from picamera2 import MappedArray  # noqa: PLC0415 - only on a Pi

        with MappedArray(request, "main", reshape=False) as mapped:
            return to_rgb(mapped.array, self.pixel_format, self.size, self._stride)

    def _stamp(self, request: Any) -> float:
        sensor_ns = request.get_metadata().get("SensorTimestamp")
        return monotonic_s(sensor_ns, time.monotonic_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def monotonic_s(sensor_ns: int | None, now_monotonic_ns: int, now_boottime_ns: int) -> float:
    """A sensor's time stamp in seconds on CLOCK_MONOTONIC.

    libcamera documents SensorTimestamp as CLOCK_BOOTTIME, but some drivers stamp with CLOCK_MONOTONIC. The two differ by the time the
    machine was suspended; a frame cannot come from the future, so a stamp later than now is on the other clock.
    """
    if sensor_ns is None:
        return now_monotonic_ns / 1e9
    if sensor_ns > now_monotonic_ns:
        sensor_ns -= now_boottime_ns - now_monotonic_ns
    return min(sensor_ns, now_monotonic_ns) / 1e9


def pi_cameras() -> list[str]:
    """The modules of the Pi's cameras, by their number; none without picamera2."""
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - only on a Pi
    except ImportError:
        return []
    return [str(info.get("Model", "unnamed")) for info in Picamera2.global_camera_info()]


def _open(number: int, where: str) -> Any:
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - only on a Pi
    except ImportError as error:
        raise SourceError(f"{where}: picamera2 cannot be imported ({error}). {INSTALL_REMEDY}") from error
    found = pi_cameras()
    if number >= len(found):
        names = ", ".join(found) or "none"
        raise SourceError(f"{where}: there is no such camera; found: {names}. {CABLE_REMEDY}")
    try:
        return Picamera2(number)
    except (RuntimeError, IndexError) as error:
        raise SourceError(
            f"{where}: cannot be opened ({error}). Stop the program that uses it: `fuser /dev/media*` names it."
        ) from error


def _within(picamera: Any, controls: dict[str, Any]) -> dict[str, Any]:
    """Those of the controls that the camera has."""
    return {name: value for name, value in controls.items() if name in picamera.camera_controls}
