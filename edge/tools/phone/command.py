"""`deskside phone watch` and `deskside phone record`: the technician's tools for wiring a desk."""

import contextlib
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from edge.live.phone import line_pins
from edge.live.phone_pins import PhonePinError, PhonePins
from edge.phone.recording import record
from edge.phone.switchboard import EdgeBatch, Switchboard
from edge.phone.telephone import line_settings
from edge.recording import Header, RecordingError
from edge.settings.desk_toml import Settings
from edge.settings.last_good import load_configuration
from edge.tools.phone.watch import watch
from protocol.toml_file import load


def watch_pins(desk_file: Path) -> None:
    """Show what the pins of the desk's lines see, until interrupted.

    Raises:
        BadFileError: The settings cannot be used.
        PhonePinError: There are no lines, or their pins cannot be had.
    """
    settings = load(desk_file, Settings)
    with _pins(settings, desk_file) as pins:
        _watch(pins.batches(_until_interrupted()), settings, pins)


def record_pins(desk_file: Path, standards: Path, file: Path) -> None:
    """Write every edge to a file and show what is seen, until interrupted.

    Raises:
        BadFileError: The settings cannot be used.
        PhonePinError: There are no lines, or their pins cannot be had.
        RecordingError: The file cannot be written.
    """
    configuration = load_configuration(desk_file, standards)
    header = Header(settings=configuration.settings, standard=configuration.standard)
    try:
        out = file.open("w", encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{file} cannot be written: {error.strerror}") from None
    with out, _pins(configuration.settings, desk_file) as pins:
        out.write(header.model_dump_json(exclude_none=True) + "\n")
        _watch(record(pins.batches(_until_interrupted()), out), configuration.settings, pins)


def _watch(batches: Iterable[EdgeBatch], settings: Settings, pins: PhonePins) -> None:
    switchboard = Switchboard(line_settings(wiring) for wiring in settings.phone)
    watch(batches, switchboard, Console(), problem=pins.problem)


@contextlib.contextmanager
def _pins(settings: Settings, desk_file: Path) -> Iterator[PhonePins]:
    if not settings.phone:
        raise PhonePinError(
            f"{desk_file} declares no telephone line: add a [[phone]] table with its ring_pin"
        )
    with PhonePins(line_pins(settings.phone)) as pins:
        yield pins


def _until_interrupted() -> threading.Event:
    """Set by Ctrl-C or SIGTERM, so that a recording ends with its last line."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
