"""What a telephone line tells the rest of the desk."""

from dataclasses import dataclass
from typing import Literal

from edge.phone.noise import NoiseCounts


@dataclass(frozen=True, slots=True)
class Call:
    """One ringing of a line, from its first ring to its end. Times are on the kernel's monotonic clock."""

    line: str
    started_s: float
    """When the first ring began."""
    ended_s: float
    """When the receiver was hung up, or the last ring ended where nobody answered."""
    rings_begun: int
    rings_completed: int
    """Rings that were over before the pick-up, or before the caller gave up."""
    ring_seconds: float
    """From the first ring's start to the pick-up, or to the end of the last ring."""
    answered_ring: int | None
    """The ring in or after which the receiver was lifted; None unless answered."""
    pickup_delay_s: float | None
    """From the first ring's start to the pick-up; None unless answered."""
    outcome: Literal["answered", "abandoned", "unknown"]
    """``unknown`` where no hook switch is fitted, or the timeline ended while it rang; never guessed."""
    talk_s: float | None
    """From the pick-up to hanging up; None unless answered and hung up."""
    pattern: str | None
    """The times of a distinctive ring, such as ``0.8/0.4/0.8/4``; None when it rang as the line usually does."""
    cadence: str
    """How the line rings: its profile's name, or what ``auto`` has learned of it by now."""
    cadence_fit: float
    """How well this call's rings fit that cadence: 1 exactly, 0.6 one standard deviation off, 0 not at all."""
    cadence_confidence: float
    """How sure the line's cadence is, 0 to 1."""
    ring_hz: float | None
    """Frequency of the ringing current; None where the input does not show it."""
    timing_error_s: float
    """How far any of these times may be off: the spacing of the pulses, or the debounce time of a level."""
    noise: NoiseCounts
    """What was rejected since the call before."""
    errors: tuple[str, ...]
    """What went wrong while it was measured, in words."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """A ring began, told as soon as it is known to be one."""

    t_s: float
    line: str
    ring_number: int


@dataclass(frozen=True, slots=True)
class RingingStopped:
    """The telephone rings no longer. After ``no_call`` no call follows: it was a message-waiting splash, or no ringing."""

    t_s: float
    line: str
    reason: Literal["answered", "silence", "no_call"]


@dataclass(frozen=True, slots=True)
class OffHook:
    """The receiver was lifted, to answer (``incoming``) or to dial."""

    t_s: float
    line: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class OnHook:
    """The receiver was hung up after an answered call (``incoming``) or another."""

    t_s: float
    line: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over and measured."""

    call: Call


@dataclass(frozen=True, slots=True)
class LineFault:
    """The line's wiring or settings cannot be right; said once until it changes."""

    t_s: float
    line: str
    fault: Literal["stuck_input", "rings_off_hook"]
    advice: str


LineEvent = Ringing | RingingStopped | OffHook | OnHook | CallEnded | LineFault
