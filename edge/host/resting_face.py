"""The host's resting face: learnt while they are on duty, so that a smile is a change of their own face."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

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


@dataclass(frozen=True, slots=True)
class _Sample:
    t_s: float
    left: float
    right: float
    width: float
    nearness: float | None
    resting: float
    """How surely this is no smile and no speech, 0..1."""
    seconds: float


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
        self._samples: deque[_Sample] = deque()
        self._seen_s = 0.0
        self._summed_up_s = 0.0
        self.baseline = _blended([], 0.0, 0.0)

    def learn(self, t_s: float, view: HostView) -> None:
        """Take a face into account."""
        sample = self._sample(t_s, view)
        if sample is None:
            return
        self._samples.append(sample)
        self._seen_s += sample.seconds
        while self._samples[0].t_s < t_s - _MEMORY_S:
            self._samples.popleft()
        if t_s - self._summed_up_s < (len(self._samples) - _EACH_OF_THE_FIRST) / _SAMPLES_PER_S:
            return
        self._summed_up_s = t_s
        self.baseline = _blended(list(self._samples), self._accepted(), self._seen_s)

    def _accepted(self) -> float:
        """How much a mouth in the clear shape of a smile weighs, against a resting one."""
        return _ramp(self._seen_s, _OWN_SHAPE_FROM_S, _OWN_SHAPE_TO_S)

    def _sample(self, t_s: float, view: HostView) -> _Sample | None:
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
        step = t_s - self._samples[-1].t_s if self._samples else _FIRST_SAMPLE_S
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
        return _Sample(
            t_s, left.value, right.value, width.value, nearness(view), resting, min(step, 2 * _STEP_S)
        )


def _ramp(seconds: float, from_s: float, to_s: float) -> float:
    return min(max((seconds - from_s) / (to_s - from_s), 0.0), 1.0)


def _blended(samples: list[_Sample], floor: float, seen_s: float) -> Baseline:
    """The population's resting face and the samples' own, by their weight.

    Args:
        samples: What was seen.
        floor: How much a sample with the clear shape of a smile weighs, against a resting one.
        seen_s: How much of the face was seen, whatever it did.
    """
    weights = np.array([s.seconds * max(s.resting, floor) for s in samples])
    total = float(weights.sum())
    if total <= 0.0:
        average, se = LIFT_AT_REST_CM.value, LIFT_AT_REST_CM.se
        return Baseline(average, average, None, None, se, certainty=0.0, known=False)
    certainty = total**2 / (total**2 + _HALF_CERTAIN_S**2)
    usual = [s.nearness for s in samples if s.nearness is not None]
    near = float(np.median(usual)) if usual else None
    values = np.array(
        [
            (s.left + raised, s.right + raised, s.width)
            for s in samples
            for raised in (_raised(s.nearness, near),)
        ]
    )
    inside = _shortest_half(values[:, :2].mean(axis=1), weights)
    weights = weights[inside]
    left, right, width = (weights @ values[inside]) / weights.sum()
    own = total / (total + _PRIOR_S)
    spread = float(values[inside, :2].mean(axis=1).std())
    return Baseline(
        left_cm=own * float(left) + (1 - own) * LIFT_AT_REST_CM.value,
        right_cm=own * float(right) + (1 - own) * LIFT_AT_REST_CM.value,
        width_cm=float(width),
        nearness=near,
        se_cm=math.hypot(_LEAST_SE_CM, (1 - own) * LIFT_AT_REST_CM.se, spread / math.sqrt(1 + total)),
        certainty=certainty,
        known=seen_s >= KNOWN_AFTER_S and certainty >= KNOWN_FROM,
    )


def _raised(seen: float | None, usual: float | None) -> float:
    """What perspective takes from the lift of a face seen from nearer than usual."""
    return 0.0 if seen is None or usual is None else LOWER_WHEN_NEARER_CM_M * (seen - usual)


def _shortest_half(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Indices of the samples in the shortest interval that holds half of all weight: where a face dwells most."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    reached = np.cumsum(weights[order])
    before = reached - weights[order]
    last = np.searchsorted(reached, before + reached[-1] / 2 - 1e-12)
    possible = last < len(ordered)
    length = np.where(possible, ordered[np.minimum(last, len(ordered) - 1)] - ordered, np.inf)
    first = int(length.argmin())
    inside: np.ndarray = order[first : int(last[first]) + 1]
    return inside
