"""How much the hands move: the wrists' way from one look to the next, in shoulder widths."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Estimate
from edge.vision.sightings import BodySighting, PoseSighting

_POSE_SHOULDERS, _POSE_WRISTS = [11, 12], [15, 16]
"""Rows of a pose, BlazePose order."""
_BODY_SHOULDERS, _BODY_WRISTS = [5, 6], [9, 10]
"""Rows of a body's keypoints, COCO order."""
_POSE_SEEN, _BODY_SEEN = 0.5, 0.3
"""Least visibility of a pose's joint and least score of a body's keypoint (0..1): below these both networks
guess joints that are hidden."""
_LONGEST_STEP_S = 1.5
"""Looks farther apart than this do not show how the hands moved in between."""
_JITTER_WIDTHS = 0.03
"""What a resting wrist seems to move from look to look, in shoulder widths."""


@dataclass(frozen=True, slots=True)
class _Look:
    t_s: float
    wrists: FloatArray
    """[2, 2] px from the middle of the shoulders, in shoulder widths; NaN for a wrist that is not seen."""


class HandMotion:
    """The movement of one host's hands between looks at the body.

    Example:
        >>> motion = HandMotion()
        >>> motion.moved(0.0, pose=None, body=None) is None
        True
    """

    def __init__(self) -> None:
        self._last: _Look | None = None

    def moved(self, t_s: float, pose: PoseSighting | None, body: BodySighting | None) -> Estimate | None:
        """Shoulder widths per second since the last look, of the hand that moved more; None if that is not known.

        Args:
            t_s: When the light arrived.
            pose: The body's pose; preferred.
            body: The body, where no pose was made.
        """
        wrists = _wrists(pose, body)
        if wrists is None:
            return None
        last, self._last = self._last, _Look(t_s, wrists)
        if last is None or not 0.0 < t_s - last.t_s <= _LONGEST_STEP_S:
            return None
        way = np.hypot(*(wrists - last.wrists).T)
        if np.isnan(way).all():
            return None
        step_s = t_s - last.t_s
        return Estimate(float(np.nanmax(way)) / step_s, math.sqrt(2) * _JITTER_WIDTHS / step_s)


def _wrists(pose: PoseSighting | None, body: BodySighting | None) -> FloatArray | None:
    """Wrists against the shoulders, so that leaning and swaying are no movement of the hands."""
    if pose is not None:
        points, seen, least = pose.points[:, :2], pose.points[:, 3], _POSE_SEEN
        shoulders, wrists = _POSE_SHOULDERS, _POSE_WRISTS
    elif body is not None:
        points, seen, least = body.keypoints[:, :2], body.keypoints[:, 2], _BODY_SEEN
        shoulders, wrists = _BODY_SHOULDERS, _BODY_WRISTS
    else:
        return None
    width = float(np.hypot(*(points[shoulders[0]] - points[shoulders[1]])))
    if float(seen[shoulders].min()) < least or width < 1.0:
        return None
    placed: FloatArray = (points[wrists] - points[shoulders].mean(axis=0)).astype(np.float64) / width
    placed[seen[wrists] < least] = np.nan
    return None if np.isnan(placed).all() else placed
