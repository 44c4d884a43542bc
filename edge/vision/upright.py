"""Notices a picture that stands on its head or lies on its side: the people in it are found once it is turned."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.vision.body_detector import Detail
from edge.vision.sightings import BodySighting

FindBodies = Callable[[Pixels, Detail], Sequence[BodySighting]]

SURE_SCORE = 0.3
"""A picture in which no body reaches this, however it is turned, tells nothing. On the labelled clips MoveNet, looking coarsely, gives people
.3 to .65."""

CLEARLY = 1.25
"""Score of the bodies in the picture as it stands upright over that in the same picture turned otherwise. Summed over a labelled clip it is 1.27
or more; single pictures go down to 1.0."""

LEAST_LOOKS = 3
"""Pictures with somebody in them that are enough: one may show somebody who bends down, or a poster on its side."""

FIRST_STEP_S, STEP_SHARE = 0.5, 0.3
"""Pictures are looked at this far apart, and later by this share of the time since the first: a clip of two seconds gives enough of them, and
a minute not many more."""

HALF_TURN = 2
"""In quarters."""


class UprightCheck:
    """Which way up a camera's pictures are, from how surely people are found in them as they come and turned by quarters.

    Args:
        find: Finds the bodies in a picture.
    """

    def __init__(self, find: FindBodies) -> None:
        self._find = find
        self._scores = np.zeros(4)
        self.looks = 0
        """Pictures so far in which somebody was seen."""

    def look(self, rgb: Pixels) -> None:
        """Take a picture [height, width, 3] into account."""
        scores = np.array(
            [self._best(np.ascontiguousarray(np.rot90(rgb, quarters))) for quarters in range(4)]
        )
        if scores.max() >= SURE_SCORE:
            self._scores += scores
            self.looks += 1

    @property
    def quarters(self) -> int | None:
        """Quarter turns to the left after which the pictures stand upright, 0 where they do; None while that cannot be told."""
        upright, other = np.argsort(self._scores)[:-3:-1].tolist()
        clear = self.looks >= LEAST_LOOKS and self._scores[upright] >= CLEARLY * self._scores[other]
        return int(upright) if clear else None

    def _best(self, rgb: Pixels) -> float:
        return max((body.score for body in self._find(rgb, Detail.COARSE)), default=0.0)


def look_through(frames: Iterable[Frame], check: UprightCheck, within_s: float) -> None:
    """Look at some of the frames, until it is known which way up they are, or so many seconds of them are over."""
    first_s = next_s = None
    for frame in frames:
        first_s = frame.t_s if first_s is None else first_s
        since_s = frame.t_s - first_s
        if since_s > within_s or check.quarters is not None:
            return
        if next_s is None or since_s >= next_s:
            check.look(frame.rgb)
            next_s = since_s + max(FIRST_STEP_S, STEP_SHARE * since_s)


def how_it_stands(quarters: int) -> str:
    """What is wrong with a picture that must be turned by so many quarters to the left."""
    if quarters == HALF_TURN:
        return "people stand on their heads in it"
    return f"people lie on their side in it: it is turned a quarter to the {'right' if quarters == 1 else 'left'}"


def camera_mend(quarters: int) -> str:
    """What to do about a camera whose pictures stand so."""
    if quarters == HALF_TURN:
        return "set rotation = 180 for it in desk.toml, or vflip = true where writing before it runs backwards, or take out the one that is there"
    return "mount the camera upright (or upside down, with rotation = 180): people who lie on their side are not found"


def clip_mend(quarters: int) -> str:
    """What to do about a clip whose pictures stand so."""
    turn = {1: "transpose=2", HALF_TURN: "hflip,vflip", 3: "transpose=1"}[quarters]
    return f"`ffmpeg -i CLIP -vf {turn} TURNED` turns it"
