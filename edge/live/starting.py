"""The beginning of `deskside run`: settings and lights, before what takes seconds to load, so that a desk that starts can be seen to."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.clock import Clock
from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_thread import LightThread
from edge.feedback.lights import DeskLights
from edge.live.log_thread import log_on_a_thread
from edge.live.machine_id import machine_id, with_a_name_of_its_own
from edge.settings.last_good import Configuration, LastGood

log = logging.getLogger(__name__)

STARTS_WITHIN_S = 150.0
"""How long the light says at most that the desk starts: systemd gives it up then (`TimeoutStartSec` of the unit)."""


@dataclass(frozen=True, slots=True)
class DeskStart:
    """What a desk has before its cameras and models."""

    configuration: Configuration
    state: Path | None
    """Where it keeps what it must not lose; None for the usual place."""
    clock: Clock
    lights: LightThread
    stop: threading.Event
    """Set once the desk is told to end."""


@contextmanager
def beginning(desk_file: Path, standards: Path, state: Path | None) -> Iterator[DeskStart]:
    """Read the settings and light the lights; they go off at the end, however it comes.

    Raises:
        BadFileError: The settings cannot be used and none were good before.
        NamelessDeskError: The desk has the name it was flashed with, and no serial number to take one from.
    """
    log_on_a_thread()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    configuration = with_a_name_of_its_own(
        LastGood(state).load_or_fall_back(desk_file, standards), machine_id()
    )
    for trouble in (configuration.complaint, configuration.not_kept, configuration.nameless):
        if trouble:
            log.error("%s", trouble)
    clock = Clock()
    lights = LightThread(DeskLights(configuration.settings.lights, now_s=clock.now_s()), clock.now_s)
    try:
        lights.show(Cue(CueKind.STARTING, measuring=False), STARTS_WITHIN_S)
        yield DeskStart(configuration, state, clock, lights, stop)
    finally:
        lights.close()
