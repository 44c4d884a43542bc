"""Finds out, once, whether the broker lets anybody speak in any desk's name."""

import logging

from protocol.broker.connection import Connection, Received, TurnedDown
from protocol.topics import FOREIGN

log = logging.getLogger(__name__)


class AccessCheck:
    """Speaks once where no desk may, and listens: only at a broker without access rules it hears itself.

    Once for the life of the program, whatever comes of it: some brokers hang up on whoever speaks where he may not.
    """

    def __init__(self) -> None:
        self._asked = False
        self._question: int | None = None
        self._told = False

    def ask(self, connection: Connection) -> None:
        """Ask over a connection that stands, if it was not asked before."""
        if self._asked:
            return
        self._asked = True
        connection.subscribe_if_allowed(str(FOREIGN))
        self._question = connection.publish(str(FOREIGN), b"")

    def turned_down(self, event: TurnedDown) -> bool:
        """Whether it is the question that the broker does not take, as one with access rules should not."""
        if event.message != self._question:
            return False
        self._question = None
        return True

    def heard(self, message: Received, shown: str) -> bool:
        """Whether a message is the question, which came back; then it is told, the first time.

        Args:
            message: What came.
            shown: The broker, for the log.
        """
        if message.topic != str(FOREIGN):
            return False
        if not self._told:
            self._told = True
            log.warning(
                "broker %s: it has no access rules: whoever reaches it can speak in the name of this desk and of the central service; "
                "firmware_config/broker/ holds rules for mosquitto",
                shown,
            )
        return True
