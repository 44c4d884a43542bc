"""Smiles over time: when they begin and end, and what they measured, as geometry of the mouth."""

import math
from collections import deque
from dataclasses import dataclass, replace

from edge.host.resting_face import Baseline
from edge.host.smile_shape import SURE, SURE_LOG_ODDS, log_odds, probability
from edge.observation import Estimate, HostView

ONSET_CM = 0.30
"""Corners raised by so much begin a smile: three times what a resting or speaking mouth wavers."""
OFFSET_CM = 0.20
"""Below this it has ended whatever it was."""
OFFSET_SHARE = 0.5
"""It has ended, too, when half of its rise is gone."""
_RISE_AGAIN_CM = 0.20
"""After such an end, so much of a rise is a smile again."""
_STAYS_S = 0.7
"""A mouth that stays raised so long after half of the rise is gone smiles on, more gently."""
BRIDGE_S = 0.3
"""Shorter interruptions do not end a smile."""
_SETTLE_S = 0.2
"""A weak rise counts once it lasts this long; then from where it began."""
_SPELLS_KEPT = 1000
"""The latest smiles are remembered: more than a duty at a desk has."""
_WEAK_CM = (ONSET_CM + OFFSET_CM) / 2
"""It lasts while it does not fall below this."""
_STRONG = 1.6
"""A rise so many times the onset's needs no waiting."""
_NARROWER_CM = 0.25
"""A smile never narrows the mouth: corners that rise while it narrows belong to speech or a pout."""
_CM_PER_LOG_ODDS = 0.09
"""Rise of the corners that goes with one more in the log odds of the mouth's shape: a smile of 0.9 cm adds ten to them."""
_MOST_LOG_ODDS = 8.0
"""Log odds are no longer believed beyond this: the labelled faces are too few."""
_SHAPE_BLUR = 1.0
"""Standard error of the log odds of one mouth from frame to frame."""
_UNIFORM = 1 / math.sqrt(12)
"""Standard deviation of something that happened at any time between two frames, per second between them."""
_APART_CM = 0.20
"""Corners whose rises differ by less than this rise together. Of two still corners the larger lift is always above rest, by 0.06 cm where both waver
by 0.1 cm; as their difference seldom comes to this, what is left of that bias is below 0.01 cm."""
_APART_SES = 2.0
"""Or by less than so many standard errors of one corner, where a small or turned face makes those large."""
_APART_RAMP_CM = 0.15
"""From a difference so much larger on it is sure that they do not rise together."""
_STILL_SHARE, _MOVING_SHARE = 0.3, 0.5
"""A corner that makes less than the first share of the other's rise is still, and one that makes more than the second moves too: smiles of faces
that move on both sides have .6 and more at their peak, on twelve stills and two clips."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time; ``end_s`` is None while it lasts."""

    start_s: float
    end_s: float | None
    start_se_s: float | None = None
    """Standard error of the start; None when it was not seen to begin."""
    end_se_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Crossing:
    t_s: float
    se_s: float | None


class SmileMeter:
    """Tells when a mouth smiles, from its lift above the resting face.

    Every time it gives is where the lift crossed the threshold, interpolated between frames, not when that became certain.
    """

    def __init__(self) -> None:
        self.spells: deque[Spell] = deque(maxlen=_SPELLS_KEPT)
        self._last: tuple[float, float] | None = None
        self._rise_se_cm = 0.0
        self._weak_since: _Crossing | None = None
        self._odds_log: float | None = None
        self._certainty = 0.0
        self._typical_cm = 0.0
        self._count = 0
        self._lowest_cm = 0.0
        """Lowest lift since a smile ended with its mouth still raised."""
        self._raised_since_s: float | None = None

    @property
    def since_s(self) -> float | None:
        """Since when the mouth smiles; None while it does not."""
        if self.spells and self.spells[-1].end_s is None:
            return self.spells[-1].start_s
        return None

    @property
    def since_se_s(self) -> float | None:
        """Standard error of `since_s`; None where the smile was not seen to begin."""
        return None if self.since_s is None else self.spells[-1].start_se_s

    @property
    def smiles(self) -> bool | None:
        """Whether the mouth smiles; None while the probability is neither high nor low enough to say.

        As far as the person's own rest is known it decides; the rest is the shape of anybody's mouth.
        """
        own = self.since_s is not None
        if self._odds_log is None:
            return own
        shared = probability(self._odds_log)
        odds = self._certainty * own + (1 - self._certainty) * shared
        told = None if 1 - SURE < odds < SURE else odds >= SURE
        return told if told == own else None

    def observe(self, t_s: float, view: HostView, baseline: Baseline) -> Estimate | None:
        """Take a frame into account; gives the lift in cm, None when it cannot be told."""
        lift = _lift_cm(view, baseline)
        if lift is None:
            return None
        self._certainty, self._odds_log = baseline.certainty, log_odds(view)
        rise = self._rise_cm(lift.value)
        self._rise_se_cm = math.hypot(
            self._certainty * lift.se, (1 - self._certainty) * _CM_PER_LOG_ODDS * _SHAPE_BLUR
        )
        if self.since_s is None:
            self._while_at_rest(t_s, rise, wide=_wide_enough(view, baseline))
        else:
            self._while_smiling(t_s, rise)
        self._last = (t_s, rise)
        return lift

    def lost(self, t_s: float) -> None:
        """The face was last seen at ``t_s``: what it did since is not known, so a smile ends there."""
        self._end(_Crossing(t_s, None))
        self._last = self._weak_since = self._raised_since_s = None

    def forget_since(self, t_s: float) -> None:
        """What was told from ``t_s`` on was another person's: end there, and drop what began later."""
        while self.spells and self.spells[-1].start_s >= t_s:
            self.spells.pop()
        if self.spells and (self.spells[-1].end_s is None or self.spells[-1].end_s > t_s):
            self.spells[-1] = replace(self.spells[-1], end_s=t_s, end_se_s=None)

    def _rise_cm(self, lift_cm: float) -> float:
        """The lift that decides: as far as a face's rest is not known, the mouth's shape says more than its height."""
        if self._odds_log is None:
            return lift_cm
        believed = max(min(self._odds_log, _MOST_LOG_ODDS), -_MOST_LOG_ODDS)
        return self._certainty * lift_cm + (1 - self._certainty) * (ONSET_CM + _CM_PER_LOG_ODDS * believed)

    def _while_at_rest(self, t_s: float, rise: float, *, wide: bool) -> None:
        if self._raised_since_s is not None:
            if self._after_half_an_end(t_s, rise):
                return
        elif rise >= ONSET_CM and wide:
            first = self._last is None
            since = self._weak_since or (
                _Crossing(t_s, None) if first else self._crossing(t_s, rise, ONSET_CM)
            )
            self._weak_since = since
            settled = first or rise >= _STRONG * ONSET_CM or t_s - since.t_s >= _SETTLE_S
            if settled and rise >= ONSET_CM + (1 - self._certainty) * _CM_PER_LOG_ODDS * SURE_LOG_ODDS:
                self._begin(since, rise)
        elif rise < _WEAK_CM:
            self._weak_since = None

    def _after_half_an_end(self, t_s: float, lift: float) -> bool:
        """A smile ended by half, its mouth still raised: it may rise again, stay, or fall to rest."""
        since = self._raised_since_s
        if since is None or lift < OFFSET_CM:
            self._raised_since_s = None
            return False
        self._lowest_cm = min(self._lowest_cm, lift)
        if lift >= self._lowest_cm + _RISE_AGAIN_CM:
            self._begin(self._crossing(t_s, lift, self._lowest_cm + _RISE_AGAIN_CM), lift)
        elif t_s - since >= _STAYS_S and self._lowest_cm >= OFFSET_CM:
            self._begin(_Crossing(since, None), lift)
        return True

    def _while_smiling(self, t_s: float, lift: float) -> None:
        ends_below = max(OFFSET_CM, OFFSET_SHARE * self._typical_cm)
        if lift >= ends_below:
            self._count += 1
            self._typical_cm += (
                (lift - self._typical_cm) / min(self._count, 15) if lift > self._typical_cm else 0.0
            )
            return
        self._end(self._crossing(t_s, lift, ends_below))
        if lift >= OFFSET_CM:
            self._raised_since_s, self._lowest_cm = t_s, lift

    def _begin(self, begun: _Crossing, lift: float) -> None:
        self._weak_since = self._raised_since_s = None
        previous = self.spells[-1] if self.spells else None
        if previous is not None and previous.end_s is not None and begun.t_s - previous.end_s <= BRIDGE_S:
            self.spells[-1] = replace(previous, end_s=None, end_se_s=None)
        else:
            self.spells.append(Spell(begun.t_s, None, start_se_s=begun.se_s))
        self._typical_cm, self._count = lift, 1

    def _end(self, ended: _Crossing) -> None:
        if self.since_s is not None:
            self.spells[-1] = replace(self.spells[-1], end_s=ended.t_s, end_se_s=ended.se_s)

    def _crossing(self, t_s: float, lift: float, level: float) -> _Crossing:
        """When the lift crossed a level since the last frame: as sure as it is steep, and no surer than the frames are close."""
        if self._last is None:
            return _Crossing(t_s, None)
        last_t, last = self._last
        step_s = t_s - last_t
        slope = abs(lift - last) / step_s if step_s > 0.0 else 0.0
        se = math.hypot(_UNIFORM * step_s, min(self._rise_se_cm / max(slope, 1e-6), _SETTLE_S))
        if (last - level) * (lift - level) >= 0:
            return _Crossing(t_s, se)
        return _Crossing(last_t + step_s * (level - last) / (lift - last), se)


def _lift_cm(view: HostView, baseline: Baseline) -> Estimate | None:
    """Lift above the resting face: of both corners, or of the one that moves where only one does."""
    lifts, left, right = baseline.lifts_cm(view), view.lift_left_cm, view.lift_right_cm
    if lifts is None or left is None or right is None:
        return None
    apart = max(lifts) - min(lifts)
    one_sided = _one_sided(min(lifts), max(lifts), max(left.se, right.se))
    # Both corners share most of their error, so two are no surer than one; how far it is one side's smile is unsure in between.
    unsure = one_sided * (1 - one_sided) * apart
    se = math.sqrt(((left.se + right.se) / 2) ** 2 + baseline.se_cm**2 + unsure**2)
    return Estimate(sum(lifts) / 2 + one_sided * apart / 2, se)


def _one_sided(lower_cm: float, higher_cm: float, se_cm: float) -> float:
    """How far a mouth's rise is that of one corner alone, 0..1."""
    least_apart = max(_APART_CM, _APART_SES * se_cm)
    apart = _ramp((higher_cm - lower_cm - least_apart) / _APART_RAMP_CM)
    if apart == 0.0 or higher_cm <= 0.0:
        return 0.0
    return apart * _ramp((_MOVING_SHARE - lower_cm / higher_cm) / (_MOVING_SHARE - _STILL_SHARE))


def _ramp(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _wide_enough(view: HostView, baseline: Baseline) -> bool:
    """Whether raised corners can be a smile's: not while the mouth is narrower than at rest."""
    if view.mouth_width_cm is None:
        return False
    return baseline.width_cm is None or view.mouth_width_cm.value >= baseline.width_cm - _NARROWER_CM
