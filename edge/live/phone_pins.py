"""The pins of the desk's telephone lines: what the kernel saw, when it saw it, and nothing decided here."""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Self

from gpiozero import devices, input_devices

from edge.observation import Edge, EdgesLost
from edge.parts.pin_factory import ensure_pin_factory
from edge.parts.pin_holder import busy_in_words
from edge.settings.desk_toml import PhoneLine
from protocol.errors import MendableError

_gpio: Any = devices  # gpiozero carries no types.
_inputs: Any = input_devices

MOST_WAITING = 4096
"""Edges that wait for the decoder at most: 20 s of ringing current on both lines, half a megabyte."""
WINDOW_S = 0.1
"""Edges are rationed in windows of this length: as long as the shortest burst, so that interference hides one at most."""
MOST_IN_WINDOW = 200
"""Edges a pin may bring in each window; ringing current has at most 28. The rest is interference, counted and not kept, so
that it costs neither memory nor much time. Windows come at 10 Hz, where cut-off interference is no ringing."""
SETTLE_S = 0.03
"""Edges are handed on this long after they happened, so that those of two pins come in order."""
CHECK_S = 0.25
"""How often the pins' levels are compared with their last edges: well before a pick-up or a pause between rings is over."""


class PhonePinError(MendableError):
    """The pins cannot be watched; the message says which, why, and what to do."""


class PhonePins:
    """Watches the pins of all lines that it was given, or that were added since.

    The callbacks run on the pin library's only thread, which an exception would end for every pin: they catch everything,
    and do no more than to put an edge in a queue that cannot grow. ``read`` empties the queue.

    Raises:
        PhonePinError: A pin cannot be had.
    """

    def __init__(self, lines: Iterable[PhoneLine] = ()) -> None:
        self._queue: deque[tuple[float, _WatchedPin, bool]] = deque()
        self._early: list[Edge] = []
        self._pins: list[_WatchedPin] = []
        self._until_s = self._check_s = float("-inf")
        try:
            for line in lines:
                self.add(self.open(line))
        except PhonePinError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, line: PhoneLine) -> "OpenLine":
        """Open the pins of one line, all or none; on any thread, while another reads. Nothing of them is read before they are added.

        Raises:
            PhonePinError: A pin cannot be had.
        """
        opened: list[_WatchedPin] = []
        wired: list[tuple[Literal["ring", "hook"], int, bool]] = [
            ("ring", line.ring_pin, line.ring_active_high)
        ]
        if line.hook_pin is not None:
            wired.append(("hook", line.hook_pin, line.hook_active_high))
        try:
            for pin, number, active_high in wired:
                opened.append(_WatchedPin(line.name, pin, number, self._queue, active_high=active_high))
        except PhonePinError:
            for each in opened:
                each.close()
            raise
        return OpenLine(tuple(opened))

    def add(self, line: "OpenLine") -> None:
        """Watch the pins of this line from now on."""
        now_s = round(time.monotonic(), 6)
        for pin in line.pins:
            pin.begin(now_s)
        self._pins += line.pins

    def read(self) -> list[Edge | EdgesLost]:
        """Every edge that has settled since the last time, in order of time, after the number of those that were lost."""
        now_s = round(time.monotonic(), 6)
        edges = self._early
        while self._queue:
            t_s, pin, level = self._queue.popleft()
            edges.append(pin.edge(t_s, level=level))
        if now_s >= self._check_s:
            self._check_s = now_s + CHECK_S
            for pin in self._pins:
                edges += pin.resynchronised(now_s)
        edges.sort(key=_time_of)
        self._until_s = max(self._until_s, round(now_s - SETTLE_S, 6))
        settled = sum(edge.t_s <= self._until_s for edge in edges)
        self._early = edges[settled:]
        lost = [
            EdgesLost(self._until_s, pin.line, count) for pin in self._pins if (count := pin.take_dropped())
        ]
        return [*lost, *edges[:settled]]

    def problem(self) -> str | None:
        """What keeps the pins from being watched, in words; None while all is well."""
        if _callback_thread_is_dead():
            return "the pin library's thread has ended and no pin is watched any more: restart the appliance"
        failures = sum(pin.failures for pin in self._pins)
        if failures:
            return f"{failures} edges could not be taken: {next(pin.failure for pin in self._pins if pin.failure)}"
        return None

    def close(self) -> None:
        """Give the pins back. The pin factory stays open: closing it would deafen every later one in this process."""
        for pin in self._pins:
            pin.close()
        self._pins.clear()


class _WatchedPin:
    """One pin, and the callback that the pin library calls for it."""

    def __init__(
        self,
        line: str,
        pin: Literal["ring", "hook"],
        number: int,
        queue: deque[tuple[float, "_WatchedPin", bool]],
        *,
        active_high: bool,
    ) -> None:
        self.line = line
        self.failures = 0
        self.failure = ""
        self._pin = pin
        self._idle = not active_high
        self._queue = queue
        self._window = -1
        self._in_window = 0
        self._dropped = 0
        self._dropped_counted = 0
        self._cut_off = False
        self._disagreed = False
        self._device = _open(line, pin, number, active_high=active_high)
        self._level = self._idle
        self._begun = False
        gpio = self._device.pin
        try:
            # The decoder smooths bounces itself: the kernel's debouncing would swallow ringing current of 25 Hz whole.
            gpio.bounce = None
            gpio.edges = "both"
            gpio.when_changed = self._changed
        except Exception as error:
            with suppress(Exception):
                self._device.close()
            raise _refusal(f"line {line}: {pin}_pin {number}", number, error) from error

    def begin(self, now_s: float) -> None:
        """Report from now on, the level of this moment first."""
        self._begun = True
        self._level = bool(self._device.pin.state)
        self._queue.append((now_s, self, self._level))

    def _changed(self, ticks: float, state: int) -> None:
        """Take an edge; ``ticks`` is the kernel's time of it in seconds on the monotonic clock."""
        if not self._begun:
            return
        try:
            level = bool(state)
            window = int(ticks / WINDOW_S)
            if window != self._window:
                self._window = window
                self._in_window = 0
            self._in_window += 1
            if self._in_window > MOST_IN_WINDOW or len(self._queue) >= MOST_WAITING:
                self._dropped += 1
                if not self._cut_off:
                    # Silence from here on, rather than whichever level the interference left.
                    self._cut_off = True
                    self._queue.append((round(ticks, 6), self, self._idle))
                return
            self._cut_off = False
            self._queue.append((round(ticks, 6), self, level))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the library's thread
            self.failures += 1
            self.failure = repr(error)

    def edge(self, t_s: float, *, level: bool) -> Edge:
        """The edge as the rest of the desk knows it."""
        self._level = level
        return Edge(t_s, self.line, self._pin, level)

    def resynchronised(self, now_s: float) -> list[Edge]:
        """An edge of our own where the pin has been quiet, and twice stood at another level than its last edge.

        The kernel, the queue or the guard against interference may have lost the edge that led there.
        """
        quiet = int(now_s / WINDOW_S) > self._window + 1
        level = bool(self._device.pin.state)
        disagrees = quiet and level != self._level
        missed = disagrees and self._disagreed
        self._disagreed = disagrees
        return [self.edge(now_s, level=level)] if missed else []

    def take_dropped(self) -> int:
        """How many edges were dropped since the last time."""
        dropped = self._dropped - self._dropped_counted
        self._dropped_counted += dropped
        return dropped

    def close(self) -> None:
        self._device.pin.when_changed = None
        self._device.close()


@dataclass(frozen=True, slots=True)
class OpenLine:
    """The pins of one line, opened, which nobody watches yet."""

    pins: tuple[_WatchedPin, ...]

    def close(self) -> None:
        """Give them back unwatched."""
        for pin in self.pins:
            pin.close()


def _open(line: str, pin: str, number: int, *, active_high: bool) -> Any:
    where = f"line {line}: {pin}_pin {number}"
    try:
        ensure_pin_factory()
        device = _inputs.InputDevice(number, pull_up=not active_high)
    except Exception as error:  # lgpio's own error has no kin
        raise _refusal(where, number, error) from error
    factory = _gpio.Device.pin_factory
    if abs(factory.ticks() - time.monotonic()) > 1.0:
        device.close()
        raise PhonePinError(
            f"{where}: {type(factory).__name__} does not time edges on the monotonic clock; use lgpio "
            "(GPIOZERO_PIN_FACTORY=lgpio)"
        )
    return device


def _refusal(where: str, number: int, error: Exception) -> PhonePinError:
    busy = busy_in_words((number,), error)
    if busy is not None:
        return PhonePinError(f"{where} cannot be watched: {busy}")
    advice = "choose a free GPIO in desk.toml; on a desk, python3-lgpio must be installed and the user in group gpio"
    return PhonePinError(f"{where} cannot be watched ({error or type(error).__name__}): {advice}")


def _callback_thread_is_dead() -> bool:
    """Whether lgpio is in use and its only callback thread has ended."""
    thread = getattr(sys.modules.get("lgpio"), "_notify_thread", None)
    return isinstance(thread, threading.Thread) and not thread.is_alive()


def _time_of(edge: Edge) -> float:
    return edge.t_s
