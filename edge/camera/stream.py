"""Frames from a live camera that FFmpeg reads: a USB camera by V4L2, a network camera by RTSP."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

import av
import av.error

from edge.camera.delivery import PATIENCE_S, STALE_S
from edge.camera.frame import Frame
from edge.camera.intact_frames import IntactFrames
from edge.camera.source import SourceError
from edge.camera.video import upright_rgb

if TYPE_CHECKING:
    from av.container import InputContainer

OPEN_WITHIN_S = 10.0
"""How long a network camera may take until its first packet: the handshake is four round trips, then comes the next key frame."""

CLOSING_S = 0.5
"""How long closing waits for a thread that reads; it then ends itself, at the latest after `PATIENCE_S`."""


class StreamCamera:
    """A live camera behind a URL or device that FFmpeg opens.

    Args:
        opened: Opens the container; raises `SourceError` in words.
        where: The source as it may be shown: without a password.
        camera: The camera's name, put on every frame.
        remedy: What to do when it stops.
    """

    live = True

    def __init__(self, opened: "Callable[[], InputContainer]", where: str, camera: str, remedy: str) -> None:
        self.dropped = 0
        self._where = where
        self._camera = camera
        self._remedy = remedy
        self._closed = False
        # FFmpeg must not free a container while another thread reads it.
        self._reading = Lock()
        self._container = opened()
        if not self._container.streams.video:
            self._container.close()
            raise SourceError(f"{where}: sends no video. {remedy}")

    def __iter__(self) -> Iterator[Frame]:
        """The frames, each with the time at which it arrived, or at which the kernel has it from the camera.

        Raises:
            SourceError: The camera stopped.
        """
        shown = iter(IntactFrames(self._container, self._container.streams.video[0]))
        index, last_s = 0, float("-inf")
        while True:
            with self._reading:
                if self._closed:
                    self._container.close()
                    return
                try:
                    frame, stated_s, _ = next(shown)
                except StopIteration:
                    raise SourceError(f"{self._where}: ended. {self._remedy}") from None
                except (av.error.FFmpegError, OSError) as error:
                    raise SourceError(f"{self._where}: stopped ({reason(error)}). {self._remedy}") from error
                rgb = upright_rgb(frame)
            t_s = arrival_s(stated_s, time.monotonic())
            if t_s <= last_s:
                self.dropped += 1
                continue
            last_s = t_s
            yield Frame(t_s, self._camera, index, rgb)
            index += 1

    def close(self) -> None:
        """Let go of the camera; another thread may be waiting for its next frame, and then lets go of it itself."""
        self._closed = True
        if self._reading.acquire(timeout=CLOSING_S):
            with suppress(av.error.FFmpegError, OSError):
                self._container.close()
            self._reading.release()


def arrival_s(stated_s: float | None, now_s: float) -> float:
    """When a frame's light arrived, on the monotonic clock.

    V4L2 drivers stamp frames on the monotonic clock (V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC); streams from the network count from a start of
    their own, and a few drivers use the wall clock. A stamp that is not of this moment is on another clock, and the arrival stands for it.
    """
    return stated_s if stated_s is not None and now_s - STALE_S <= stated_s <= now_s else now_s


def open_rtsp(url: str, where: str, camera: str) -> StreamCamera:
    """A network camera.

    Args:
        url: ``rtsp://...`` or ``rtsps://...``, with user and password where the camera wants them.
        where: The same as it may be shown.
        camera: The camera's name.

    Raises:
        SourceError: It cannot be reached, refuses, or sends no video.
    """

    def opened() -> "InputContainer":
        try:
            # By TCP: a lost packet would cost every frame up to the next key frame.
            return av.open(
                url,
                options={"rtsp_transport": "tcp", "fflags": "nobuffer"},
                timeout=(OPEN_WITHIN_S, PATIENCE_S),
            )
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(f"{where}: cannot be opened ({reason(error)}). {_RTSP_REMEDY}") from error

    return StreamCamera(opened, where, camera, _RTSP_REMEDY)


_RTSP_REMEDY = (
    "Check the camera's power, its network, and address, user, password and path in the URL; "
    "`ffplay -rtsp_transport tcp URL` shows what it sends."
)
"""What to do about a network camera that does not answer."""


def reason(error: BaseException) -> str:
    """What went wrong, without the address: it may hold a password."""
    if isinstance(error, av.error.ExitError):
        return f"no answer within {PATIENCE_S:.0f} to {OPEN_WITHIN_S:.0f} s"
    text = getattr(error, "strerror", None)
    return text or type(error).__name__
