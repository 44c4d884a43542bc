"""Which colours the light's tones have, on an LED of three colours."""

from dataclasses import dataclass

from edge.feedback.light_pattern import Tone
from edge.settings.desk_toml import PaletteName

Drive = tuple[float, float, float]
"""How strongly the red, green and blue parts are driven, each 0 to 1."""


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour of a palette."""

    name: str
    """As a reader of English calls it."""
    drive: Drive
    """With pulse-width modulation."""
    switched: Drive
    """On pins that are on or off, and nothing between."""


_OFF = Colour("off", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
_WARM: Drive = (1.0, 0.35, 0.0)
"""Green dies carry some three times as far as red ones at full drive: a third of it makes amber, not yellow."""

PALETTES: dict[PaletteName, dict[Tone, Colour]] = {
    "red-green": {
        Tone.OFF: _OFF,
        Tone.CALM: Colour("green", (0.0, 1.0, 0.0), (0.0, 1.0, 0.0)),
        Tone.PRESSING: Colour("amber", _WARM, (1.0, 1.0, 0.0)),
        Tone.ALARM: Colour("red", (1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    },
    # White, not red, for what alarms: red and orange are one colour to those who lack red or green cones.
    "blue-orange": {
        Tone.OFF: _OFF,
        Tone.CALM: Colour("blue", (0.0, 0.3, 1.0), (0.0, 0.0, 1.0)),
        Tone.PRESSING: Colour("orange", _WARM, (1.0, 1.0, 0.0)),
        Tone.ALARM: Colour("white", (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
    },
}
