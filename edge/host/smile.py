"""Smiles over time: when they begin and end, and what they measured, as geometry of the mouth."""

from collections import deque
from dataclasses import dataclass

from edge.host.resting_face import SMILE_SHAPE_CM, Baseline, drawn_down_cm, shape_cm
from edge.observation import HostView

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


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time; ``end_s`` is None while it lasts."""

    start_s: float
    end_s: float | None


class SmileMeter:
    """Tells when a mouth smiles, from its lift above the resting face.

    Every time it gives is where the lift crossed the threshold, interpolated between frames, not when that became certain.
    """

    def __init__(self) -> None:
        self.spells: deque[Spell] = deque(maxlen=_SPELLS_KEPT)
        self._last: tuple[float, float] | None = None
        self._weak_since_s: float | None = None
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

    def observe(self, t_s: float, view: HostView, baseline: Baseline) -> float | None:
        """Take a frame into account; gives the mean lift in cm, None when it cannot be told."""
        lifts = baseline.lifts_cm(view)
        if lifts is None:
            return None
        lift = sum(lifts) / 2
        rise = _rise_cm(lift, view, baseline)
        if self.since_s is None:
            self._while_at_rest(t_s, rise, wide=_wide_enough(view, baseline))
        else:
            self._while_smiling(t_s, rise)
        self._last = (t_s, rise)
        return lift

    def lost(self, t_s: float) -> None:
        """The face was last seen at ``t_s``: what it did since is not known, so a smile ends there."""
        self._end(t_s)
        self._last = self._weak_since_s = self._raised_since_s = None

    def _while_at_rest(self, t_s: float, lift: float, *, wide: bool) -> None:
        if self._raised_since_s is not None:
            if self._after_half_an_end(t_s, lift):
                return
        elif lift >= ONSET_CM and wide:
            begun = self._crossing(t_s, lift, ONSET_CM)
            first = self._last is None
            since = self._weak_since_s if self._weak_since_s is not None else begun
            self._weak_since_s = since
            if first or lift >= _STRONG * ONSET_CM or t_s - since >= _SETTLE_S:
                self._begin(since, lift)
        elif lift < _WEAK_CM:
            self._weak_since_s = None

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
            self._begin(since, lift)
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

    def _begin(self, t_s: float, lift: float) -> None:
        self._weak_since_s = self._raised_since_s = None
        previous = self.spells[-1] if self.spells else None
        if previous is not None and previous.end_s is not None and t_s - previous.end_s <= BRIDGE_S:
            self.spells[-1] = Spell(previous.start_s, None)
        else:
            self.spells.append(Spell(t_s, None))
        self._typical_cm, self._count = lift, 1

    def _end(self, t_s: float) -> None:
        if self.since_s is not None:
            self.spells[-1] = Spell(self.spells[-1].start_s, t_s)

    def _crossing(self, t_s: float, lift: float, level: float) -> float:
        """When the lift crossed a level since the last frame."""
        if self._last is None or (self._last[1] - level) * (lift - level) >= 0:
            return t_s
        last_t, last = self._last
        return last_t + (t_s - last_t) * (level - last) / (lift - last)


def _rise_cm(lift: float, view: HostView, baseline: Baseline) -> float:
    """The lift that decides: as far as a face's rest is not known, the mouth's shape says more than its height."""
    own = lift + drawn_down_cm(view)
    shape = shape_cm(view)
    if shape is None:
        return own
    anybody = ONSET_CM + shape - SMILE_SHAPE_CM
    return baseline.certainty * own + (1 - baseline.certainty) * anybody


def _wide_enough(view: HostView, baseline: Baseline) -> bool:
    """Whether raised corners can be a smile's: not while the mouth is narrower than at rest."""
    if view.mouth_width_cm is None:
        return False
    return baseline.width_cm is None or view.mouth_width_cm.value >= baseline.width_cm - _NARROWER_CM
