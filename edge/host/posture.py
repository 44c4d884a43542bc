"""The host's body over time: leaning against their own upright baseline, standing and sitting."""

import math
from collections import deque
from statistics import median

from edge.host.latch import Latch
from edge.host.latest_look import LatestLook
from edge.observation import Estimate, HostView

TRUNK_M = Estimate(0.70, 0.05)
"""From the hips to the eyes of somebody who sits upright (ANSUR II: sitting eye height 0.79 m, hip joint 0.09 m above the seat)."""
_MOVED_SHARE = 0.25
"""Of a lean measured by the face's way alone, this much may be a chair that rolled."""
_LEAST_SE_DEG = 2.0
"""People who sit upright sway by 2 or 3 degrees; no lean is known better."""
_FACE_JITTER = 0.01
"""What is left of the face's distance error within a duty, as a share: the size of the face is the same face's."""
_SMOOTH_S = 0.3
"""The eyes' way forward is the median over so long, five frames at 15 Hz: a single face measured amiss moves it by nothing."""
_TRUNK_HOLDS_S = 0.7
"""A look at the trunk speaks for so long: the pose is looked at three times a second."""

_LEANT_DEG, _STILL_LEANT_DEG = 5.0, 2.5
"""A lean begins at twice what people sway by who sit upright, and lasts while it is more than that."""
_LEANT_AFTER_S = 0.5
"""A nod takes 0.3 s."""
_UPRIGHT_AFTER_S = 1.0
"""Who leans and looks up for a moment, or whose face is hidden for one, has not sat back: that takes a second, and so does coming forward again."""
_SPELLS_KEPT = 1000
"""Leans that are remembered: some hours of somebody who is never still."""

STANDING_EYES_M = 1.38
"""Eyes above the floor: 95 % of adults who stand have them higher (ANSUR II, stature less 0.11 m)."""
SITTING_EYES_M = 1.30
"""Eyes above the floor: 95 % of adults on office chairs have them lower (ANSUR II: 1.26 m)."""
_LOWEST_EYES_M = 0.9
"""Nobody's eyes are lower at a desk: a smaller height is one above a camera that does not know its own height."""
ROSE_M = 0.22
"""Eyes that rise by so much within `_RISING_S` have stood up; sitting to standing is 0.35 to 0.5 m."""
_RISING_S = 3.0
"""Getting up from a chair takes 1 to 2 s."""

_UPRIGHT_SHARE = 0.4
"""Upright is where the host is further forward more often than not: people lean towards their desk and customers more than away."""
_BASELINE_STEP_S = 0.5
"""One value per step is kept: people hold a posture for seconds."""
_BASELINE_MEMORY_S = 600.0
"""Ten minutes of posture say where a chair stands now; an hour ago it stood elsewhere."""


class _Usual:
    """Where somebody is upright, over the last minutes."""

    def __init__(self) -> None:
        self.value = 0.0
        self._history: deque[tuple[float, float]] = deque()

    def add(self, t_s: float, value: float) -> None:
        """Take a value into account."""
        if self._history and t_s - self._history[-1][0] < _BASELINE_STEP_S:
            return
        self._history.append((t_s, value))
        while self._history[0][0] < t_s - _BASELINE_MEMORY_S:
            self._history.popleft()
        known = sorted(value for _, value in self._history)
        self.value = known[round(_UPRIGHT_SHARE * (len(known) - 1))]


class LeanMeter:
    """The host's upright baseline, and how far they lean from it."""

    def __init__(self) -> None:
        self._forward = _Usual()
        self._trunk = _Usual()
        self._recent: deque[tuple[float, float]] = deque()
        self._trunk_now = LatestLook[Estimate](_TRUNK_HOLDS_S)

    def observe(self, t_s: float, view: HostView) -> Estimate | None:
        """Degrees leant forward above the baseline; None without a face or a trunk to measure by."""
        self.note_trunk(t_s, view)
        by_face = self._by_face(t_s, view)
        by_trunk = self._by_trunk(t_s)
        if by_face is None or by_trunk is None:
            return by_trunk if by_face is None else by_face
        weight = by_face.se**-2 / (by_face.se**-2 + by_trunk.se**-2)
        value = weight * by_face.value + (1 - weight) * by_trunk.value
        agreed = (by_face.se**-2 + by_trunk.se**-2) ** -0.5
        return Estimate(value, math.hypot(agreed, (by_face.value - by_trunk.value) / 2))

    def note_trunk(self, t_s: float, view: HostView) -> None:
        """Take a look at the body alone into account."""
        if view.lean_deg is not None:
            self._trunk.add(t_s, view.lean_deg.value)
            self._trunk_now.note(t_s, view.lean_deg)

    def _by_face(self, t_s: float, view: HostView) -> Estimate | None:
        if view.eyes_m is None or view.distance_m is None:
            return None
        forward = view.eyes_m[1]
        self._recent.append((t_s, forward))
        while self._recent[0][0] < t_s - _SMOOTH_S:
            self._recent.popleft()
        self._forward.add(t_s, forward)
        change = median(value for _, value in self._recent) - self._forward.value
        lean = math.degrees(math.asin(min(max(change / TRUNK_M.value, -1.0), 1.0)))
        jitter = math.degrees(_FACE_JITTER * view.distance_m.value / TRUNK_M.value)
        return Estimate(lean, math.sqrt(_LEAST_SE_DEG**2 + jitter**2 + (_MOVED_SHARE * lean) ** 2))

    def _by_trunk(self, t_s: float) -> Estimate | None:
        """A look at the trunk speaks until the next one: it is looked at less often than the face."""
        lean = self._trunk_now.at(t_s)
        return None if lean is None else Estimate(lean.value - self._trunk.value, lean.se)


class LeanSpells:
    """When the host leant forward: one lean is one spell, however it wavers.

    Example:
        >>> spells = LeanSpells()
        >>> for tenth, lean_deg in enumerate([0.0] * 10 + [9.0] * 15 + [3.0] * 5 + [8.0] * 15 + [0.0] * 20):
        ...     spells.observe(tenth / 10, Estimate(lean_deg, 2.0))
        >>> spells.count(0.0, 6.5)
        1
    """

    def __init__(self) -> None:
        self._latch = Latch(_LEANT_AFTER_S, _UPRIGHT_AFTER_S)
        self._spells: deque[tuple[float, float]] = deque(maxlen=_SPELLS_KEPT)
        self._measured_s: float | None = None

    def observe(self, t_s: float, lean: Estimate | None) -> None:
        """Take a lean above the baseline into account; None where it was not measured."""
        if self._measured_s is not None and t_s - self._measured_s > _UPRIGHT_AFTER_S:
            self.lost(self._measured_s)
        if lean is None:
            return
        self._measured_s = t_s
        leaning = bool(self._latch.state)
        self._latch.observe(t_s, seen=lean.value >= (_STILL_LEANT_DEG if leaning else _LEANT_DEG))
        changed_s = t_s if self._latch.since_s is None else self._latch.since_s
        if leaning and not self._latch.state:
            self._spells[-1] = (self._spells[-1][0], changed_s)
        elif not leaning and self._latch.state:
            self._spells.append((changed_s, math.inf))

    def lost(self, t_s: float) -> None:
        """Nothing is known of the lean from then on."""
        if self._latch.state and self._spells:
            self._spells[-1] = (self._spells[-1][0], t_s)
        self._latch.forget()
        self._measured_s = None

    def forget_since(self, t_s: float) -> None:
        """Drop what was measured from then on: it was against another person's baseline."""
        self.lost(t_s)
        while self._spells and self._spells[-1][0] >= t_s:
            self._spells.pop()

    def count(self, start_s: float, end_s: float) -> int:
        """How many leans there were in a stretch of time, whole or in part."""
        return sum(began_s < end_s and ended_s > start_s for began_s, ended_s in self._spells)


class StandingMeter:
    """Whether the host stands, and when they rose."""

    def __init__(self) -> None:
        self.standing: bool | None = None
        self.stood_up_s: float | None = None
        self._heights: deque[tuple[float, float]] = deque()

    def observe(self, t_s: float, view: HostView) -> bool | None:
        """Take a frame into account; whether the host stands, None while that is not known."""
        if view.eyes_m is None:
            return self.standing
        height = view.eyes_m[2]
        self._heights.append((t_s, height))
        while self._heights[0][0] < t_s - _RISING_S:
            self._heights.popleft()
        above_floor = height >= _LOWEST_EYES_M
        before = self.standing
        heights = [each for _, each in self._heights]
        lowest, highest = min(heights), max(heights)
        if height - lowest >= ROSE_M:
            self.standing = True
        elif highest - height >= ROSE_M:
            self.standing = False
        elif above_floor and height >= STANDING_EYES_M:
            self.standing = True
        elif above_floor and height <= SITTING_EYES_M:
            self.standing = False
        if self.standing and (before is False or (before is None and height - lowest >= ROSE_M)):
            self.stood_up_s = self._left_chair_s(lowest)
        return self.standing

    def _left_chair_s(self, lowest: float) -> float:
        """The last moment before the rise: reaction counts from when it began."""
        seated = [t for t, h in self._heights if h <= lowest + ROSE_M / 4]
        return seated[-1] if seated else self._heights[0][0]
