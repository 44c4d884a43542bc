"""The face that is followed: since when it is one person's, by continuity alone, and what is known of its size.

Nobody is recognised. A face that jumps, that comes back elsewhere, or that comes back with clearly other proportions, is another
person's, and everything that belonged to the one before is forgotten.
"""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import Float32Array, FloatArray, Pixels
from edge.face import eyes
from edge.face.cover_now import CoverNow
from edge.face.eyes_now import EyesNow
from edge.face.face_frame import FaceFrame
from edge.face.mouth import Mouth
from edge.face.picture_stretch import PictureStretch
from edge.face.scale import FaceScale
from edge.face.steady_mouth import SteadyMouth
from edge.face.teeth_now import TeethNow

_JUMP_WIDTHS, _SPEED_WIDTHS_S = 0.35, 4.0
"""From one frame to the next a face moves no further than this in its own widths, and so much for every second between them: a
host who throws themselves back in the chair moves it by 3.7 widths a second (lean_cap12), a picture's jitter is 0.05."""
_JUMP_LOG_SIZE, _GROWTH_S = 0.12, 1.5
"""Its size changes by no more than this, as a logarithm, and so much a second: leaning in, 1.0 a second."""
_BREAK_S = 0.7
"""A face unseen for so long may be another one when it is back."""
_ELSEWHERE_WIDTHS = 1.5
"""Back further from where it was than this, it is another: a host who turned away sits where they sat."""
_ELSEWHERE_LOG_SIZE = math.log(1.5)
"""Or so much nearer or farther."""

_POINTS = np.array([10, 168, 133, 362, 172, 397, 2, 9, 234, 454, 127, 356])
"""Landmarks on the forehead, between the eyes, at their inner corners, the jaw, the nose's base, the brow, cheeks and temples."""
_WITHIN = np.array([0.12, 0.09, 0.15, 0.14, 0.08, 0.13])
"""What a second's median of each proportion wavers by on one face, in face units (three clips); between people it is two to three
times as much."""
_TURNED_COS = math.cos(math.radians(20))
"""Of a face turned further the mesh's depth draws half of the proportions."""
_OTHER = 25.0
"""Sum of squares of six proportions, each in its own error, above which two seconds of face are not one person's. Within three
clips it stays below 23; half of the pairs of 17 people are above."""
_TRIAL_S = 1.0
"""So much of a face that is back is held against what it was."""
_LEAST_LOOKS = 4
"""Fewer looks have no median to hold against another face's."""
_MEMORY = 300
"""Looks that the known proportions are the mean of, at most."""


@dataclass(frozen=True, slots=True)
class _SeenFace:
    t_s: float
    x_px: float
    y_px: float
    width_px: float

    def widths_from(self, other: "_SeenFace") -> float:
        return math.hypot(self.x_px - other.x_px, self.y_px - other.y_px) / other.width_px

    def log_size_from(self, other: "_SeenFace") -> float:
        return abs(math.log(self.width_px / other.width_px))


class FollowedFace:
    """One face in front of one camera."""

    def __init__(self) -> None:
        self._last: _SeenFace | None = None
        self._since_s: float | None = None
        self.stretch = PictureStretch()
        self._begin()

    @property
    def since_s(self) -> float | None:
        """Since when it is this person's; None before any was seen, and in the first second of one that is back."""
        if self._last is None or self._trial_since_s is None:
            return self._since_s
        return None if self._last.t_s - self._trial_since_s < _TRIAL_S else self._since_s

    @property
    def eyes_seem_hidden(self) -> bool:
        """Whether the latest look at the eyes found both behind something."""
        return not any(self._eyes.seem_shown)

    def sized(
        self, t_s: float, mesh: Float32Array, face: FaceFrame, rgb: Pixels
    ) -> tuple[FaceFrame, tuple[eyes.MeshEye, eyes.MeshEye]]:
        """Take a frame into account; the face with the size of its units by all that was seen of this person, and its eyes.

        Args:
            t_s: When the light arrived; frames come in order of time.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            rgb: [height, width, 3], the picture the mesh was found in.
        """
        self._follow(t_s, mesh, face)
        known = face.sized(self._scale.unit_cm)
        self._eyes.observe(t_s, mesh, known, rgb)
        pair = eyes.look(mesh, known, self._eyes.shown)
        return face.sized(self._scale.observe(t_s, pair, face.px_per_unit)), pair

    def steady(self, t_s: float, lips: Mouth) -> Mouth:
        """The mouth of a frame that was `sized`, where it would be had nothing come before the eyes or gone from there.

        Args:
            t_s: When the light arrived.
            lips: What the mesh measures; not of a mouth that is covered.
        """
        return self._mouth.at(t_s, lips, self._eyes.seem_shown)

    def _begin(self) -> None:
        self._scale = FaceScale()
        self.teeth = TeethNow()
        self.cover = CoverNow()
        self._eyes = EyesNow()
        self._mouth = SteadyMouth()
        self._usual: FloatArray | None = None
        self._looks = 0
        self._trial: list[FloatArray] = []
        self._trial_since_s: float | None = None

    def _follow(self, t_s: float, mesh: Float32Array, face: FaceFrame) -> None:
        across, down, _ = zip(*mesh.take(_POINTS, axis=0).tolist(), strict=True)
        left, right, top, bottom = min(across), max(across), min(down), max(down)
        seen = _SeenFace(t_s, (left + right) / 2, (top + bottom) / 2, max(right - left, 1.0))
        last, self._last = self._last, seen
        if last is None:
            self._since_s = t_s
        elif _another_place(last, seen):
            self._become_another(t_s)
        elif t_s - last.t_s > _BREAK_S and self._looks >= _LEAST_LOOKS:
            self._trial, self._trial_since_s = [], t_s
        if -float(face.axes[2, 2]) >= _TURNED_COS:
            self._compare(t_s, _proportions(face))

    def _become_another(self, since_s: float) -> None:
        self._since_s = since_s
        self.stretch.next_person()
        self._begin()

    def _compare(self, t_s: float, proportions: FloatArray) -> None:
        if self._trial_since_s is None:
            self._looks = min(self._looks + 1, _MEMORY)
            self._usual = (
                proportions
                if self._usual is None
                else self._usual + (proportions - self._usual) / self._looks
            )
            return
        self._trial.append(proportions)
        if t_s - self._trial_since_s < _TRIAL_S or len(self._trial) < _LEAST_LOOKS or self._usual is None:
            return
        off = (np.median(self._trial, axis=0) - self._usual) / _WITHIN
        since_s, self._trial_since_s = self._trial_since_s, None
        if float(off @ off) / 2 > _OTHER:
            self._become_another(since_s)


def _another_place(last: _SeenFace, seen: _SeenFace) -> bool:
    """Whether a face cannot have come from where it was to where it is."""
    step_s = seen.t_s - last.t_s
    moved, grown = seen.widths_from(last), seen.log_size_from(last)
    if step_s <= _BREAK_S:
        return moved > _JUMP_WIDTHS + _SPEED_WIDTHS_S * step_s or grown > _JUMP_LOG_SIZE + _GROWTH_S * step_s
    return moved > _ELSEWHERE_WIDTHS or grown > _ELSEWHERE_LOG_SIZE


def _proportions(face: FaceFrame) -> FloatArray:
    """[6] heights and widths of the face in its own units."""
    brow, root, inner_right, inner_left, jaw_right, jaw_left, nose, glabella, *sides = face.laid.take(
        _POINTS, axis=0
    ).tolist()
    return np.array(
        [
            brow[1] - root[1],
            inner_left[0] - inner_right[0],
            jaw_left[0] - jaw_right[0],
            root[1] - nose[1],
            glabella[1] - root[1],
            sides[1][0] - sides[0][0],
        ]
    )
