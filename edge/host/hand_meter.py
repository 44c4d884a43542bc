"""Hands at the face: for what share of a stretch of time the host's nearer hand was there."""

from collections import deque

import numpy as np

from edge.host.history import KEPT_S, seconds
from edge.host.share_of_time import near_limit, share_of_time
from edge.observation import Estimate, HostView
from protocol.measurements import Quantity

AT_FACE = 0.7
"""A hand whose knuckles are this near to the nose, in shoulder widths, is at the face: fingers reach 0.25 beyond them, and a chin lies
0.3 below a nose. Chosen on the labelled footage, where hands at chin, jaw and cheek read 0.38 to 0.61, all others 0.8 and more."""


class HandMeter:
    """The looks at the host's hands; the body is looked at less often than the face."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Estimate]] = deque()

    def observe(self, t_s: float, view: HostView) -> None:
        """Take a frame into account; one whose hands were not looked at changes nothing."""
        if view.hand_to_face is None:
            return
        self._looks.append((t_s, view.hand_to_face))
        while self._looks[0][0] < t_s - KEPT_S:
            self._looks.popleft()

    def at_face_share(self, start_s: float, end_s: float) -> Quantity | None:
        """For what share of a stretch of time a hand was at the face; None when the hands were never looked at in it."""
        looks = [look for look in self._looks if start_s <= look[0] <= end_s]
        if not looks:
            return None
        ways = np.array([way.value for _, way in looks])
        unsure = near_limit(ways, AT_FACE, np.array([way.se for _, way in looks]))
        speaks_s = np.array(seconds([t_s for t_s, _ in looks], end_s))
        return share_of_time(ways <= AT_FACE, speaks_s, end_s - start_s, unsure)
