"""The host's light as text, for the terminal, the demonstration and the replay."""

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Colour, Pattern, pattern_of

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
    """One look at the light, in rich's markup."""
    if colour is Colour.OFF:
        return "[bright_black]○[/bright_black]"
    shade = "yellow" if colour is Colour.AMBER else colour.value
    return f"[{shade}]●[/{shade}]"


def rhythm(pattern: Pattern) -> str:
    """A period of a rhythm, a character for each tenth of a second.

    Example:
        >>> rhythm(Pattern(Colour.AMBER, (0.2, 0.2)))
        '██··'
    """
    cells = max(1, round(pattern.period_s / CELL_S))
    lit = (pattern.at((cell + 0.5) * CELL_S) is not Colour.OFF for cell in range(cells))
    return "".join("█" if each else "·" for each in lit)


def line(cue: Cue, shown_s: float = 0.0) -> str:
    """The light and what it means, as one line in rich's markup."""
    return f"{lamp(pattern_of(cue).at(shown_s))} {describe(cue)}"
