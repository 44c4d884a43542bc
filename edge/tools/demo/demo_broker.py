"""A real MQTT broker for the demo, on a port that is free."""

import contextlib
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

from edge.settings.desk_toml import Uplink
from edge.uplink import access_check
from protocol.broker.trial_broker import trial_broker

HOST = "127.0.0.1"


@contextlib.contextmanager
def running_broker(folder: Path) -> Iterator[tuple[str, Uplink]]:
    """A broker on a free port of this machine, for as long as the context lasts; gives its name and the way to it.

    Args:
        folder: Where its settings and its log are written.

    Raises:
        TrialBrokerError: It did not come up.
    """
    port = free_port()
    with trial_broker(HOST, port, folder) as (name, speaks), _open_on_purpose():
        yield name, Uplink(host=HOST, port=port, mqtt=speaks)


@contextlib.contextmanager
def _open_on_purpose() -> Iterator[None]:
    """Nobody is warned of a broker that lets everybody speak: only this machine reaches the demo's."""
    log = logging.getLogger(access_check.__name__)

    def silence(_: logging.LogRecord) -> bool:
        return False

    log.addFilter(silence)
    try:
        yield
    finally:
        log.removeFilter(silence)


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
