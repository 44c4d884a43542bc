"""The pins, driven edge by edge through gpiozero's mock factory."""

import sys
import threading
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.exc import BadPinFactory
from gpiozero.pins import mock

from edge.live import phone_pins as pins_module
from edge.live.phone_pins import (
    MOST_IN_WINDOW,
    MOST_WAITING,
    SETTLE_S,
    WINDOW_S,
    PhonePinError,
    PhonePins,
)
from edge.observation import Edge, EdgesLost, from_json, to_json
from edge.phone.events import CallEnded, LineEvent, OffHook, OnHook, Ringing
from edge.phone.switchboard import Switchboard
from edge.settings.desk_toml import PhoneLine

mocked: Any = mock  # gpiozero carries no types.
RING, HOOK = 17, 27
WIRED = PhoneLine(ring_pin=RING, hook_pin=HOOK, pulses_per_cycle=2, cadence="UK")


class Clock:
    """The monotonic clock of a scripted day, for the mock pins and for the code that reads them."""

    def __init__(self) -> None:
        self.t_s = 100.0

    def monotonic(self) -> float:
        return self.t_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(mock, "monotonic", clock.monotonic)
    monkeypatch.setattr(pins_module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def factory(clock: Clock) -> Iterator[Any]:
    before = devices.Device.pin_factory
    devices.Device.pin_factory = mocked.MockFactory()
    yield devices.Device.pin_factory
    devices.Device.pin_factory.reset()
    devices.Device.pin_factory = before


class Hardware:
    """What is wired to the pins: an optocoupler and a hook switch, both pulling their pin down."""

    def __init__(self, clock: Clock, factory: Any) -> None:
        self.clock = clock
        self.ring_pin, self.hook_pin = factory.pin(RING), factory.pin(HOOK)

    def ring(self, length_s: float, hz: float = 25.0) -> None:
        for _ in range(round(length_s * 2 * hz)):
            self.ring_pin.drive_low()
            self.clock.t_s += 0.4 / (2 * hz)
            self.ring_pin.drive_high()
            self.clock.t_s += 0.6 / (2 * hz)

    def british_ring(self) -> None:
        self.ring(0.4)
        self.clock.t_s += 0.2
        self.ring(0.4)


def read_all(pins: PhonePins, board: Switchboard, clock: Clock, seconds: float = 0.0) -> list[LineEvent]:
    clock.t_s += seconds + 2 * SETTLE_S
    return look(pins, board, clock)


def look(pins: PhonePins, board: Switchboard, clock: Clock) -> list[LineEvent]:
    events = [event for observation in pins.read() for event in board.observe(observation)]
    return events + board.advance(clock.t_s - SETTLE_S)


def test_a_call_through_the_pins_is_measured_with_the_pins_own_times(clock: Clock, factory: Any) -> None:
    board, events = Switchboard([WIRED]), []
    with PhonePins([WIRED]) as pins:
        hardware = Hardware(clock, factory)
        started_s = clock.t_s
        for _ in range(2):
            hardware.british_ring()
            events += read_all(pins, board, clock, 2.0)
        hardware.british_ring()
        clock.t_s += 0.7
        lifted_s = clock.t_s
        hardware.hook_pin.drive_low()
        events += read_all(pins, board, clock, 30.0)
        hung_up_s = clock.t_s
        hardware.hook_pin.drive_high()
        events += read_all(pins, board, clock, 2.0)
    (call,) = [event.call for event in events if isinstance(event, CallEnded)]
    assert (call.rings_begun, call.answered_ring, call.outcome) == (3, 3, "answered")
    assert call.start_s == pytest.approx(started_s, abs=2e-6)
    assert call.pickup_delay_s == pytest.approx(lifted_s - started_s, abs=2e-6)
    assert call.talk_s == pytest.approx(hung_up_s - lifted_s, abs=2e-6)


def test_a_ring_is_an_event_while_it_sounds(clock: Clock, factory: Any) -> None:
    board = Switchboard([WIRED])
    with PhonePins([WIRED]) as pins:
        hardware = Hardware(clock, factory)
        hardware.ring(0.2)
        assert [type(event) for event in look(pins, board, clock)] == [Ringing]


def test_a_receiver_that_is_lifted_at_the_start_is_known_to_be(clock: Clock, factory: Any) -> None:
    factory.pin(HOOK)
    hook = factory.pin(HOOK)
    hook.pull = "up"
    with PhonePins([WIRED]) as pins:
        hook.drive_low()
        assert [type(event) for event in read_all(pins, Switchboard([WIRED]), clock, 1.0)] == [OffHook]


def test_pins_are_pulled_to_their_idle_level_and_not_debounced(clock: Clock, factory: Any) -> None:
    with PhonePins([PhoneLine(ring_pin=RING, hook_pin=HOOK, ring_active_high=True)]):
        assert (factory.pin(RING).pull, factory.pin(HOOK).pull) == ("down", "up")
        assert factory.pin(RING).bounce is None


def test_edges_of_two_pins_come_in_order_of_time(clock: Clock, factory: Any) -> None:
    with PhonePins([WIRED]) as pins:
        ring, hook = pins._pins
        clock.t_s += 1.0
        hook._changed(100.5, 0)
        ring._changed(100.4, 0)
        clock.t_s = 100.5 + SETTLE_S / 2
        assert [edge.t_s for edge in pins.read()] == [100.0, 100.0, 100.4]
        clock.t_s += SETTLE_S
        assert pins.read() == [Edge(100.5, "1", "hook", level=False)]


def test_interference_at_10_khz_neither_grows_the_queue_nor_makes_a_call(clock: Clock, factory: Any) -> None:
    board, events = Switchboard([WIRED]), []
    with PhonePins([WIRED]) as pins:
        ring_pin = factory.pin(RING)
        for number in range(100_000):
            clock.t_s += 0.00005
            (ring_pin.drive_low if number % 2 else ring_pin.drive_high)()
            if number % 400 == 0:
                ring_pin.clear_states()
                events += look(pins, board, clock)
            assert len(pins._queue) <= 400
        ring_pin.drive_high()
        events += read_all(pins, board, clock, 20.0)
    assert events == []
    noise = board.lines["1"].inspect().noise
    windows = 5.0 / WINDOW_S
    assert noise.dropped == pytest.approx(100_000 - windows * MOST_IN_WINDOW, abs=2 * MOST_IN_WINDOW)


def test_a_decoder_that_does_not_come_round_costs_edges_and_no_memory(clock: Clock, factory: Any) -> None:
    with PhonePins([WIRED]) as pins:
        ring_pin = factory.pin(RING)
        for number in range(20_000):
            clock.t_s += 0.001
            (ring_pin.drive_low if number % 2 else ring_pin.drive_high)()
        assert len(pins._queue) <= MOST_WAITING + len(pins._pins)
        lost = [each.count for each in pins.read() if isinstance(each, EdgesLost)]
        assert sum(lost) > 20_000 - MOST_WAITING - 10


def test_after_edges_were_lost_the_pins_level_is_found_again(clock: Clock, factory: Any) -> None:
    with PhonePins([WIRED]) as pins:
        hook = factory.pin(HOOK)
        pins.read()
        hook._state = False  # The kernel lost the edge.
        edges: list[Edge | EdgesLost] = []
        for _ in range(5):
            clock.t_s += 0.2
            edges += pins.read()
        (edge,) = [edge for edge in edges if edge.t_s > 100.0]
        assert edge == Edge(edge.t_s, "1", "hook", level=False)


def test_an_error_in_a_callback_is_told_and_does_not_reach_the_librarys_thread(
    clock: Clock, factory: Any
) -> None:
    with PhonePins([WIRED]) as pins:
        assert pins.problem() is None
        pins._pins[0]._changed(None, 1)  # type: ignore[arg-type]
        assert "1 edges could not be taken" in str(pins.problem())


def test_a_dead_callback_thread_is_told(clock: Clock, factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    lgpio = ModuleType("lgpio")
    monkeypatch.setitem(lgpio.__dict__, "_notify_thread", ended)
    monkeypatch.setitem(sys.modules, "lgpio", lgpio)
    with PhonePins([WIRED]) as pins:
        assert "no pin is watched any more" in str(pins.problem())


def test_a_pin_that_is_taken_is_told_with_its_line_and_gives_the_others_back(
    clock: Clock, factory: Any
) -> None:
    with pytest.raises(PhonePinError, match="line 2: ring_pin 17 cannot be watched"):
        PhonePins([WIRED, PhoneLine(name="2", ring_pin=RING)])
    PhonePins([WIRED]).close()


def test_a_machine_without_pins_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_factory() -> None:
        raise BadPinFactory("Unable to load any default pin factory!")

    monkeypatch.setattr(devices.Device, "pin_factory", None)
    monkeypatch.setattr(devices.Device, "_default_pin_factory", no_factory)
    with pytest.raises(PhonePinError, match="python3-lgpio must be installed"):
        PhonePins([WIRED])


def test_a_pin_factory_with_another_clock_is_refused(
    clock: Clock, factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mock.MockFactory, "ticks", staticmethod(lambda: 5.0))
    with pytest.raises(PhonePinError, match="does not time edges on the monotonic clock; use lgpio"):
        PhonePins([WIRED])


def test_a_recording_of_the_pins_replays_to_the_same_call(clock: Clock, factory: Any) -> None:
    live, replayed = Switchboard([WIRED]), Switchboard([WIRED])
    events: list[LineEvent] = []
    lines: list[str] = []
    with PhonePins([WIRED]) as pins:
        hardware = Hardware(clock, factory)
        for step in range(60):
            if step in (1, 4, 8):
                clock.t_s += 0.123456789
                hardware.british_ring()
            if step == 10:
                hardware.hook_pin.drive_low()
            if step == 50:
                hardware.hook_pin.drive_high()
            clock.t_s += 0.25
            for observation in pins.read():
                lines.append(to_json(observation))
                events += live.observe(observation)
            events += live.advance(clock.t_s - SETTLE_S)
    again: list[LineEvent] = []
    for line in lines:
        edge = from_json(line)
        assert isinstance(edge, Edge)
        again += replayed.observe(edge)
    again += replayed.advance(clock.t_s - SETTLE_S)
    assert repr(again) == repr(events)
    assert {CallEnded, OnHook} <= {type(event) for event in events}
