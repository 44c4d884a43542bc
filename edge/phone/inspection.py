"""What a line sees and how it reads it, at one moment: for the technician who wires a desk."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from edge.phone.burst import Burst
from edge.phone.events import CallEnded, LineEvent, LineFault
from edge.phone.learning import CadenceEstimate
from edge.phone.noise import NoiseTally
from edge.settings.desk_toml import RingInput
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS

BURSTS_SHOWN = 12
"""Latest bursts of a line that fit on a technician's screen."""
CALLS_SHOWN = 5
"""How many of the last a technician sees: what half a minute of ringing holds, and what fits on a terminal of 40 lines."""
HOLDS = 2
"""So many contacts held longer than anything in a cadence, and the settings should say so: one may be a wire that touched."""
MANY = 5
"""So many signs make a suspicion: one or two come from a hand at the wires."""


@dataclass(frozen=True, slots=True)
class BurstView:
    """A burst that was taken for ringing current, and what became of it."""

    start_s: float
    end_s: float
    ring_hz: float | None
    ring_number: int | None
    """The ring it belongs to; the one that it ended in, where rings are counted by time; None while the receiver was lifted."""


class Logbook:
    """The last bursts and calls of a line."""

    def __init__(self) -> None:
        self.bursts: deque[BurstView] = deque(maxlen=BURSTS_SHOWN)
        self.calls: deque[Call] = deque(maxlen=CALLS_SHOWN)
        self.edges = 0
        """Edges of the ring pin since the start."""
        self.bursts_so_far = 0
        self.holds = 0
        """Bursts longer than any in a cadence."""

    def write_burst(self, burst: Burst, ring_number: int | None) -> None:
        """Note a burst and the ring it was read as; None where it is none."""
        self.bursts_so_far += 1
        self.bursts.append(BurstView(burst.start_s, burst.end_s, burst.ring_hz, ring_number))

    def write_events(self, events: Iterable[LineEvent]) -> None:
        """Note the calls that ended."""
        self.calls += [event.call for event in events if isinstance(event, CallEnded)]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line at one moment."""

    line: str
    now_s: float
    input: RingInput
    ring_active: bool | None
    """Whether the ring input is active; None before its first edge."""
    receiver: Literal["down", "lifted", "moving", "not seen", "not known"]
    state: Literal["idle", "ringing", "answered", "dialled"]
    edges: int
    """Edges of the ring pin since the start."""
    burst_since_s: float | None
    """Start of the burst that sounds now."""
    rings_begun: int
    """Rings of the call that rings now."""
    rings_by_time: bool
    """Whether they are counted by time."""
    bursts: tuple[BurstView, ...]
    calls: tuple[Call, ...]
    faults: tuple[LineFault, ...]
    """Those that stand."""
    cadence: CadenceEstimate
    profile: str
    noise: NoiseTally
    advice: tuple[str, ...]
    """What the technician should look at."""


def wiring_advice(
    input_kind: RingInput, cadence: str, *, levels: int, bursts: int, holds: int, noise: NoiseTally
) -> tuple[str, ...]:
    """What the ring input looks like when it does not look like what the settings say.

    Args:
        input_kind: What the settings say.
        cadence: How the settings say that it rings.
        levels: Levels too long to be pulses, of an input for pulses.
        bursts: Bursts taken for ringing so far.
        holds: Those of them that lasted longer than any in a cadence.
        noise: What was rejected.
    """
    advice = []
    if input_kind == "pulses" and levels >= MANY:
        advice.append(
            "long levels instead of pulses: this looks like an envelope or a contact, not like pulses"
        )
    if input_kind != "pulses" and bursts == 0 and noise.short + noise.fast >= 2 * MANY:
        advice.append("many short levels and no burst: this looks like pulses, or like interference")
    if input_kind == "pulses" and bursts == 0 and noise.slow + noise.fast + noise.short >= 2 * MANY:
        advice.append("pulses, but not at 15 to 68 Hz: check pulses_per_cycle, or look for interference")
    if holds >= HOLDS and cadence != CONTINUOUS:
        advice.append(f'held for as long as it rings: say cadence = "{CONTINUOUS}", not "{cadence}"')
    if noise.dropped:
        advice.append(f"{noise.dropped} edges lost: interference on the pin")
    return tuple(advice)
