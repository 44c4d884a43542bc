"""The host's resting face: learnt while they are on duty, so that a smile is a change of their own face."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray, IndexArray
from edge.host.smile_shape import log_odds, probability
from edge.observation import Estimate, HostView

LIFT_AT_REST_CM = Estimate(0.0, 0.33)
"""Lift of a resting face above the canonical one: people differ by so much (neutral faces read -6.6 to +4 mm)."""

LOWER_WHEN_NEARER_CM_M = 0.36
"""Perspective: seen from near, the mouth stands lower below the eyes, by so much per metre of 1/distance."""

KNOWN_AFTER_S = 20.0
"""The baseline is known after so much of the face has been seen, if it rested enough for `KNOWN_FROM` by then."""
KNOWN_FROM = 0.8
"""Certainty from which the person's own face decides what is a smile, and the average one's has little to say."""
_HALF_CERTAIN_S = 1.5
"""After so much resting face its owner's rest is believed as much as the shape of anybody's mouth: it wavers by 0.1 cm within
seconds, and a smile begins at three times that."""
_PRIOR_S = 0.03
"""The population's resting face weighs as much as so many seconds of this one."""
_STEP_S = 0.2
"""One sample per step is kept."""
_EVERY_FRAME_S = 1.0
"""At first every frame counts: a visit may begin with the camera."""
_EACH_OF_THE_FIRST = 50
"""Up to so many samples the baseline is worked out anew with each: it still changes."""
_SAMPLES_PER_S = 300
"""The more samples there are, the less a new one changes: the baseline is worked out anew after a second for every so many beyond the first."""
_MEMORY_S = 900.0
"""What was seen longer ago is forgotten: light and chair may have changed since."""
_OWN_SHAPE_FROM_S, _OWN_SHAPE_TO_S = 300.0, 900.0
"""A mouth that has the clear shape of a smile nearly all the time is this person's resting one: by then it is taken so."""
_DOUBTFUL_FROM_S, _DOUBTFUL_TO_S, _DOUBTFUL_SHARE = 5.0, 20.0, 0.5
"""Where a mouth dwells whose shape is only a little like a smile is learnt sooner: few people smile faintly for so long, and many
rest so. By then it counts as half a rest."""
_CLEAR_SMILE = 0.95
"""Probability of the shape from which a smile is clear: nine of ten labelled smiles, and no labelled rest of twelve stills."""
_TURNED_DEG = 30.0
"""Further away from the camera a face teaches nothing."""
_OPEN_CM = 0.4
"""A mouth further open than this speaks or yawns."""
_SPEAKING_SHARE = 0.1
"""How much it weighs against a resting one."""
_FIRST_SAMPLE_S = 1 / 15
"""The first frame speaks for the time of one frame at 15 Hz."""
_LEAST_SE_CM = 0.03
"""No resting face is known better, however long it was learnt: it wavers. By judgement."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A resting face."""

    left_cm: float
    right_cm: float
    width_cm: float | None
    """Width of the mouth; None before the person's own has been seen."""
    nearness: float | None
    """One over the distance in metres from which it was seen; None where that is not known."""
    se_cm: float
    certainty: float
    """How far the person's own rest is to be believed rather than the shape of anybody's mouth, 0..1."""
    known: bool
    """Whether it is known rather than provisional."""

    def lifts_cm(self, view: HostView) -> tuple[float, float] | None:
        """Lift of the left and the right corner of a mouth above this resting face; None when it was not measured."""
        if view.lift_left_cm is None or view.lift_right_cm is None:
            return None
        raised = _raised(nearness(view), self.nearness)
        return (
            view.lift_left_cm.value + raised - self.left_cm,
            view.lift_right_cm.value + raised - self.right_cm,
        )


_T_S, _LEFT, _RIGHT, _WIDTH, _NEARNESS, _RESTING, _SECONDS = range(7)
"""Columns of a sample: when; lift of both corners and width of the mouth in cm; nearness, NaN where it is not known; how surely this is no
smile and no speech, 0..1; for how long the sample speaks."""


class _Samples:
    """The samples of the last minutes in one array, so that a thousand cost little more than one."""

    def __init__(self) -> None:
        self._rows: FloatArray = np.empty((64, 7))
        self._begin = self._end = 0

    @property
    def rows(self) -> FloatArray:
        """[n, 7], oldest first."""
        return self._rows[self._begin : self._end]

    def __len__(self) -> int:
        return self._end - self._begin

    def add(self, row: tuple[float, ...]) -> None:
        """Take the newest one, and drop those that are too old beside it."""
        if self._end == len(self._rows):
            kept = self.rows
            self._rows = np.empty((max(2 * len(kept), 64), 7))
            self._rows[: len(kept)] = kept
            self._begin, self._end = 0, len(kept)
        self._rows[self._end] = row
        self._end += 1
        while self._rows[self._begin, _T_S] < row[_T_S] - _MEMORY_S:
            self._begin += 1


def nearness(view: HostView) -> float | None:
    """One over the distance of the face in metres; None where it is not known."""
    if view.distance_m is None or view.distance_m.value <= 0.0:
        return None
    return 1 / view.distance_m.value


class RestingFace:
    """Learns one person's resting face; begin a new one for the next person.

    Example:
        >>> RestingFace().baseline.known
        False
    """

    def __init__(self) -> None:
        self._samples = _Samples()
        self._last_s: float | None = None
        self._seen_s = 0.0
        self._summed_up_s = 0.0
        self.baseline = _blended(self._samples.rows, 0.0, 0.0)

    def learn(self, t_s: float, view: HostView) -> None:
        """Take a face into account."""
        sample = self._sample(t_s, view)
        if sample is None:
            return
        self._samples.add(sample)
        self._last_s = t_s
        self._seen_s += sample[_SECONDS]
        if t_s - self._summed_up_s < (len(self._samples) - _EACH_OF_THE_FIRST) / _SAMPLES_PER_S:
            return
        self._summed_up_s = t_s
        self.baseline = _blended(self._samples.rows, self._accepted(), self._seen_s)

    def _accepted(self) -> float:
        """How much a mouth in the clear shape of a smile weighs, against a resting one."""
        return _ramp(self._seen_s, _OWN_SHAPE_FROM_S, _OWN_SHAPE_TO_S)

    def _sample(self, t_s: float, view: HostView) -> tuple[float, ...] | None:
        """A row of `_Samples`; None where the face teaches nothing, or another sample is too close."""
        left, right, width, opened = (
            view.lift_left_cm,
            view.lift_right_cm,
            view.mouth_width_cm,
            view.mouth_open_cm,
        )
        odds = log_odds(view)
        if left is None or right is None or width is None or opened is None or odds is None:
            return None
        if view.head_yaw_deg is not None and abs(view.head_yaw_deg.value) > _TURNED_DEG:
            return None
        step = _FIRST_SAMPLE_S if self._last_s is None else t_s - self._last_s
        if step < _STEP_S and self._seen_s >= _EVERY_FRAME_S:
            return None
        if step <= 0.0:
            return None
        smiles = probability(odds)
        resting = (1 - smiles) ** 2
        if smiles < _CLEAR_SMILE:
            doubtful = _ramp(self._seen_s, _DOUBTFUL_FROM_S, _DOUBTFUL_TO_S)
            resting = max(resting, _DOUBTFUL_SHARE * doubtful)
        if opened.value > _OPEN_CM:
            resting *= _SPEAKING_SHARE
        near = nearness(view)
        return (
            t_s,
            left.value,
            right.value,
            width.value,
            math.nan if near is None else near,
            resting,
            min(step, 2 * _STEP_S),
        )


def _ramp(seconds: float, from_s: float, to_s: float) -> float:
    return min(max((seconds - from_s) / (to_s - from_s), 0.0), 1.0)


def _blended(samples: FloatArray, floor: float, seen_s: float) -> Baseline:
    """The population's resting face and the samples' own, by their weight.

    Args:
        samples: [n, 7], what was seen.
        floor: How much a sample with the clear shape of a smile weighs, against a resting one.
        seen_s: How much of the face was seen, whatever it did.
    """
    weights = samples[:, _SECONDS] * np.maximum(samples[:, _RESTING], floor)
    total = float(weights.sum())
    if total <= 0.0:
        average, se = LIFT_AT_REST_CM.value, LIFT_AT_REST_CM.se
        return Baseline(average, average, None, None, se, certainty=0.0, known=False)
    certainty = total**2 / (total**2 + _HALF_CERTAIN_S**2)
    near = _usual_nearness(samples[:, _NEARNESS])
    values = samples[:, _LEFT : _WIDTH + 1]
    if near is not None:
        raised = LOWER_WHEN_NEARER_CM_M * (samples[:, _NEARNESS] - near)
        values = values.copy()
        values[:, :2] += np.where(np.isnan(raised), 0.0, raised)[:, None]
    lifts = (values[:, 0] + values[:, 1]) / 2
    inside = _shortest_half(lifts, weights)
    weights, lifts = weights[inside], lifts[inside]
    left, right, width = (weights.dot(values[inside]) / weights.sum()).tolist()
    own = total / (total + _PRIOR_S)
    off = lifts - lifts.sum() / len(lifts)
    spread = math.sqrt(float(off.dot(off)) / len(lifts))
    return Baseline(
        left_cm=own * left + (1 - own) * LIFT_AT_REST_CM.value,
        right_cm=own * right + (1 - own) * LIFT_AT_REST_CM.value,
        width_cm=width,
        nearness=near,
        se_cm=math.hypot(_LEAST_SE_CM, (1 - own) * LIFT_AT_REST_CM.se, spread / math.sqrt(1 + total)),
        certainty=certainty,
        known=seen_s >= KNOWN_AFTER_S and certainty >= KNOWN_FROM,
    )


def _usual_nearness(nearness: FloatArray) -> float | None:
    """The median of those that are known; None when none is."""
    known = np.sort(nearness)
    count = int(known.searchsorted(math.inf))  # What is not known comes last.
    if count == 0:
        return None
    return float(known[(count - 1) // 2] + known[count // 2]) / 2


def _raised(seen: float | None, usual: float | None) -> float:
    """What perspective takes from the lift of a face seen from nearer than usual."""
    return 0.0 if seen is None or usual is None else LOWER_WHEN_NEARER_CM_M * (seen - usual)


def _shortest_half(values: FloatArray, weights: FloatArray) -> IndexArray:
    """Indices of the samples in the shortest interval that holds half of all weight: where a face dwells most."""
    order = values.argsort(kind="stable")
    ordered, weighed = values[order], weights[order]
    reached = weighed.cumsum()
    last = reached.searchsorted(reached - weighed + (reached[-1] / 2 - 1e-12))
    # Only the first ones have half of all weight from themselves on.
    possible = int(last.searchsorted(len(ordered)))
    first = int((ordered[last[:possible]] - ordered[:possible]).argmin())
    return order[first : int(last[first]) + 1]
