"""Which tone the host's light has, and in which rhythm: every cue is recognised by its rhythm alone, so colour may be missed."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from edge.feedback.cue import Cue, CueKind


class Tone(StrEnum):
    """What the light's colour means; which colour that is, the palette says (edge/feedback/palette.py)."""

    OFF = "off"
    ALARM = "alarm"
    PRESSING = "pressing"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A tone that goes on and off."""

    tone: Tone
    seconds: tuple[float, ...]
    """On, off, on, off, ... and again from the start; a single number is steady."""

    @property
    def period_s(self) -> float:
        """How long the rhythm takes."""
        return sum(self.seconds)

    def at(self, shown_s: float) -> Tone:
        """The light when the rhythm has run for so many seconds."""
        left_s = shown_s % self.period_s
        lit = True
        for seconds in self.seconds:
            if left_s < seconds:
                break
            left_s -= seconds
            lit = not lit
        return self.tone if lit else Tone.OFF


WINK_S = 0.2
"""The shortest light and pause: surely noticed at the edge of the view, and surely hit by a loop of 20 turns a second."""
COUNTED_RINGS = 6
"""More blinks than this nobody counts."""

# No rhythm flashes more than three times within a second, the limit of WCAG 2.3.1 for people with photosensitive epilepsy.
PATTERNS = {
    CueKind.READY: Pattern(Tone.CALM, (WINK_S, 3.8)),
    CueKind.OFFLINE: Pattern(Tone.PRESSING, (WINK_S, 0.3, WINK_S, 3.3)),
    CueKind.NOT_MEASURING: Pattern(Tone.ALARM, (WINK_S, 0.3, WINK_S, 0.3, WINK_S, 2.8)),
    CueKind.NEEDS_HELP: Pattern(Tone.ALARM, (0.8, 0.4, 0.8, 2.0)),
    CueKind.STARTING: Pattern(Tone.PRESSING, (0.6, 1.4)),
    CueKind.COMING: Pattern(Tone.PRESSING, (WINK_S, WINK_S, WINK_S, 0.9)),
    CueKind.WAITING: Pattern(Tone.PRESSING, (0.5, 0.5)),
    CueKind.RUNNING_OUT: Pattern(Tone.PRESSING, (WINK_S, WINK_S)),
    CueKind.TOO_LATE: Pattern(Tone.ALARM, (WINK_S, WINK_S, WINK_S, WINK_S, WINK_S, 0.8)),
    CueKind.ATTENDED: Pattern(Tone.CALM, (1.0,)),
    CueKind.ATTENDED_LATE: Pattern(Tone.CALM, (1.0, 1.0)),
    CueKind.SMILE_WITHIN: Pattern(Tone.CALM, (1.8, WINK_S)),
    CueKind.SMILE_TOO_LITTLE: Pattern(Tone.CALM, (1.4, WINK_S, WINK_S, WINK_S)),
    CueKind.SMILE_TOO_MUCH: Pattern(Tone.CALM, (1.0, WINK_S, WINK_S, WINK_S, WINK_S, WINK_S)),
    CueKind.GAZE_AWAY: Pattern(Tone.CALM, (1.5, 0.5, 0.5, 0.5)),
    CueKind.PHONE_URGENT: Pattern(Tone.ALARM, (0.6, WINK_S, WINK_S, WINK_S)),
}


def pattern_of(cue: Cue) -> Pattern:
    """The tone and rhythm of a cue; a ringing telephone's is a long light and a blink for each ring."""
    if cue.kind is CueKind.PHONE_RINGING:
        blinks = min(cue.rings or 1, COUNTED_RINGS)
        counted = chain.from_iterable(((WINK_S, WINK_S),) * blinks)
        return Pattern(Tone.PRESSING, (0.8, *counted, 1.2))
    return PATTERNS[cue.kind]
