"""`deskside phone watch` and `deskside phone record`: the technician's tools for wiring a desk."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from edge.live.phone_pins import PhonePinError, PhonePins
from edge.observation import Edge, EdgesLost, End, Tick
from edge.phone.telephone import Telephone
from edge.recording import Header, Recorder
from edge.settings.desk_toml import Settings
from edge.settings.last_good import load_configuration
from edge.tools.phone.watch import watch
from protocol.toml_file import load

LOOK_S = 0.05
"""Between two looks at the pins, as long as the appliance sleeps at most; the eye follows no faster picture."""


def watch_pins(desk_file: Path) -> None:
    """Show what the pins of the desk's lines see, until interrupted.

    Raises:
        BadFileError: The settings cannot be used.
        PhonePinError: There are no lines, or their pins cannot be had.
    """
    settings = load(desk_file, Settings)
    with _pins(settings, desk_file) as pins:
        watch(
            looks(pins, _until_interrupted()),
            Telephone(settings.phone),
            Console(markup=False, emoji=False),
            pins.problem,
        )


def record_pins(desk_file: Path, standards: Path, file: Path) -> None:
    """Write every edge to a file and show what is seen, until interrupted.

    Raises:
        BadFileError: The settings cannot be used.
        PhonePinError: There are no lines, or their pins cannot be had.
        RecordingError: The file cannot be written.
    """
    configuration = load_configuration(desk_file, standards)
    settings = configuration.settings
    header = Header(settings=settings, standard=configuration.standard)
    with _pins(settings, desk_file) as pins, Recorder(file, header) as recorder:
        observations = recorded(looks(pins, _until_interrupted()), recorder)
        watch(observations, Telephone(settings.phone), Console(markup=False, emoji=False), pins.problem)


def looks(pins: PhonePins, stop: threading.Event) -> Iterator[Edge | EdgesLost | Tick]:
    """Everything the pins bring, and after each look at them a tick, until ``stop`` is set."""
    while not stop.wait(LOOK_S):
        yield from pins.read()
        yield Tick(time.monotonic())


def recorded(
    observations: Iterable[Edge | EdgesLost | Tick], recorder: Recorder
) -> Iterator[Edge | EdgesLost | Tick]:
    """Write down what passes, and at its end how far time had come; ticks between edges say nothing more and are left out."""
    t_s = None
    try:
        for observation in observations:
            t_s = observation.t_s
            if not isinstance(observation, Tick):
                recorder.write(observation)
            yield observation
    finally:
        if t_s is not None:
            recorder.write(End(t_s))


@contextlib.contextmanager
def _pins(settings: Settings, desk_file: Path) -> Iterator[PhonePins]:
    if not settings.phone:
        raise PhonePinError(
            f"{desk_file} declares no telephone line: add a [[phone]] table with its ring_pin"
        )
    with PhonePins(settings.phone) as pins:
        yield pins


def _until_interrupted() -> threading.Event:
    """Set by Ctrl-C or SIGTERM, so that a recording ends with its last line."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
