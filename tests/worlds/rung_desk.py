"""A desk whose telephone a test rings, in a process of its own: the real appliance on simulated pins.

``python -m tests.worlds.rung_desk FOLDER SEEN`` loads its program and waits for ``begin`` on stdin. Then it keeps its spool in FOLDER and sums
up its health every second; ``ring`` and ``quiet`` drive the pin of the telephone. SEEN, a socket, is told that it is ``loaded``, and each
cue that the light takes on.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from gpiozero.devices import Device
from gpiozero.pins.mock import MockFactory

import edge.live.health
from edge.clock import Clock
from edge.feedback.cue import Cue
from edge.feedback.light_thread import LightThread
from edge.feedback.lights import DeskLights
from edge.live.appliance import Appliance
from edge.live.birth import birth_facts
from edge.live.line_memory import FILE_NAME
from edge.live.log_thread import log_on_a_thread
from edge.live.sight import Sight
from edge.phone.learnt import LearntLine
from edge.settings.desk_toml import DeskSection, Lights, PhoneLine, Settings, Storage, Uplink
from edge.settings.last_good import Configuration
from protocol.standards_folder import find_standard

RING_PIN = 23
LINE = PhoneLine(name="1", ring_pin=RING_PIN, input="envelope", ring_active_high=True, cadence="DE")
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
LATER_S = 12.0
"""Far below the 40 s for which a call hangs, and far above what a busy machine needs for a turn of the loop."""


def remembered(folder: Path, learnt: dict[str, LearntLine]) -> Path:
    """The file of a desk before it, whose telephone line had learnt this."""
    path = folder / FILE_NAME
    settings = LINE.model_dump(mode="json")
    lines = {
        name: {"settings": settings, "learnt": line.model_dump(mode="json")} for name, line in learnt.items()
    }
    path.write_text(json.dumps({"version": 1, "lines": lines}))
    return path


class ReportingLights(DeskLights):
    """Lights that tell a socket what they show."""

    def __init__(self, address: str) -> None:
        super().__init__(Lights())
        self._kind: str | None = None
        self._address = f"\0{address}"
        self._way = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def show(self, cue: Cue, t_s: float) -> None:
        super().show(cue, t_s)
        if cue.kind != self._kind:
            self._kind = cue.kind
            self._way.sendto(cue.kind.encode(), self._address)


class RungDesk:
    """The process, and what systemd and the host notice of it.

    Args:
        folder: Where the spool is.
        before: A command in which to run it.
    """

    def __init__(self, folder: Path, *before: str) -> None:
        name = f"rung-desk-{os.getpid()}-{id(self)}"
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        self.systemd, self._seen = _listening(f"{name}-systemd"), _listening(f"{name}-seen")
        environment = {
            **os.environ,
            "NOTIFY_SOCKET": f"@{name}-systemd",
            "WATCHDOG_USEC": str(int(3e6)),
            "GPIOZERO_PIN_FACTORY": "mock",
        }
        command = [*before, sys.executable, "-m", "tests.worlds.rung_desk", str(folder), f"{name}-seen"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.systemd.close()
        self._seen.close()

    def begin(self) -> None:
        """Let it start, and wait until systemd heard that it has."""
        self._say("begin")
        self.heard("READY=1", within_s=PATIENCE_S)

    def heard(self, word: str, within_s: float) -> float:
        """How long it took until systemd heard a word."""
        return self._until(self.systemd, lambda message: word in message, within_s)

    def rung(self) -> float:
        """Ring, and stop ringing; how long after its beginning the light knew."""
        self._drain(self._seen)
        self._say("ring")
        took_s = self._until(self._seen, lambda message: "phone" in message, PATIENCE_S)
        self._say("quiet")
        self._until(self._seen, lambda message: "phone" not in message, PATIENCE_S)
        return took_s

    def longest_silence_s(self, over_s: float) -> float:
        """The longest time for which systemd's watchdog hears nothing."""
        self._drain(self.systemd)
        longest_s = last_s = 0.0
        began_s = time.monotonic()
        while last_s < over_s:
            self.heard("WATCHDOG=1", PATIENCE_S)
            now_s = time.monotonic() - began_s
            longest_s, last_s = max(longest_s, now_s - last_s), now_s
        return longest_s

    def logged(self, words: str) -> bool:
        """Whether its log says so, now or soon."""
        until_s = time.monotonic() + PATIENCE_S
        while words not in self.log.read_text():
            if time.monotonic() > until_s:
                return False
            time.sleep(0.05)
        return True

    def stop(self) -> None:
        """End it as systemd does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)

    def _say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def _until(self, way: socket.socket, wanted: Callable[[str], bool], within_s: float) -> float:
        began_s = time.monotonic()
        while (left_s := began_s + within_s - time.monotonic()) > 0:
            way.settimeout(left_s)
            try:
                message = way.recv(4096).decode()
            except TimeoutError:
                break
            if wanted(message):
                return time.monotonic() - began_s
        raise AssertionError(f"it did not come: {self.log.read_text()}")

    @staticmethod
    def _drain(way: socket.socket) -> None:
        way.setblocking(False)
        try:
            while way.recv(4096):
                pass
        except BlockingIOError:
            return


def _listening(name: str) -> socket.socket:
    way = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    way.bind(f"\0{name}")  # no file, so that no fault of the disk reaches it
    return way


def main(arguments: Sequence[str]) -> None:
    folder, seen = Path(arguments[0]), arguments[1]
    log_on_a_thread()
    edge.live.health.EVERY_S = 1.0
    factory: Any = MockFactory()  # type: ignore[no-untyped-call]
    Device.pin_factory = factory
    pin = factory.pin(RING_PIN)  # before a thread of the desk asks for it: both would make one
    settings = Settings(
        desk=DeskSection(device="desk-3"),
        phone=(LINE,),
        uplink=Uplink(host="127.0.0.1", port=1),
        storage=Storage(spool=folder / "spool.db"),
    )
    configuration, sight, stop = (
        Configuration(settings, find_standard("eight-teeth")),
        Sight(settings),
        threading.Event(),
    )
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    clock = Clock()
    lights = LightThread(ReportingLights(seen), clock.now_s)
    appliance = Appliance(configuration, birth_facts(configuration, sight.hashes), clock, sight, lights)
    threading.Thread(target=_drive, args=(pin,), daemon=True).start()
    appliance.run(stop)


def _drive(pin: Any) -> None:
    for line in sys.stdin:
        (pin.drive_high if line.strip() == "ring" else pin.drive_low)()


if __name__ == "__main__":
    main(sys.argv[1:])
