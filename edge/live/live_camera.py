"""One camera of the live desk: opened, watched, and opened again when it stops delivering."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, wait

from edge.camera.delivery import FROZEN_S, PROVEN_S, DeliveryWatch, UnchangedPicture
from edge.camera.frame import Frame
from edge.camera.latest_frame import LatestFrame
from edge.camera.opening import open_source
from edge.camera.paced import PacedSource
from edge.camera.source import FrameSource, SourceError
from edge.observation import CameraBack, CameraLost
from edge.parts.attempts import in_background
from edge.parts.reopening import Reopening
from edge.settings.desk_toml import Camera

log = logging.getLogger(__name__)

FROZEN = f"its picture has not changed in any pixel for {FROZEN_S:.0f} s: it is frozen, or sees nothing at all. Check cable, lens cap and light"
"""The reason of a loss: frames come, but all alike."""


OPENS_WITHIN_S = 15.0
"""A camera that is still being opened after so long is lost: a network camera is given up after 10 s by itself, and drivers take 1 or 2."""
HANGS = f"it does not open within {OPENS_WITHIN_S:.0f} s: its driver or network hangs"
"""The reason of a loss: nothing comes back from the driver."""


def open_live(camera: Camera) -> FrameSource:
    """The camera, or the clip in its place at the speed of life.

    Raises:
        SourceError: It cannot be opened.
    """
    source = open_source(camera)
    return source if source.live else PacedSource(source)


class LiveCamera:
    """Polled by the thread that looks at its frames; only a driver that hangs blocks that.

    Args:
        camera: As desk.toml declares it.
        now_s: The present on the monotonic clock.
        opener: Opens the camera.
    """

    def __init__(
        self,
        camera: Camera,
        now_s: float,
        opener: Callable[[Camera], FrameSource] = open_live,
    ) -> None:
        self.camera = camera
        self.frames = 0
        """Frames taken so far."""
        self._opener = opener
        self._opening: Future[FrameSource] | None = in_background(lambda: opener(camera), "open-camera")
        self._frames: LatestFrame | None = None
        self._dropped_before = 0
        self._watch = DeliveryWatch(now_s)
        self._last_s = now_s
        self._reopening: Reopening | None = None
        self._picture = UnchangedPicture()
        self._proving_since_s: float | None = None
        self._is_live = False

    @property
    def dropped(self) -> int:
        """Frames that came and nobody took, so far."""
        frames = self._frames
        return self._dropped_before + (frames.dropped if frames else 0)

    @property
    def last_s(self) -> float:
        """Time of the last good frame; of the beginning when none came."""
        return self._last_s

    def poll(self, now_s: float, wait_s: float = 0.0) -> Frame | CameraLost | CameraBack | None:
        """The newest frame, or that the camera was lost or is back; None when there is nothing new within ``wait_s``."""
        if self._opening is not None:
            return self._poll_opening(self._opening, now_s, wait_s)
        if self._frames is None:
            if self._reopening is not None and self._reopening.due(now_s):
                self._opening = in_background(lambda: self._opener(self.camera), "open-camera")
            else:
                time.sleep(wait_s)
            return None
        try:
            frame = self._frames.take(wait_s)
        except SourceError as error:
            return self._lose(now_s, str(error))
        if frame is not None:
            return self._delivered(frame, now_s)
        if self._frames.ended:
            return self._lose(now_s, f"{self.camera.shown_source} ended")
        stalled = self._watch.stalled(now_s)
        return self._lose(now_s, str(stalled)) if stalled else None

    def close(self) -> None:
        """Let go of the camera."""
        if self._frames is not None:
            self._frames.close()

    def _poll_opening(self, opening: Future[FrameSource], now_s: float, wait_s: float) -> CameraLost | None:
        wait([opening], wait_s)
        if not opening.done():
            hangs = self._reopening is None and now_s - self._last_s >= OPENS_WITHIN_S
            return self._lose(now_s, HANGS) if hangs else None
        self._opening = None
        try:
            source = opening.result()
        except SourceError as error:
            return self._lose(now_s, str(error))
        self._is_live = source.live
        self._frames = LatestFrame(source)
        self._watch = DeliveryWatch(now_s)
        self._proving_since_s = None
        return None

    def _delivered(self, frame: Frame, now_s: float) -> Frame | CameraLost | CameraBack | None:
        self._watch.frame(frame.t_s)
        unchanged_s = self._picture.unchanged_s(frame) if self._is_live else 0.0
        if unchanged_s >= FROZEN_S:
            self._last_s = min(self._last_s, frame.t_s - unchanged_s)
            return self._lose(now_s, FROZEN)
        if self._reopening is not None:
            return self._proven(frame)
        self.frames += 1
        self._last_s = frame.t_s
        return frame

    def _proven(self, frame: Frame) -> CameraBack | None:
        """That a lost camera is back, once it has delivered for long enough."""
        if self._proving_since_s is None:
            self._proving_since_s = frame.t_s
        if frame.t_s - self._proving_since_s < PROVEN_S:
            return None
        self._reopening = None
        self._last_s = frame.t_s
        log.warning("camera %s delivers again", self.camera.name)
        return CameraBack(frame.t_s, self.camera.name)

    def _lose(self, now_s: float, reason: str) -> CameraLost | None:
        if self._frames is not None:
            self._dropped_before += self._frames.dropped
            self._frames.close(timeout_s=0.2)
            self._frames = None
        if self._reopening is not None:
            self._reopening.failed(now_s)
            return None
        self._reopening = Reopening(now_s)
        log.error("camera %s is lost: %s; it is tried again", self.camera.name, reason)
        return CameraLost(self._last_s, self.camera.name, reason)
