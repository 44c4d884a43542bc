"""Scripted seconds at a telephone: what happens when, written as a story."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from edge.observation import Edge
from edge.phone.events import CallEnded, LineEvent
from edge.phone.line import LineDecoder
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call

Event = TypeVar("Event")


def phone_line(**changes: Any) -> PhoneLine:
    """A German line with a contact's or an envelope's levels and a hook switch, both active high, unless asked otherwise."""
    usual: dict[str, Any] = {
        "ring_pin": 17,
        "hook_pin": 27,
        "input": "envelope",
        "ring_active_high": True,
        "hook_active_high": True,
        "cadence": "DE",
    }
    return PhoneLine(**{**usual, **changes})


@dataclass
class Script:
    """A line, and its events so far."""

    settings: PhoneLine = field(default_factory=phone_line)
    tried: bool = True
    """Whether the receiver was lifted once before, so that its switch is known to move."""
    events: list[LineEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = LineDecoder(self.settings)
        if self.tried:
            for self.t_s, off_hook in ((-40.0, False), (-30.0, True), (-20.0, False)):
                self.hook_pin(self.t_s, off_hook=off_hook)
            self.line.advance(-10.0)
            self.events.clear()
        self.t_s = 0.0

    def sound(self, length_s: float, start_s: float | None = None) -> None:
        """Ringing current for so long."""
        start_s = self.t_s if start_s is None else start_s
        self.t_s = start_s + length_s
        if self.settings.input != "pulses":
            self.ring_pin(start_s, active=True)
            self.ring_pin(self.t_s, active=False)
            return
        spacing_s = 1.0 / (25.0 * (self.settings.pulses_per_cycle or 2))
        for number in range(round(length_s / spacing_s)):
            self.ring_pin(start_s + number * spacing_s, active=True)
            self.ring_pin(start_s + number * spacing_s + 0.5 * spacing_s, active=False)

    def ring_pin(self, t_s: float, *, active: bool) -> None:
        """The ring pin changes."""
        level = active == self.settings.ring_active_high
        self.events += self.line.observe(Edge(t_s, self.settings.name, "ring", level))

    def hook_pin(self, t_s: float, *, off_hook: bool) -> None:
        """The hook pin changes."""
        level = off_hook == self.settings.hook_active_high
        self.events += self.line.observe(Edge(t_s, self.settings.name, "hook", level))

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
        self.hook_pin(self.t_s, off_hook=True)

    def hang_up(self) -> None:
        """The receiver is hung up."""
        self.hook_pin(self.t_s, off_hook=False)

    def sound_over_a_lift(self, before_s: float, after_s: float) -> None:
        """A level that begins before the receiver is lifted and ends after it; the receiver is hung up 20 s later."""
        self.ring_pin(self.t_s, active=True)
        self.wait(before_s)
        self.lift()
        self.wait(after_s)
        self.ring_pin(self.t_s, active=False)
        self.wait(20.0)
        self.hang_up()
        self.wait(20.0)

    def finish(self) -> None:
        """The timeline ends."""
        self.events += self.line.finish(self.t_s)

    def events_of(self, kind: type[Event]) -> list[Event]:
        """Every event of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def calls(self) -> list[Call]:
        """The calls that ended."""
        return [event.call for event in self.events_of(CallEnded)]

    @property
    def call(self) -> Call:
        """The only call that ended."""
        (call,) = self.calls
        return call


def line_with(*, tried: bool = True, **changes: Any) -> Script:
    """A script on a line with other settings."""
    return Script(phone_line(**changes), tried)


def pulses(script: Script, seconds: float, rate_hz: float = 50.0, width: float = 0.6) -> None:
    """So many pulses a second, each filling this share of its period."""
    for number in range(round(seconds * rate_hz)):
        at_s = script.t_s + number / rate_hz
        script.ring_pin(at_s, active=True)
        script.ring_pin(at_s + width / rate_hz, active=False)
    script.t_s += seconds


def rings(script: Script, times: int, width: float = 0.6, rate_hz: float = 50.0) -> None:
    """So many rings of one second in pulses, each with its pause of four."""
    for _ in range(times):
        pulses(script, 1.0, rate_hz, width)
        script.wait(4.0)


def hang_up_after(script: Script, seconds: float) -> None:
    """The receiver is lifted for so long, and half a minute passes."""
    script.lift()
    script.wait(seconds)
    script.hang_up()
    script.wait(30.0)


def answered(script: Script, width: float = 0.6) -> None:
    """A call in pulses that is answered in its third ring."""
    rings(script, 2, width)
    pulses(script, 0.5, width=width)
    hang_up_after(script, 20.0)


def answered_levels(script: Script) -> None:
    """A call of three rings that is answered in the pause after them."""
    script.ring(3)
    hang_up_after(script, 20.0)
