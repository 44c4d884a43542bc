"""Decides when a camera counts as lost; time is an argument."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from edge.camera.frame import Frame

if TYPE_CHECKING:
    from edge.arrays import Pixels

PATIENCE_S = 3.0
"""Silence after which a camera counts as lost: no camera pauses for so long while it works."""

PROVEN_S = 3.0
"""A lost camera is back once it has delivered for so long, as long as silence makes it lost: one that comes and goes, or whose time stamps
jump again and again, is one gap and not many."""

STALE_S = 2.0
"""A time stamp older than this is not of the frame that it comes with: four buffers at 2 frames a second."""

FROZEN_S = 10.0
"""A picture that is the same in every pixel for so long is frozen: a sensor's noise alone changes it from frame to frame."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """A camera does not deliver."""

    last_frame_s: float
    """Time of its last good frame, or of its opening when none came."""
    silent_s: float

    def __str__(self) -> str:
        """As a reason that a technician can act on."""
        return f"no frame for {self.silent_s:.1f} s: check the camera's cable and power"


class DeliveryWatch:
    """Watches whether frames keep coming.

    Example:
        >>> watch = DeliveryWatch(opened_s=0.0)
        >>> watch.frame(2.0)
        >>> watch.stalled(4.0)
        >>> watch.stalled(5.5)
        Stalled(last_frame_s=2.0, silent_s=3.5)
    """

    def __init__(self, opened_s: float, patience_s: float = PATIENCE_S) -> None:
        self._last_s = opened_s
        self._patience_s = patience_s

    def frame(self, t_s: float) -> None:
        """Note that a frame came at `t_s`."""
        self._last_s = max(self._last_s, t_s)

    def stalled(self, now_s: float) -> Stalled | None:
        """Whether the camera has been silent for too long."""
        silent_s = now_s - self._last_s
        return Stalled(self._last_s, silent_s) if silent_s >= self._patience_s else None


class UnchangedPicture:
    """For how long a camera has delivered the same picture; kept while the camera is opened anew."""

    def __init__(self) -> None:
        self._rgb: Pixels | None = None
        self._since_s = 0.0

    def unchanged_s(self, frame: Frame) -> float:
        """How long this picture has been the same in every pixel, up to this frame."""
        if self._rgb is None or not np.array_equal(self._rgb, frame.rgb):
            self._rgb, self._since_s = frame.rgb, frame.t_s
        return frame.t_s - self._since_s
