"""Events of a telephone line: rings, the receiver, calls that ended, faults of the wiring."""

from dataclasses import dataclass
from typing import Literal

from protocol.measurements import Call

FaultKind = Literal[
    "ring_stuck",
    "ring_hum",
    "ring_crosstalk",
    "ring_floating",
    "hook_unmoved",
    "hook_inverted",
    "hook_unsteady",
]
HOOK_FAULTS: tuple[FaultKind, ...] = ("hook_inverted", "hook_unsteady")
"""While one of these stands, nobody knows where the receiver is."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """A ring began; the event comes as soon as it is known to be one, dated when it began."""

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
    """The line's wiring or settings cannot be right; reported once until it heals."""

    t_s: float
    line: str
    fault: FaultKind
    advice: str
    """What is wrong and what mends it, in words."""


@dataclass(frozen=True, slots=True)
class LineHealed:
    """What a fault said is no longer so."""

    t_s: float
    line: str
    fault: FaultKind


LineEvent = Ringing | RingingStopped | OffHook | OnHook | CallEnded | LineFault | LineHealed
