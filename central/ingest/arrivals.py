"""What comes in from the desks, read and ready to be kept."""

from dataclasses import dataclass
from typing import NamedTuple

from protocol.envelope import Identity
from protocol.manner import Manner
from protocol.measurements import Health
from protocol.state import Birth, State


class ArrivedEvent(NamedTuple):
    """A measurement: what is needed to keep it, and its text."""

    identity: Identity
    type: str
    sent_s: float
    """Unix time at which it began, as its desk says."""
    synced: bool
    """Whether the clock that said so had been set."""
    historical: bool
    timeline_s: float
    lasted_s: float
    health: Health | None
    """Its data, where it is the health of a desk."""
    raw: str
    """The event as its schema has it: what a desk of ours sends, word for word."""
    topic: str
    received_wall_s: float
    manner: tuple[Manner, ...]
    """The parts of the host's manner that it tells of."""

    @property
    def device(self) -> str:
        """The desk that sent it."""
        return self.identity.device


@dataclass(frozen=True, slots=True)
class ArrivedBirth:
    """A desk's description of itself."""

    birth: Birth
    raw: str
    received_wall_s: float

    @property
    def device(self) -> str:
        """The desk that sent it."""
        return self.birth.device


@dataclass(frozen=True, slots=True)
class ArrivedState:
    """Whether a desk is there."""

    state: State
    received_wall_s: float

    @property
    def device(self) -> str:
        """The desk it is about."""
        return self.state.device


@dataclass(frozen=True, slots=True)
class Unusable:
    """A payload that cannot be taken for what it claims to be; kept aside, so that nothing is lost."""

    topic: str
    payload: bytes
    device: str | None
    """The desk under whose topic it came; None where the topic names none."""
    identity: Identity | None
    """The measurement it claims to be, where it can be read and is the sender's own: that number then counts as kept."""
    reason: str
    received_wall_s: float


Arrived = ArrivedEvent | ArrivedBirth | ArrivedState | Unusable
