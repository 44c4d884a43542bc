"""Stands in for picamera2 where there is no Pi: a camera whose module, time stamps and rate a test chooses."""

import time
from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from edge.arrays import Pixels


def true_stamp_ns(_: int, now_ns: int) -> int:
    """The stamp of a camera whose driver works."""
    return now_ns


class Plugged:
    """What is plugged into the Pi of a test."""

    module: ClassVar[str] = "imx708"
    rate_hz: ClassVar[float] = 15.0
    flips: ClassVar[bool] = True
    """Whether the camera can mirror its picture itself."""
    stamp_ns: ClassVar[Callable[[int, int], int]] = true_stamp_ns
    """The time stamp of frame number n, of the present."""
    asked: ClassVar[dict[str, Any]] = {}
    """What was asked of it last."""


class MappedArray:
    def __init__(self, request: "Request", *_: Any, **__: Any) -> None:
        self.array = request.array

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


class Request:
    def __init__(self, number: int, array: Pixels) -> None:
        self.array = array
        self._metadata = {
            "SensorTimestamp": Plugged.stamp_ns(number, time.monotonic_ns() - 40_000_000),
            "ColourGains": (1.9, 1.4),
        }

    def get_metadata(self) -> dict[str, Any]:
        return self._metadata

    def release(self) -> None:
        return


class Picamera2:
    camera_controls: ClassVar[dict[str, tuple[int, int, int]]] = dict.fromkeys(
        (
            "FrameDurationLimits",
            "AfMode",
            "LensPosition",
            "AeFlickerMode",
            "AeFlickerPeriod",
            "AwbEnable",
            "ColourGains",
        ),
        (0, 1, 0),
    )

    @staticmethod
    def global_camera_info() -> list[dict[str, Any]]:
        return [{"Model": Plugged.module, "Num": 0}]

    def __init__(self, number: int) -> None:
        self._number, self._frames = number, 0

    def create_video_configuration(self, **asked: Any) -> dict[str, Any]:
        Plugged.asked = asked
        return asked

    def configure(self, asked: dict[str, Any]) -> None:
        self._width, self._height = asked["main"]["size"]
        self._transform = asked["transform"] if Plugged.flips else None

    def camera_configuration(self) -> dict[str, Any]:
        main = {"format": "BGR888", "size": (self._width, self._height), "stride": 3 * self._width}
        made = type(Plugged.asked["transform"])() if self._transform is None else self._transform
        return {"main": main, "transform": made}

    def start(self) -> None:
        return

    def capture_request(self, wait: float) -> Request:
        assert wait > 0
        time.sleep(1 / Plugged.rate_hz)
        picture = np.full((self._height, 3 * self._width), 90 + self._frames % 2, np.uint8)
        self._frames += 1
        return Request(self._frames - 1, picture.ravel())

    def cancel_all_and_flush(self) -> None:
        return

    def close(self) -> None:
        return
