"""A broker for trying things on one machine: mosquitto when it is installed, else one in Python; without TLS, and open to all."""

import asyncio
import contextlib
import logging
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from protocol.errors import MendableError

DAEMONS = "/usr/sbin:/usr/local/sbin"
"""Where Debian installs mosquitto, and where an ordinary user's PATH does not look."""
_START_S = 20.0
"""The broker in Python needs 3 s of processor time on a Pi 4; a machine busy with something else takes longer."""


class TrialBrokerError(MendableError):
    """No broker could be started."""


@contextlib.contextmanager
def trial_broker(host: str, port: int, folder: Path) -> Iterator[tuple[str, Literal["auto", "3.1.1"]]]:
    """A broker for as long as the context lasts; gives its name and the MQTT that it answers to.

    Args:
        host: Address that it listens at.
        port: Its port.
        folder: Where its settings and its log are written.

    Raises:
        TrialBrokerError: It did not come up.
    """
    if _listens(host, port):
        raise TrialBrokerError(
            f"no broker is started: something listens at {host}:{port} already; "
            "if it is your broker, use that one, otherwise name another port"
        )
    log = folder / "broker.log"
    name, command, speaks = _command(host, port, folder)
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_listening(process, host, port, log)
            yield name, speaks
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(host: str, port: int, folder: Path) -> tuple[str, list[str], Literal["auto", "3.1.1"]]:
    mosquitto = shutil.which("mosquitto") or shutil.which("mosquitto", path=DAEMONS)
    if mosquitto:
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {port} {host}\nallow_anonymous true\npersistence false\n")
        return "mosquitto", [mosquitto, "-c", str(config)], "auto"
    if find_spec("amqtt") is None:
        raise TrialBrokerError(
            "no broker is installed: `sudo apt-get install mosquitto`, or `pip install 'deskside[central]'` for one in Python"
        )
    # It answers MQTT 5 with silence.
    return "amqtt (embedded)", [sys.executable, "-m", __name__, host, str(port)], "3.1.1"


def _listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def _wait_until_listening(process: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        if _listens(host, port):
            return
        time.sleep(0.05)
    raise TrialBrokerError(
        f"the MQTT broker did not start: {log.read_text(errors='replace').strip() or 'it said nothing'}"
    )


async def _embedded(host: str, port: int) -> None:
    from amqtt.broker import Broker  # noqa: PLC0415  (only where no mosquitto is installed)

    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }
    broker = Broker(config)
    await broker.start()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_embedded(sys.argv[1], int(sys.argv[2])))
