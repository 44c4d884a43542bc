"""The pins on a real gpiochip: the kernel's simulated one, through lgpio, at the pace of a real telephone."""

import importlib.util
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import devices

from edge.live.phone_pins import SETTLE_S, PhonePins
from edge.phone.events import CallEnded, LineEvent, Ringing
from edge.phone.switchboard import Switchboard
from edge.settings.desk_toml import PhoneLine
from tests.not_tested import needs

CONFIGFS = Path("/sys/kernel/config/gpio-sim")
RING, HOOK = 17, 27
WIRED = PhoneLine(ring_pin=RING, hook_pin=HOOK, pulses_per_cycle=2, cadence="UK")
LOOK_S = 0.02
PI_5 = 0xD03115


class SimulatedChip:
    """Fifty-four lines whose outside the test pulls up and down."""

    def __init__(self) -> None:
        self._folder = CONFIGFS / "deskside"
        (self._folder / "bank0").mkdir(parents=True)
        (self._folder / "bank0" / "num_lines").write_text("54")
        (self._folder / "live").write_text("1")
        device = (self._folder / "dev_name").read_text().strip()
        self.name = (self._folder / "bank0" / "chip_name").read_text().strip()
        self._lines = Path("/sys/devices/platform") / device / self.name
        self._files = {
            pin: os.open(self._lines / f"sim_gpio{pin}" / "pull", os.O_WRONLY) for pin in (RING, HOOK)
        }

    def pull(self, pin: int, *, up: bool) -> None:
        os.pwrite(self._files[pin], b"pull-up" if up else b"pull-down", 0)

    def ring(self, length_s: float, hz: float = 25.0) -> None:
        """Ringing current through an optocoupler that pulls the pin down twice a cycle."""
        due_s = time.monotonic()
        pulses = round(length_s * 2.0 * hz)
        for _ in range(pulses):
            for up in (False, True):
                self.pull(RING, up=up)
                due_s += 0.5 / (2.0 * hz)
                time.sleep(max(0.0, due_s - time.monotonic()))

    def close(self) -> None:
        for file in self._files.values():
            os.close(file)
        (self._folder / "live").write_text("0")
        (self._folder / "bank0").rmdir()
        self._folder.rmdir()


@pytest.fixture(scope="module")
def chip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedChip]:
    if not CONFIGFS.exists() or importlib.util.find_spec("lgpio") is None:
        needs(
            "a simulated gpiochip",
            "as root: modprobe gpio-sim, mount -t configfs none /sys/kernel/config, pip install lgpio",
        )
    os.environ["LG_WD"] = str(tmp_path_factory.mktemp("lgpio"))
    os.chdir(os.environ["LG_WD"])
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - needs lgpio, which not every machine has

    class Factory(LGPIOFactory):
        def _get_revision(self) -> int:
            return PI_5

    chip = SimulatedChip()
    for pin in (RING, HOOK):
        chip.pull(pin, up=True)
    before = devices.Device.pin_factory
    open_chip: Any = Factory  # gpiozero carries no types.
    factory = open_chip(chip=int(chip.name.removeprefix("gpiochip")))
    devices.Device.pin_factory = factory
    yield chip
    devices.Device.pin_factory = before
    factory.close()
    chip.close()


def listen(pins: PhonePins, board: Switchboard, events: list[LineEvent], stop: threading.Event) -> None:
    while not stop.wait(LOOK_S):
        for observation in pins.read():
            events.extend(board.observe(observation))
        events.extend(board.advance(time.monotonic() - SETTLE_S))


def test_a_call_on_a_real_gpiochip_is_measured_by_the_kernels_times(chip: SimulatedChip) -> None:
    board, events, stop = Switchboard([WIRED]), list[LineEvent](), threading.Event()
    with PhonePins([WIRED]) as pins:
        listener = threading.Thread(target=listen, args=(pins, board, events, stop))
        listener.start()
        started_s = time.monotonic()
        for pause_s in (2.0, 2.0, 0.7):
            chip.ring(0.4)
            time.sleep(0.2)
            chip.ring(0.4)
            time.sleep(pause_s)
        lifted_s = time.monotonic()
        chip.pull(HOOK, up=False)
        time.sleep(2.0)
        hung_up_s = time.monotonic()
        chip.pull(HOOK, up=True)
        time.sleep(1.5)
        stop.set()
        listener.join()
        assert pins.problem() is None
    rings = [event for event in events if isinstance(event, Ringing)]
    (call,) = [event.call for event in events if isinstance(event, CallEnded)]
    assert [ring.ring_number for ring in rings] == [1, 2, 3]
    assert (call.rings_begun, call.rings_completed, call.answered_ring, call.outcome) == (3, 3, 3, "answered")
    assert call.pickup_delay_s == pytest.approx(lifted_s - started_s, abs=0.05)
    assert call.talk_s == pytest.approx(hung_up_s - lifted_s, abs=0.05)
    print(f"kernel: pick-up after {call.pickup_delay_s:.4f} s, driven {lifted_s - started_s:.4f} s")


def test_interference_on_a_real_gpiochip_leaves_the_pins_alive(chip: SimulatedChip) -> None:
    board, events, stop = Switchboard([WIRED]), list[LineEvent](), threading.Event()
    with PhonePins([WIRED]) as pins:
        listener = threading.Thread(target=listen, args=(pins, board, events, stop))
        listener.start()
        ends_s = time.monotonic() + 2.0
        edges = 0
        while time.monotonic() < ends_s:
            chip.pull(RING, up=edges % 2 == 0)
            edges += 1
        chip.pull(RING, up=True)
        time.sleep(8.0)
        assert [event for event in events if isinstance(event, CallEnded)] == []
        interfered = len(events)
        chip.ring(1.0)
        time.sleep(0.5)
        stop.set()
        listener.join()
        assert pins.problem() is None
    assert [event.ring_number for event in events[interfered:] if isinstance(event, Ringing)] == [1]
    noise = board.lines["1"].inspect().noise
    print(f"{edges} edges of interference in 2 s, {noise.dropped} dropped, {noise.bounces} taken for bounces")
