"""The host's light as text, for the terminal, the demonstration and the replay."""

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Colour, Pattern

CELL_S = 0.1
"""How much of a rhythm one character stands for."""

WORDS = {
    CueKind.READY: "ready",
    CueKind.OFFLINE: "no connection: measurements are kept on the desk",
    CueKind.NOT_MEASURING: "not measuring: a camera does not deliver",
    CueKind.COMING: "someone is coming",
    CueKind.WAITING: "a customer waits",
    CueKind.RUNNING_OUT: "the time to respond runs out",
    CueKind.TOO_LATE: "too late: a customer still waits",
    CueKind.ATTENDED: "attended to",
    CueKind.ATTENDED_LATE: "attended to, too late",
    CueKind.SMILE_WITHIN: "smile within the standard",
    CueKind.SMILE_TOO_LITTLE: "smile more",
    CueKind.SMILE_TOO_MUCH: "smile less",
    CueKind.GAZE_AWAY: "look at the customer",
    CueKind.PHONE_RINGING: "the telephone rings",
    CueKind.PHONE_URGENT: "the telephone: last ring",
}


def describe(cue: Cue) -> str:
    """A cue in words, with what is left of the time or how often it rang.

    Example:
        >>> describe(Cue(CueKind.WAITING, measuring=True, encounter=1, seconds_left=3.2))
        'a customer waits: 3.2 s left'
    """
    words = WORDS[cue.kind]
    if cue.rings is not None:
        return f"{words} (ring {cue.rings})"
    if cue.seconds_left is None or cue.kind is CueKind.COMING:
        return words
    if cue.seconds_left < 0.0:
        return f"{words}: {-cue.seconds_left:.1f} s over"
    return f"{words}: {cue.seconds_left:.1f} s left"


def lamp(colour: Colour) -> str:
    """One look at the light; ``shade`` names its colour."""
    return "○" if colour is Colour.OFF else "●"


def shade(colour: Colour) -> str:
    """A colour of the light as terminals name it (ANSI, ECMA-48): they have no amber, and show yellow."""
    match colour:
        case Colour.OFF:
            return "bright_black"
        case Colour.AMBER:
            return "yellow"
        case _:
            return colour.value


def rhythm(pattern: Pattern) -> str:
    """A period of a rhythm, a character for each tenth of a second.

    Example:
        >>> rhythm(Pattern(Colour.AMBER, (0.2, 0.2)))
        '██··'
    """
    cells = max(1, round(pattern.period_s / CELL_S))
    lit = (pattern.at((cell + 0.5) * CELL_S) is not Colour.OFF for cell in range(cells))
    return "".join("█" if each else "·" for each in lit)
