"""Notifies systemd that this program is ready, alive, or stopping (sd_notify(3)), and never waits for it."""

import os
import socket
from collections.abc import Mapping

from protocol.watchdog_pace import WatchdogPace


class SystemdNotifier:
    """One way to systemd; without systemd nothing happens.

    What systemd does not take, because it hangs itself, is sent again with the next `alive`.

    Args:
        environment: Where systemd says how it is reached (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID).
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET")
        self._address = "\0" + address[1:] if address and address.startswith("@") else address
        self._pace = WatchdogPace.told_by(environment, os.getpid())
        self._ready_due = False
        self._socket: socket.socket | None = None
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)

    def ready(self) -> None:
        """The program has started."""
        self._ready_due = not self._sent("READY=1")

    def alive(self, now_s: float) -> None:
        """The program works; to be called in each turn of its loop, systemd is told as often as it asks for."""
        if self._ready_due:
            self.ready()
        if self._pace.due(now_s) and self._sent("WATCHDOG=1"):
            self._pace.sent(now_s)

    def stopping(self) -> None:
        """The program is about to end; nothing more is sent."""
        self._sent("STOPPING=1")
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _sent(self, state: str) -> bool:
        if self._socket is None or not self._address:
            return True
        try:
            self._socket.sendto(state.encode(), self._address)
        except OSError:
            return False  # its queue is full, or it is being started anew
        return True
