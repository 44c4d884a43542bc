"""The desk's telephone lines: their edges in, calls and what the host does on the phone out."""

from dataclasses import dataclass, replace

from edge.observation import Edge, EdgesLost
from edge.phone.events import Call, CallEnded, LineEvent, LineFault, OffHook, OnHook, Ringing, RingingStopped
from edge.phone.line_settings import PhoneLineSettings
from edge.phone.switchboard import PinEdge, Switchboard
from edge.settings.desk_toml import PhoneLine as Wiring
from protocol import measurements

SETTLED_S = 0.1
"""Edges reach the decoder up to this much later than frames of the same moment: time passes for it with that delay."""


@dataclass(frozen=True, slots=True)
class PhoneNow:
    """The telephone at one moment."""

    rings: int = 0
    """Rings begun of the call that rings now; 0 when none does."""
    talking: bool | None = None
    """Whether a receiver is lifted; None where no hook switch is fitted."""


class Telephone:
    """All lines of one desk.

    Example:
        >>> telephone = Telephone((Wiring(name="1", ring_pin=23),))
        >>> telephone.observe(Edge(0.0, "1", "ring", level=True))
        ()
        >>> telephone.now
        PhoneNow(rings=0, talking=None)
    """

    def __init__(self, wirings: tuple[Wiring, ...]) -> None:
        self._names = {wiring.name for wiring in wirings}
        self._switchboard = Switchboard(line_settings(wiring) for wiring in wirings)
        hooked = any(wiring.hook_pin is not None for wiring in wirings)
        self.now = PhoneNow(talking=False if hooked else None)
        self._lifted: set[str] = set()
        self._ringing: dict[str, int] = {}
        self.faults: dict[str, str] = {}
        """What is wrong with the wiring of a line, in words, by the line's name."""

    def observe(self, observation: Edge | EdgesLost) -> tuple[measurements.Call, ...]:
        """Take in an edge; the calls that ended with it. Lines that the settings do not name are not this desk's."""
        if observation.line not in self._names:
            return ()
        if isinstance(observation, EdgesLost):
            self._switchboard.lines[observation.line].on_dropped(observation.count)
            return ()
        edge = PinEdge(observation.t_s, observation.line, observation.pin, observation.level)
        return self._heard(self._switchboard.on_edge(edge))

    def advance(self, t_s: float) -> tuple[measurements.Call, ...]:
        """Let time pass without edges; the calls that ended by silence."""
        return self._heard(self._switchboard.advance(t_s - SETTLED_S))

    def finish(self, t_s: float) -> tuple[measurements.Call, ...]:
        """The timeline ends; calls in progress are told as far as they were seen."""
        return self._heard(self._switchboard.finish(t_s))

    def _heard(self, events: list[LineEvent]) -> tuple[measurements.Call, ...]:
        calls = []
        for event in events:
            match event:
                case Ringing():
                    self._ringing[event.line] = event.ring_number
                case RingingStopped():
                    self._ringing.pop(event.line, None)
                case OffHook():
                    self._lifted.add(event.line)
                case OnHook():
                    self._lifted.discard(event.line)
                case CallEnded():
                    calls.append(measurement(event.call))
                case LineFault():
                    self.faults[event.line] = event.advice
        talking = None if self.now.talking is None else bool(self._lifted)
        self.now = replace(self.now, rings=max(self._ringing.values(), default=0), talking=talking)
        return tuple(calls)


def line_settings(wiring: Wiring) -> PhoneLineSettings:
    """What desk.toml says of a line, as the decoder needs it."""
    return PhoneLineSettings(
        line=wiring.name,
        input=wiring.input,
        pulses_per_cycle=wiring.pulses_per_cycle,
        ring_active_high=wiring.ring_active_high,
        has_hook_switch=wiring.hook_pin is not None,
        hook_active_high=wiring.hook_active_high,
        cadence=wiring.cadence,
        message_waiting_splash_s=wiring.message_waiting_splash_s,
    )


def measurement(call: Call) -> measurements.Call:
    """A call as it travels."""
    return measurements.Call(
        start_s=call.started_s,
        end_s=call.ended_s,
        line=call.line,
        rings_begun=call.rings_begun,
        rings_completed=call.rings_completed,
        ring_s=call.ring_seconds,
        answered_ring=call.answered_ring,
        pickup_delay_s=call.pickup_delay_s,
        outcome=call.outcome,
        talk_s=call.talk_s,
        pattern=call.pattern,
        cadence=call.cadence,
        cadence_confidence=call.cadence_confidence,
        noise_rejected=call.noise.total,
    )
