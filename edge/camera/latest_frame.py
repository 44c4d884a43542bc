"""Hands out the newest frame of a live camera and nothing older: who is slow misses frames, but is never late."""

import threading

from edge.camera.frame import Frame
from edge.camera.source import FrameSource, SourceError


class LatestFrame:
    """Reads a source on a thread of its own.

    Args:
        source: The camera; closed by `close`.
        arrival: Notified at every frame and at the end, so that one thread can wait for several cameras.
    """

    def __init__(self, source: FrameSource, arrival: threading.Condition | None = None) -> None:
        self._source = source
        self._arrival = arrival or threading.Condition()
        self._frame: Frame | None = None
        self._error: SourceError | None = None
        self._missed = 0
        self._delivered = 0
        self._ended = False
        self._closing = False
        self._thread = threading.Thread(target=self._read, name="camera", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames that the camera delivered and nobody took in time, and those the source dropped itself."""
        return self._missed + self._source.dropped

    @property
    def delivered(self) -> int:
        """Frames the camera has delivered, taken or not."""
        return self._delivered

    @property
    def ended(self) -> bool:
        """Whether no more frames will come and the last one has been taken."""
        with self._arrival:
            return self._ended and self._frame is None

    def take(self, timeout_s: float = 0.0) -> Frame | None:
        """The newest frame, each at most once; None when none comes within `timeout_s`, or ever again.

        Raises:
            SourceError: The source failed; its last frame has been taken before.
        """
        with self._arrival:
            self._arrival.wait_for(lambda: self._frame is not None or self._ended, timeout_s)
            frame, self._frame = self._frame, None
            if frame is None and self._error is not None:
                raise self._error
            return frame

    def close(self, timeout_s: float = 2.0) -> bool:
        """Close the source and end the thread; False when the thread hangs in the driver and was left behind."""
        self._closing = True
        self._source.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _read(self) -> None:
        error = None
        try:
            for frame in self._source:
                if self._closing:
                    break
                with self._arrival:
                    self._missed += self._frame is not None
                    self._delivered += 1
                    self._frame = frame
                    self._arrival.notify_all()
        except SourceError as failure:
            error = failure
        finally:
            with self._arrival:
                self._error = error
                self._ended = True
                self._arrival.notify_all()
