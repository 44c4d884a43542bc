"""How telephones ring: the table of cadences, and the time limits that follow from them for decoding."""

import difflib
import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from protocol.rings_by_time import CONTINUOUS

AUTO = "auto"
"""The profile that learns how its line rings."""

TOLERANCE = 0.10
"""How far an exchange's times may be off; GB 3380-82 allows 10 %, the other sources name nothing wider."""

SMALLEST_RING_GAP_S = 0.5
"""Silence up to this long separates no rings, unless the cadence says so: the longest pause inside any ring of the table is 0.4 s."""
LARGEST_RING_GAP_S = 1.0
"""Silence this long separates two rings, unless the cadence says so: the shortest pause of the table, 2 s less 10 %, is still 1.6 s
after an envelope detector stretched the burst before it by 0.2 s."""
SHORTEST_PAUSE_S = 0.5
"""The shortest pause between two rings. Shorter ones are not known from any exchange, and are near to what a detector smooths."""
LONGEST_TIME_S = 60.0
"""No exchange rings or pauses longer; the longest of the table is 8 s."""
SHORTEST_PULSED_PAUSE_S = 0.15
"""The shortest pause inside a ring that pulses show: two cycles of the slowest ringing current (16 2/3 Hz) and a half; a shorter one
looks like pulses that were missed. The shortest of the table is 0.2 s."""
SHORTEST_BURST_S = 0.1
"""A burst is ringing from here on; dial pulses, bounce and line reversals are shorter."""

SHORTEST_SILENCE_S = 6.0
"""Silence that ends ringing where every known pause is shorter."""
AUTO_SILENCE_S = 8.0
"""Silence that ends ringing while a line's cadence is not known yet."""
SILENCE_MARGIN_S = 0.7
"""On top of the longest pause, for pulses missing at the end of one burst and the beginning of the next."""

LONGEST_BURST_S = 5.0
"""A burst longer than this is no ringing, unless the cadence says so; the longest of the table is 2.2 s."""
LONGEST_HOLD_S = 240.0
"""A contact that is held while it rings is stuck from here on: an invitation of an IP telephone expires after little more than three
minutes (timer C of RFC 3261, section 16.6), and exchanges ring for two at most."""

_NUMBER = r"(\d+\.?\d*|\.\d+)"
_LITERAL = re.compile(rf"{_NUMBER}(\s*/\s*{_NUMBER})+")


@dataclass(frozen=True, slots=True)
class Cadence:
    """One way to ring."""

    names: tuple[str, ...]
    kind: Literal["line", "distinctive"]
    cycle_s: tuple[float, ...]
    """On, off, on, off, ...: one ring, ending with the pause before the next."""
    once_s: tuple[float, ...] = ()
    """On, off, ...: sounded once, before the first ring and as part of it."""
    ring_hz: tuple[float, ...] = (25.0,)
    scale: tuple[float, float] = (1.0, 1.0)
    """By how much a system's settings may stretch the whole cycle."""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be counted.

        Raises:
            ValueError: The times are no cadence, or its rings cannot be told apart; the message says why.
        """
        if len(self.cycle_s) % 2 or len(self.once_s) % 2:
            raise ValueError(f"{self.text!r} must be pairs of on and off seconds, ending with a pause")
        if any(time <= 0.0 for time in (*self.cycle_s, *self.once_s)):
            raise ValueError(f"{self.text!r} must be seconds above 0")
        if max(self.cycle_s) > LONGEST_TIME_S:
            raise ValueError(
                f"{self.text!r} must be seconds; times above {LONGEST_TIME_S:g} look like milliseconds"
            )
        if min(self.cycle_s[::2]) < SHORTEST_BURST_S:
            raise ValueError(
                f"{self.text!r} has a burst shorter than {SHORTEST_BURST_S} s, which nobody tells from noise"
            )
        shortest_s = self.pause_s * self.scale[0]
        if shortest_s < SHORTEST_PAUSE_S:
            raise ValueError(f"{self.text!r} pauses less than {SHORTEST_PAUSE_S} s between rings")
        apart = self.inner_pause_s * (1.0 + TOLERANCE) < shortest_s * (1.0 - TOLERANCE)
        if not apart and not self.inner_pause_s < LARGEST_RING_GAP_S <= shortest_s:
            raise ValueError(
                f"{self.text!r} pauses as long inside a ring ({self.inner_pause_s:g} s) as between two "
                f"({self.pause_s:g} s): begin with the first burst of a ring, and end with the longest pause"
            )

    @property
    def inner_pause_s(self) -> float:
        """The longest pause inside a ring; 0 where a ring is one burst."""
        return self.scale[1] * max((*self.cycle_s[1:-1:2], *self.once_s[1::2]), default=0.0)

    @property
    def shows_in_pulses(self) -> bool:
        """Whether no pause inside a ring is so short that pulses do not show it."""
        return min((*self.cycle_s[1:-1:2], *self.once_s[1::2]), default=math.inf) >= SHORTEST_PULSED_PAUSE_S

    @property
    def ring_s(self) -> tuple[float, ...]:
        """One ring without its pause: on, off, ..., on."""
        return self.cycle_s[:-1]

    @property
    def pause_s(self) -> float:
        """The silence before the next ring."""
        return self.cycle_s[-1]

    @property
    def text(self) -> str:
        """The cycle as people write it: ``0.4/0.2/0.4/2``."""
        return written(self.cycle_s)


def written(times_s: tuple[float, ...]) -> str:
    """On and off times as people write them: ``0.4/0.2/0.4/2``, to the hundredth of a second."""
    return "/".join(f"{round(time_s, 2):g}" for time_s in times_s)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known beforehand about how a line rings: one cadence, a few, any of the table (``auto``), or none (``continuous``)."""

    name: str
    cadences: tuple[Cadence, ...]

    @property
    def is_continuous(self) -> bool:
        """Whether it rings without a pause, as a contact does that is held, so that rings are counted by time."""
        return self.name == CONTINUOUS

    @property
    def new_ring_gap_s(self) -> float:
        """Silence from which on the next burst begins a new ring."""
        if self.is_continuous:
            return LARGEST_RING_GAP_S
        shortest_s = min(cadence.pause_s * cadence.scale[0] for cadence in self.cadences)
        inner_s = max(cadence.inner_pause_s for cadence in self.cadences)
        usual_s = min(max(shortest_s / 2.0, SMALLEST_RING_GAP_S), LARGEST_RING_GAP_S)
        if inner_s * (1.0 + TOLERANCE) < usual_s < shortest_s * (1.0 - TOLERANCE):
            return usual_s
        return math.sqrt(max(inner_s, shortest_s / 2.0) * shortest_s)

    @property
    def inner_pause_s(self) -> float:
        """The longest pause that may be inside a ring, with the exchange's tolerance."""
        longest_s = max((cadence.inner_pause_s for cadence in self.cadences), default=0.0)
        return max(SMALLEST_RING_GAP_S, longest_s * (1.0 + TOLERANCE))

    @property
    def silence_s(self) -> float:
        """Silence after which ringing is over."""
        return AUTO_SILENCE_S if self.name == AUTO else silence_after(self.longest_pause_s)

    @property
    def longest_pause_s(self) -> float:
        """The longest pause any of the cadences may have by its settings, without tolerance."""
        return max((cadence.pause_s * cadence.scale[1] for cadence in self.cadences), default=0.0)

    @property
    def longest_burst_s(self) -> float:
        """How long a burst may last before it is no ringing, or is a contact that is held."""
        return LONGEST_HOLD_S if self.is_continuous else self.longest_cadence_burst_s

    @property
    def longest_cadence_burst_s(self) -> float:
        """How long a burst of a cadence may last."""
        longest_s = max(
            (max(cadence.cycle_s[::2]) * cadence.scale[1] for cadence in self.cadences), default=0.0
        )
        return max(LONGEST_BURST_S, 1.5 * longest_s)


def silence_after(pause_s: float) -> float:
    """The silence that ends ringing with this pause between rings."""
    return max(SHORTEST_SILENCE_S, pause_s * (1.0 + TOLERANCE) + SILENCE_MARGIN_S)


@cache
def known_cadences() -> tuple[Cadence, ...]:
    """Every cadence of cadences.toml, in its order."""
    table = tomllib.loads((files("edge.cadence") / "cadences.toml").read_text(encoding="utf-8"))
    return tuple(
        Cadence(
            names=tuple(entry["profile"]),
            kind=entry["kind"],
            cycle_s=tuple(entry["cycle_s"]),
            once_s=tuple(entry.get("once_s", ())),
            ring_hz=tuple(entry["ring_hz"]),
            scale=tuple(entry.get("scale", (1.0, 1.0))),
            source=entry["source"],
        )
        for entry in table["cadence"]
    )


def profile_names() -> tuple[str, ...]:
    """Every name that ``find_profile`` knows, apart from cadences written out."""
    return (AUTO, CONTINUOUS, *dict.fromkeys(name for cadence in known_cadences() for name in cadence.names))


@cache
def find_profile(name: str) -> Profile:
    """The profile of this name, in whatever case, or of a cadence written out such as ``1.2/3.8``.

    Raises:
        ValueError: There is none; the message says what comes near.
    """
    wanted = name.strip()
    if wanted.lower() == AUTO:
        return Profile(AUTO, known_cadences())
    if wanted.lower() == CONTINUOUS:
        return Profile(CONTINUOUS, ())
    if _LITERAL.fullmatch(wanted):
        return Profile(wanted, (_written_out(wanted),))
    found = tuple(
        cadence
        for cadence in known_cadences()
        if wanted.lower() in (known.lower() for known in cadence.names)
    )
    if not found:
        near = difflib.get_close_matches(wanted, profile_names(), n=3, cutoff=0.4)
        hint = f"nearest: {', '.join(near)}" if near else "see cadences.toml"
        raise ValueError(
            f"{name!r} is unknown ({hint}); give a country code, auto, continuous, or on/off seconds such as 1/4"
        )
    return Profile(wanted, found)


def _written_out(text: str) -> Cadence:
    times = tuple(float(part) for part in text.split("/"))
    return Cadence(names=(text,), kind="line", cycle_s=times, source="desk.toml")
