"""A mosquitto of the test's own, on a free port, that can be stopped, killed and started again."""

import contextlib
import getpass
import itertools
import random
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.not_tested import needs

PROJECT = Path(__file__).resolve().parents[3]
MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


PORTS = range(12_000, 32_000)
"""Below those that Linux hands to outgoing connections (32768 on), so that none takes a port before its broker does."""
_PORTS = itertools.cycle(random.SystemRandom().sample(PORTS, len(PORTS)))


def free_port() -> int:
    """A port that nobody listens on; other tests that run at the same time hardly draw the same."""
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("every port is taken")


def wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + 20
    while time.monotonic() < until_s and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError("the broker did not start")


class Mosquitto:
    """One broker; its port stays the same through restarts, what it had queued does not."""

    def __init__(self, folder: Path, config: str | None = None, port: int | None = None) -> None:
        self.port = port if port is not None else free_port()
        self.log = folder / "mosquitto.log"
        self._config = folder / "mosquitto.conf"
        if config is None:
            config = f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
        # Started by root, mosquitto would become another user, who may not read the test's folder.
        self._config.write_text(f"user {getpass.getuser()}\n{config}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if MOSQUITTO is None:
            needs("mosquitto", "apt-get install mosquitto")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [MOSQUITTO, "-v", "-c", str(self._config)], stdout=log, stderr=subprocess.STDOUT
            )
        try:
            wait_until_listening(self.port, self._process)
        except RuntimeError as error:
            raise RuntimeError(f"{error}: {self.log.read_text()}") from None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None
