"""Which colour the host's light has, and in which rhythm: every cue is recognised by its rhythm alone, so colour may be missed."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from edge.feedback.cue import Cue, CueKind


class Colour(StrEnum):
    """What an RGB light and three separate lights can both show."""

    OFF = "off"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A colour that goes on and off."""

    colour: Colour
    seconds: tuple[float, ...]
    """On, off, on, off, ... and again from the start; a single number is steady."""

    @property
    def period_s(self) -> float:
        """How long the rhythm takes."""
        return sum(self.seconds)

    def at(self, shown_s: float) -> Colour:
        """The light when the rhythm has run for so many seconds."""
        left_s = shown_s % self.period_s
        lit = True
        for seconds in self.seconds:
            if left_s < seconds:
                break
            left_s -= seconds
            lit = not lit
        return self.colour if lit else Colour.OFF


WINK_S = 0.2
"""The shortest light and pause: surely noticed at the edge of the view, and surely hit by a loop of 20 turns a second."""
COUNTED_RINGS = 6
"""More blinks than this nobody counts."""

# No rhythm flashes more than three times within a second, the limit of WCAG 2.3.1 for people with photosensitive epilepsy.
PATTERNS = {
    CueKind.READY: Pattern(Colour.GREEN, (WINK_S, 3.8)),
    CueKind.OFFLINE: Pattern(Colour.AMBER, (WINK_S, 0.3, WINK_S, 3.3)),
    CueKind.NOT_MEASURING: Pattern(Colour.RED, (WINK_S, 0.3, WINK_S, 0.3, WINK_S, 2.8)),
    CueKind.COMING: Pattern(Colour.AMBER, (WINK_S, WINK_S, WINK_S, 0.9)),
    CueKind.WAITING: Pattern(Colour.AMBER, (0.5, 0.5)),
    CueKind.RUNNING_OUT: Pattern(Colour.AMBER, (WINK_S, WINK_S)),
    CueKind.TOO_LATE: Pattern(Colour.RED, (WINK_S, WINK_S, WINK_S, WINK_S, WINK_S, 0.8)),
    CueKind.ATTENDED: Pattern(Colour.GREEN, (1.0,)),
    CueKind.ATTENDED_LATE: Pattern(Colour.GREEN, (1.0, 1.0)),
    CueKind.SMILE_WITHIN: Pattern(Colour.GREEN, (1.8, WINK_S)),
    CueKind.SMILE_TOO_LITTLE: Pattern(Colour.GREEN, (1.4, WINK_S, WINK_S, WINK_S)),
    CueKind.SMILE_TOO_MUCH: Pattern(Colour.GREEN, (1.0, WINK_S, WINK_S, WINK_S, WINK_S, WINK_S)),
    CueKind.GAZE_AWAY: Pattern(Colour.GREEN, (1.5, 0.5, 0.5, 0.5)),
    CueKind.PHONE_URGENT: Pattern(Colour.RED, (0.6, WINK_S, WINK_S, WINK_S)),
}


def pattern_of(cue: Cue) -> Pattern:
    """The colour and rhythm of a cue; a ringing telephone's is a long light and a blink for each ring."""
    if cue.kind is CueKind.PHONE_RINGING:
        blinks = min(cue.rings or 1, COUNTED_RINGS)
        counted = chain.from_iterable(((WINK_S, WINK_S),) * blinks)
        return Pattern(Colour.AMBER, (0.8, *counted, 1.2))
    return PATTERNS[cue.kind]
