"""Which version of MQTT is spoken with a broker that was not asked before: pure."""

from typing import TYPE_CHECKING, Literal

from paho.mqtt.client import MQTTv5, MQTTv311

if TYPE_CHECKING:
    from paho.mqtt.enums import MQTTProtocolVersion

TURNED_AWAY = 3
"""A version that the broker accepted once is given up after so many refusals in a row: a broker that restarts refuses too."""


class Versions:
    """The versions that a broker may speak, one after the other until it accepts one.

    >>> versions = Versions("auto")
    >>> versions.current == MQTTv5
    True
    >>> versions.turned_away()
    >>> versions.current == MQTTv311
    True
    """

    def __init__(self, mqtt: Literal["auto", "5", "3.1.1"]) -> None:
        """Take the setting ``mqtt``."""
        self.all: tuple[MQTTProtocolVersion, ...] = {
            "auto": (MQTTv5, MQTTv311),
            "5": (MQTTv5,),
            "3.1.1": (MQTTv311,),
        }[mqtt]
        """In the order in which they are tried."""
        self.current = self.all[0]
        """The one to try now."""
        self._refusals_left = 1

    def accepted(self) -> None:
        """The broker accepted a connection in this version."""
        self._refusals_left = TURNED_AWAY

    def turned_away(self) -> None:
        """The broker ended a connection, or did not answer, before it had accepted it."""
        self._refusals_left -= 1
        if self._refusals_left <= 0:
            self.current = self.all[(self.all.index(self.current) + 1) % len(self.all)]
            self._refusals_left = 1
