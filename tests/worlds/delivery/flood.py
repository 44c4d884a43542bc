"""Somebody who floods the broker with long messages."""

import itertools
import os
import threading
from typing import Self

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

LONG = 60_000
"""Bytes of a message: nearly as long as either side reads."""


class Flood:
    """Somebody who sends messages of 60 kB, each another, as fast as the broker takes them."""

    def __init__(self, port: int) -> None:
        self.sent = 0
        self._client = Client(CallbackAPIVersion.VERSION2, "flood")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _run(self) -> None:
        filling = os.urandom(LONG // 2).hex().encode()
        for number in itertools.count():
            if self._stop.is_set():
                return
            sent = self._client.publish("deskside/1/flood/event", b"%d " % number + filling, 1)
            self.sent += 1
            if number % 20 == 0:
                sent.wait_for_publish(10.0)
