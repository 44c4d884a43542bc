"""What the next ring should look like and when it is due, from the call so far, the line, or its profile."""

from dataclasses import dataclass
from statistics import median

from edge.cadence.cadence import AUTO, AUTO_SILENCE_S, SHORTEST_SILENCE_S, Profile, silence_after
from edge.phone.learning import CadenceLearner
from edge.phone.measured_cadence import typical_segments
from edge.phone.rings import Rings

RELEASED_S = 1.0
"""A contact that was held opens at most so long before the receiver's switch moves, where the pick-up ended the ringing: the switch of a
telephone and one fitted beside it close some tenths of a second apart."""
PRESS_WAITS_S = 20.0
"""A contact held for less than a ring may be a bell's button: whoever pressed it waits so long for an answer, at the least."""
CADENCE_TOLERANCE = 0.22
"""Two pauses of one exchange may differ by this: one 10 % too long, the other 10 % too short (1.1 / 0.9)."""
OWN_TOLERANCE = 0.08
"""The pause of a line that has shown how it rings differs by less: four spreads of it."""
TIMING_MARGIN_S = 0.25
"""On top: pulses missing at a burst's end, or an envelope's stretch of up to 0.2 s."""
WHOLE_RING_SHARE = 0.85
"""A ring this much of its usual length counts as whole: one 10 % short, and less a pulse at either end."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Times of the ringing that is going on, each None while unknown."""

    span_s: float | None
    """Length of a whole ring, from its first burst to its last."""
    inner_pause_s: float
    """The longest pause inside a ring; 0 where a ring is one burst."""
    pause_s: float | None
    """The pause before the next ring."""
    longest_pause_s: float | None
    """The longest pause that is possible at all."""
    silence_s: float
    """Silence that ends the ringing."""
    tolerance: float = CADENCE_TOLERANCE
    """By which share the pause may be off: less on a line that has shown its own."""

    def due_window(self, last_end_s: float) -> tuple[float, float] | None:
        """From when to when the next ring should begin."""
        if self.pause_s is None:
            return None
        slack_s = self.pause_s * CADENCE_TOLERANCE + TIMING_MARGIN_S
        return last_end_s + self.pause_s - slack_s, last_end_s + self.pause_s + slack_s

    def is_overdue(self, t_s: float, last_end_s: float) -> bool:
        """Whether the next ring should have begun long before ``t_s``: the caller has given up."""
        pause_s = self.pause_s if self.pause_s is not None else self.longest_pause_s
        return pause_s is not None and t_s - last_end_s > pause_s * (1.0 + self.tolerance) + TIMING_MARGIN_S

    def is_whole(self, span_s: float) -> bool:
        """Whether a ring of this length was not cut off, as far as is known."""
        return self.span_s is None or span_s >= WHOLE_RING_SHARE * self.span_s

    def may_go_on(self, span_s: float, silent_s: float) -> bool:
        """Whether a ring of this length, silent for so long, may have another burst to come."""
        return silent_s < self.inner_pause_s * (1.0 + CADENCE_TOLERANCE) and not self.is_whole(span_s)


def expect(rings: Rings, profile: Profile, learner: CadenceLearner, *, short_s: float) -> Expectation:
    """What to expect of the ringing that is going on.

    Args:
        rings: The rings so far.
        profile: How the settings say that the line rings.
        learner: How the line rang so far.
        short_s: A ring no longer than this says nothing about which cadence it belongs to.
    """
    if rings.seconds_per_ring is not None:
        return _expect_continuous(rings, rings.seconds_per_ring)
    single = (
        profile.cadences[0]
        if len(profile.cadences) == 1 and profile.cadences[0].scale == (1.0, 1.0)
        else None
    )
    typical = learner.typical
    rung_pauses_s = rings.pauses_s
    rings_s = [ring.segments_s for ring in rings.finished if ring.number > 1]
    if rings_s:
        ring_s: tuple[float, ...] = typical_segments(rings_s)
    elif typical is not None:
        ring_s = typical.ring_s
    else:
        ring_s = single.ring_s if single is not None else ()
    usual_span_s = (
        typical.span_s if typical is not None else sum(single.ring_s) if single is not None else None
    )
    usual = usual_span_s is None or _alike(rings, usual_span_s, short_s)
    own = False
    if rung_pauses_s:
        pause_s: float | None = median(rung_pauses_s)
    elif not usual:
        pause_s = None
    elif typical is not None:
        pause_s = typical.pause_s
        own = True
    else:
        pause_s = single.pause_s if single is not None else None
    return Expectation(
        span_s=sum(ring_s) if ring_s else None,
        inner_pause_s=max(ring_s[1::2], default=0.0) if ring_s else profile.inner_pause_s,
        pause_s=pause_s,
        longest_pause_s=profile.longest_pause_s if usual and profile.name != AUTO else None,
        silence_s=_silence_s(profile, learner, rung_pauses_s),
        tolerance=OWN_TOLERANCE if own and learner.is_sure else CADENCE_TOLERANCE,
    )


def _expect_continuous(rings: Rings, seconds_per_ring: float) -> Expectation:
    """What to expect of ringing without a pause: it is over once the contact opens, unless it was a button."""
    pressed = all(time_s < seconds_per_ring for ring in rings.kept for time_s in ring.segments_s[::2])
    return Expectation(
        span_s=None,
        inner_pause_s=0.0,
        pause_s=None,
        longest_pause_s=PRESS_WAITS_S if pressed else RELEASED_S,
        silence_s=PRESS_WAITS_S if pressed else SHORTEST_SILENCE_S,
    )


def _silence_s(profile: Profile, learner: CadenceLearner, rung_pauses_s: tuple[float, ...]) -> float:
    if profile.name != AUTO:
        return profile.silence_s
    longest_s = learner.longest_pause_s if learner.typical is not None else None
    known_s = [*rung_pauses_s, *([] if longest_s is None else [longest_s])]
    return silence_after(max(known_s)) if known_s else AUTO_SILENCE_S


def _alike(rings: Rings, span_s: float, short_s: float) -> bool:
    """Whether the ringing so far may be the line's usual one."""
    current = rings.current
    if current is None or current.span_s <= short_s:
        return True
    return abs(current.span_s - span_s) <= CADENCE_TOLERANCE * span_s
