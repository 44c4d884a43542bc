"""Whether a person stands or walks, and since when; in metres where a place is known, else in body heights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.observation import Estimate
from edge.scene.arrival import arrival
from edge.scene.followed import TrackSample
from edge.scene.pace import along_picture, growth_per_s, last_seconds

STATURE_M = 1.7
"""A body's height in the picture stands for this many metres where nothing better is known."""
SLOWEST_WALK_M_S = 0.15
"""The slowest that people walk, with a frame or a small child."""
STILL_M_S = 0.11
"""Whoever is slower than this stands: between the slowest walk and what is left of sway over the times below, .01 to .08 on the labelled clips."""
JUDGED_OVER_S = (0.8, 1.2, 1.8, 2.6, 3.6)
"""Standing is judged over the shortest of these in which the slowest walk would show ..."""
SHOWS_SIGMA = 2.5
"""... by so many standard errors: judged some 50 times while somebody walks up, one in 80 each time would be too often ..."""
DIM_SIGMA = 1.0
"""... or over the longest by one, where it is seen too badly to show."""
UNHURRIED_M_S = 0.5
"""Slow walkers are slower. Whoever was seen to walk at least so fast and then slows down ..."""
STROLLED_S = 2.5
"""... within this time ..."""
SLOWED_DOWN_M_S = 0.38
"""... to less than this is coming to a stand: the longer look that tells a slow walk from a stand is not needed. Whoever is faster than this
over any time does not stand."""
UNSURE_M_S = 0.3
"""A pace with a larger standard error shows no slowing down, nor its end."""
SETTLED_S = 0.3
"""For how long somebody who slowed down must be that slow."""
WALKING_M_S = 0.45
"""Faster than this somebody who stood may be walking on at a usual pace."""
WALKING_S = 1.2
"""Somebody who stood walks on when surely faster for this long: a sidestep takes under a second ..."""
STEPPED_AWAY_M = 0.8
"""... or when so far from where they stood while still that fast ..."""
WANDERED_M = 0.3
"""... or when so far at a slow but steady walk that goes on: a step of somebody who walks with a frame ..."""
SIDESTEPPED_M = 0.6
"""... or at any slow walk when further away than one sidestep leads."""
STEADY_OVER_S = 2.6
"""Over which a slow walk must be steady ..."""
AT_ONCE_SHARE = 0.75
"""... and goes on: no sidestep's time sees so much of its way made. An even walk makes half of it then, a sidestep all."""
LAST_FEW = 3
"""Sightings whose median is where a person is: one gone astray moves it by nothing."""
REVISED_S = 3.0
"""For so long after somebody was told to stand, more sightings may show that they still came nearer then."""
REVISED_BY_S = 0.4
"""A stand that began later than told by less than this keeps its date ..."""
BEGAN_OVER_S = 1.2
"""... and so does one in whose beginning the person was not surely as fast as the slowest walk over this time."""
STAYED_WITHIN_M = 0.12
"""Nobody so near to where they stood walks on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast somebody moves over the floor."""

    speed: Estimate
    """Metres per second."""
    surely_m_s: float
    """What the speed exceeds with some certainty: the pace in depth lessened by its standard error."""


class Stance:
    """Whether one person stands.

    A stand that turns out to have been walking is told so: `stood_until_s` then lies hardly after `stood_since`.
    """

    def __init__(self) -> None:
        self.stands = False
        self.stood_since: Estimate | None = None
        """When the stand began that lasts, or else the last one."""
        self.stood_until_s: float | None = None
        """When the last stand ended; None while it lasts, and before the first."""
        self._fast_since_s: float | None = None
        self._strolled_s = -math.inf
        """When the person was last seen to walk at a usual pace."""
        self._slow_since_s: float | None = None
        self._stood_at: list[TrackSample] = []
        """The first sightings of the stand."""
        self._known_s = 0.0

    def see(self, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        """Take in the last of a person's samples.

        Args:
            samples: The person's sightings of the last seconds, oldest first.
            metres_per_width: How many metres the picture is wide where the person is.
        """
        if self.stands:
            self._watch_for_walking(samples, metres_per_width)
        elif self._has_come_to_rest(samples, metres_per_width):
            self.stands, self.stood_until_s = True, None
            self._known_s = samples[-1].t_s
            self._begin(arrival(samples, metres_per_width), samples)
            return
        if self.stands and self.stood_since is not None:
            self._revise(self.stood_since, samples, metres_per_width)

    def _revise(self, since: Estimate, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        """Date a stand anew of which more sightings show that it began later."""
        if samples[-1].t_s - self._known_s > REVISED_S:
            return
        began = [sample for sample in samples if since.value <= sample.t_s <= since.value + BEGAN_OVER_S]
        pace = _pace(began, BEGAN_OVER_S, metres_per_width)
        if pace is None or pace.speed.value - pace.speed.se < SLOWEST_WALK_M_S:
            return
        again = arrival(samples, metres_per_width)
        if again.value > since.value + REVISED_BY_S:
            self._begin(again, samples)

    def _has_come_to_rest(self, samples: Sequence[TrackSample], metres_per_width: float) -> bool:
        pace = _pace(samples, JUDGED_OVER_S[0], metres_per_width)
        if pace is not None and self._has_slowed_down(pace, samples[-1].t_s):
            return True
        if pace is not None and pace.speed.value > SLOWED_DOWN_M_S:
            return False
        return _is_still(pace, samples, metres_per_width)

    def _has_slowed_down(self, pace: Pace, now_s: float) -> bool:
        """Whether a person who walked a moment ago has slowed down for long enough."""
        if pace.speed.value - pace.speed.se > UNHURRIED_M_S:
            self._strolled_s = now_s
        if pace.speed.value >= SLOWED_DOWN_M_S or now_s - self._strolled_s > STROLLED_S:
            self._slow_since_s = None
            return False
        if self._slow_since_s is None:
            if pace.speed.se > UNSURE_M_S:
                return False
            self._slow_since_s = now_s
        return now_s - self._slow_since_s >= SETTLED_S

    def _begin(self, since: Estimate, samples: Sequence[TrackSample]) -> None:
        self.stood_since = since
        standing = [sample for sample in samples if sample.t_s >= since.value - 1e-9]
        self._stood_at = (standing or list(samples))[:LAST_FEW]

    def _watch_for_walking(self, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        now_s = samples[-1].t_s
        stepped_m = _between_m(self._stood_at, samples, metres_per_width)
        if stepped_m < STAYED_WITHIN_M:
            self._fast_since_s = None
            return
        steady = _pace(samples, STEADY_OVER_S, metres_per_width) if stepped_m > WANDERED_M else None
        if steady is not None:
            slowly = steady.speed.value - SHOWS_SIGMA * steady.speed.se
            if slowly > SLOWEST_WALK_M_S / 2 and (
                stepped_m > SIDESTEPPED_M or _goes_on(samples, metres_per_width)
            ):
                self._end(now_s - stepped_m / steady.speed.value)
                return
        pace = _pace(samples, JUDGED_OVER_S[0], metres_per_width)
        if pace is None or pace.surely_m_s < WALKING_M_S:
            self._fast_since_s = None
            return
        if self._fast_since_s is None:
            self._fast_since_s = now_s
        if now_s - self._fast_since_s >= WALKING_S or stepped_m > STEPPED_AWAY_M:
            self._end(self._fast_since_s)

    def _end(self, at_s: float) -> None:
        self.stands = False
        since_s = at_s if self.stood_since is None else self.stood_since.value
        self.stood_until_s = max(at_s, since_s)
        self._fast_since_s = self._slow_since_s = None


def _is_still(pace: Pace | None, samples: Sequence[TrackSample], metres_per_width: float) -> bool:
    """Whether a person has moved for some time by less than the slowest walk would have moved them; `pace` is over the shortest."""
    for span_s in JUDGED_OVER_S:
        pace = pace if span_s == JUDGED_OVER_S[0] else _pace(samples, span_s, metres_per_width)
        if pace is None:
            continue
        if pace.speed.value + SHOWS_SIGMA * pace.speed.se < STILL_M_S:
            return True
        if pace.speed.value > SLOWED_DOWN_M_S:
            return False
    return pace is not None and pace.speed.value + DIM_SIGMA * pace.speed.se < STILL_M_S


def _pace(samples: Sequence[TrackSample], span_s: float, metres_per_width: float) -> Pace | None:
    """How fast a person moved in the last `span_s`; None where too little was seen of it."""
    recent = last_seconds(samples, span_s)
    if recent is None:
        return None
    along = along_picture(recent)
    ranges = [sample.range_m for sample in recent if sample.range_m is not None]
    growth = growth_per_s(recent) if ranges else Estimate(0.0, 0.0)
    if growth is None:
        return None
    range_m = float(np.median(ranges)) if ranges else 0.0
    depth = Estimate(abs(growth.value) * range_m, growth.se * range_m)
    along_m_s = along.value * metres_per_width
    return Pace(
        Estimate(math.hypot(along_m_s, depth.value), math.hypot(along.se * metres_per_width, depth.se)),
        math.hypot(along_m_s, max(0.0, depth.value - depth.se)),
    )


def _goes_on(samples: Sequence[TrackSample], metres_per_width: float) -> bool:
    """Whether a person was on their way for longer than a sidestep takes, in the time over which a slow walk is steady."""
    recent = last_seconds(samples, STEADY_OVER_S)
    if recent is None:
        return False
    at_once_m = 0.0
    for few in (recent[start : start + LAST_FEW] for start in range(len(recent) - LAST_FEW + 1)):
        until_s = few[-1].t_s + WALKING_S
        later = [sample for sample in recent if sample.t_s <= until_s]
        at_once_m = max(at_once_m, _between_m(few, later, metres_per_width))
    return at_once_m < AT_ONCE_SHARE * _between_m(recent[:LAST_FEW], recent, metres_per_width)


def _between_m(then: Sequence[TrackSample], samples: Sequence[TrackSample], metres_per_width: float) -> float:
    """How far a person has come since `then`, by their last few sightings."""
    last = list(samples)[-LAST_FEW:] or then
    x, y = np.median([sample.head for sample in last], axis=0) - np.median(
        [sample.head for sample in then], axis=0
    )
    ranges, before = (
        [sample.range_m for sample in each if sample.range_m is not None] for each in (last, then)
    )
    nearer_m = float(np.median(ranges) - np.median(before)) if ranges and before else 0.0
    return math.hypot(math.hypot(x, y) * metres_per_width, nearer_m)
