"""The host's light as text, for the terminal, the demonstration and the replay."""

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Pattern, Tone
from edge.feedback.light_words import WORDS

CELL_S = 0.1
"""How much of a rhythm one character stands for."""


def describe(cue: Cue) -> str:
    """A cue in words, with what is left of the time or how often it rang.

    Example:
        >>> describe(Cue(CueKind.WAITING, measuring=True, encounter=1, seconds_left=3.2))
        'a customer waits: 3.2 s left'
    """
    words = WORDS["en"][cue.kind]
    if cue.rings is not None:
        return f"{words} (ring {cue.rings})"
    if cue.seconds_left is None or cue.kind is CueKind.COMING:
        return words
    if cue.seconds_left < 0.0:
        return f"{words}: {-cue.seconds_left:.1f} s over"
    return f"{words}: {cue.seconds_left:.1f} s left"


def lamp(tone: Tone) -> str:
    """One look at the light; ``SHADES`` names its colour."""
    return "○" if tone is Tone.OFF else "●"


SHADES = {Tone.OFF: "bright_black", Tone.ALARM: "red", Tone.PRESSING: "yellow", Tone.CALM: "green"}
"""The tones as terminals show them (ANSI, ECMA-48): they have no amber."""


def rhythm(pattern: Pattern) -> str:
    """A period of a rhythm, a character for each tenth of a second.

    Example:
        >>> rhythm(Pattern(Tone.PRESSING, (0.2, 0.2)))
        '██··'
    """
    cells = max(1, round(pattern.period_s / CELL_S))
    lit = (pattern.at((cell + 0.5) * CELL_S) is not Tone.OFF for cell in range(cells))
    return "".join("█" if each else "·" for each in lit)
