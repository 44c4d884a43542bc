"""Scripted seconds at a telephone: what happens when, written as a story."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from edge.phone.events import Call, CallEnded, LineEvent
from edge.phone.line import PhoneLine
from edge.phone.line_settings import PhoneLineSettings

Event = TypeVar("Event")


@dataclass
class Script:
    """A line with an envelope input and a hook switch, unless told otherwise, and what it has told so far."""

    settings: PhoneLineSettings = field(
        default_factory=lambda: PhoneLineSettings(
            input="envelope", ring_active_high=True, has_hook_switch=True, cadence="DE"
        )
    )
    events: list[LineEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = PhoneLine(self.settings)
        self.t_s = 0.0

    def sound(self, length_s: float, start_s: float | None = None) -> None:
        """Ringing current for so long."""
        start_s = self.t_s if start_s is None else start_s
        self.t_s = start_s + length_s
        if self.settings.input != "pulses":
            self._ring(start_s, active=True)
            self._ring(self.t_s, active=False)
            return
        spacing_s = 1.0 / (25.0 * (self.settings.pulses_per_cycle or 2))
        for number in range(round(length_s / spacing_s)):
            self._ring(start_s + number * spacing_s, active=True)
            self._ring(start_s + number * spacing_s + 0.5 * spacing_s, active=False)

    def _ring(self, t_s: float, *, active: bool) -> None:
        self.events += self.line.on_ring_edge(t_s, active == self.settings.ring_active_high)

    def ring(self, times: int, cycle_s: tuple[float, ...] = (1.0, 4.0)) -> None:
        """So many whole rings, each with its pause."""
        for _ in range(times):
            for on_s, off_s in zip(cycle_s[::2], cycle_s[1::2], strict=True):
                self.sound(on_s)
                self.wait(off_s)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.t_s += seconds
        self.events += self.line.advance(self.t_s)

    def lift(self) -> None:
        """The receiver is lifted."""
        self.events += self.line.on_hook_edge(self.t_s, True)

    def hang_up(self) -> None:
        """The receiver is hung up."""
        self.events += self.line.on_hook_edge(self.t_s, False)

    def told(self, kind: type[Event]) -> list[Event]:
        """Everything of one kind that was told."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def calls(self) -> list[Call]:
        """The calls that ended."""
        return [event.call for event in self.told(CallEnded)]

    @property
    def call(self) -> Call:
        """The only call that ended."""
        (call,) = self.calls
        return call


def line_with(**changes: Any) -> Script:
    """A script on a line with other settings."""
    usual = {"input": "envelope", "ring_active_high": True, "has_hook_switch": True, "cadence": "DE"}
    return Script(PhoneLineSettings(**{**usual, **changes}))
