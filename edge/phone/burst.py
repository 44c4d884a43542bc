"""A burst of ringing: sound without a pause, as the detectors of either kind of input report it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SHORTEST_DUE_BURST_S = 0.03
"""At the moment a next ring is due, a burst is ringing from here on: contacts bounce for less than 25 ms."""

NEVER = float("inf")
"""The deadline, in seconds, of what waits for an edge alone."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A whole burst."""

    start_s: float
    end_s: float
    ring_hz: float | None
    """Frequency of the ringing current; None where the input does not show it."""
    pulse_hz: float | None = None
    """Pulses or ripples a second, whether one or two of them make a cycle; None where the input shows none."""
    width_s: float | None = None
    """How long a pulse lasted: the weaker the voltage, the shorter."""


@dataclass(frozen=True, slots=True)
class BurstBegan:
    """A burst turned out to be ringing, and began at ``start_s``."""

    start_s: float


@dataclass(frozen=True, slots=True)
class BurstHeld:
    """The burst that began at ``start_s`` lasts longer than any in a cadence: a contact that is held for as long as it rings."""

    start_s: float


@dataclass(frozen=True, slots=True)
class BurstEnded:
    """The burst that began last is over."""

    burst: Burst


@dataclass(frozen=True, slots=True)
class BurstWithdrawn:
    """The burst that began at ``start_s`` is no ringing after all: it lasts too long, is noise as a whole, or hum of the mains."""

    start_s: float
    reason: Literal["stuck", "noise", "hum"]


BurstEvent = BurstBegan | BurstHeld | BurstEnded | BurstWithdrawn


@dataclass(frozen=True, slots=True)
class Sounding:
    """What a detector takes for ringing, or for what may be, at one moment."""

    burst_start_s: float | None = None
    """Start of the burst that is open: it sounds, or it is too early to know that it ended."""
    candidate_start_s: float | None = None
    """Start of what may turn out to be a burst, and is not certain yet."""
    sounded_until_s: float = float("-inf")
    """When either last sounded."""
    sounds: bool = False
    """Whether either sounds now."""
    pulse_hz: float | None = None
    """Pulses or ripples a second of the burst that is open; None where it shows none."""
    width_s: float | None = None
    """How long a pulse of it lasts."""


SILENCE = Sounding()


class BurstDetector(Protocol):
    """Edges in, bursts out. Calls come in order of time, and ``on_time`` whenever ``deadline_s`` has been reached."""

    deadline_s: float
    """When something will be decided though no edge comes; infinite when nothing is open."""
    due_from_s: float
    due_until_s: float
    """Between these a next ring is due, and a shorter burst suffices."""
    hum_rates_hz: tuple[float, ...]
    """Pulses or ripples a second that are hum of the mains, and no ringing on this line."""
    hums: int
    """Stretches of hum so far."""

    @property
    def hum_hz(self) -> float:
        """Pulses or ripples a second of the last of them."""

    def on_edge(self, t_s: float, *, active: bool) -> Sequence[BurstEvent]:
        """The input became active or inactive."""

    def on_time(self) -> Sequence[BurstEvent]:
        """The deadline passed without an edge."""

    def sounding(self, t_s: float) -> Sounding:
        """What sounds at this moment, between two edges."""
