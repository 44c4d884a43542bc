"""A real MQTT broker for the demo: mosquitto when it is installed, else the embedded one."""

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
from pathlib import Path

from edge.settings.desk_toml import Uplink
from protocol.errors import MendableError

DAEMONS = "/usr/sbin:/usr/local/sbin"
"""Where Debian installs mosquitto, and where an ordinary user's PATH does not look."""
_START_S = 20.0
"""An embedded broker needs 3 s of processor time on a Pi 4; a machine busy with something else takes longer."""


class BrokerError(MendableError):
    """No broker could be started."""


@contextlib.contextmanager
def running_broker(folder: Path) -> Iterator[tuple[str, Uplink]]:
    """A broker on a free port of this machine, for as long as the context lasts; gives its name and the way to it.

    Args:
        folder: Where its settings and its log are written.

    Raises:
        BrokerError: It did not come up.
    """
    port = _free_port()
    mosquitto = shutil.which("mosquitto") or shutil.which("mosquitto", path=DAEMONS)
    if mosquitto:
        name = "mosquitto"
        uplink = Uplink(host="127.0.0.1", port=port)
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        command = [mosquitto, "-c", str(config)]
    else:
        name = "amqtt (embedded)"
        # It answers MQTT 5 with silence.
        uplink = Uplink(host="127.0.0.1", port=port, mqtt="3.1.1")
        command = [sys.executable, "-m", "edge.tools.demo.demo_broker", str(port)]
    with (folder / "broker.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_listening(process, port, folder / "broker.log")
            yield name, uplink
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise BrokerError(
        f"the MQTT broker did not start: {log.read_text(errors='replace').strip() or 'it said nothing'}"
    )


async def _embedded(port: int) -> None:
    from amqtt.broker import Broker  # noqa: PLC0415  (only where no mosquitto is installed)

    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }
    broker = Broker(config)
    await broker.start()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_embedded(int(sys.argv[1])))
