"""The line to the broker: it hands on every message of the desks, and comes back after every outage."""

import threading
import time
from collections.abc import Callable

from central.settings import Broker
from protocol.broker.address import BrokerFileError, password, tls_context
from protocol.broker.backoff import Backoff
from protocol.broker.connection import (
    ACCEPT_WITHIN_S,
    Accepted,
    Connection,
    Ended,
    Incoming,
    Received,
    Refused,
    Subscribed,
    TurnedDown,
)
from protocol.broker.inquiry import Inquiry
from protocol.broker.rivalry import Rivalry
from protocol.broker.trouble import of_access, of_refusal
from protocol.broker.versions import Versions
from protocol.topics import FOREIGN, Channel, every_device

FROM_DESKS: tuple[Channel, ...] = ("state", "birth", "event", "health")

FIRST_BROKER_RETRY_S = 1.0
"""Longest wait before the first try after an outage: most are a broker that restarts."""
LONGEST_BROKER_RETRY_S = 60.0
"""The waits double up to this: however long the broker was away, the line is back within a minute of its return."""
KEPT_S = 14 * 86400
"""How long the broker keeps what the desks send while this service is away: a fortnight, as in firmware_config/broker."""


class Link:
    """A connection that is kept up in threads of its own.

    The broker keeps the session while this service is away (no clean start), so what the desks send meanwhile is queued
    as far as the broker's memory goes; the rest the desks send again.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        on_message: Callable[[str, bytes], None],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        on_rival: Callable[[str | None], None],
        on_turn: Callable[[str], None],
    ) -> None:
        """Prepare the line.

        Args:
            broker: Where the broker is, and our certificate.
            on_message: Called with topic and payload, from the network thread.
            on_up: Called each time the subscriptions stand.
            on_down: Called with the reason each time the connection ends or is refused.
            on_rival: Called with words when another service turns out to go by our name, and with None when it is gone.
            on_turn: Called with the name of the line's thread each time that it comes round.

        Raises:
            BrokerFileError: A file by which we prove our name cannot be used.
        """
        tls_context(broker)
        password(broker)
        self._broker = broker
        self._on_message, self._on_up, self._on_down, self._on_rival = on_message, on_up, on_down, on_rival
        self._on_turn = on_turn
        self._retry = Backoff(FIRST_BROKER_RETRY_S, LONGEST_BROKER_RETRY_S)
        self._inquiry = Inquiry(broker)
        self._rivalry = Rivalry()
        self._rival: str | None = None
        self._versions = Versions(broker.mqtt)
        self._connection: Connection | None = None
        self._question: int | None = None
        self._subscribed = False
        self._accepted = False
        self._end: Ended | None = None
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)

    def open(self) -> None:
        """Begin to connect, in the background; a broker that is away is waited for."""
        self._thread.start()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand a message to the broker; without a connection it is dropped, as all of it is sent again on the next."""
        connection = self._connection
        if connection is not None and self._subscribed:
            connection.publish(topic, payload, retain=retain)

    def ask_for_access(self) -> None:
        """Speak where only desks may: the message comes back if the broker has no access rules, and is refused if it has."""
        connection = self._connection
        if connection is not None:
            self._question = connection.publish(str(FOREIGN), b"")

    def close(self) -> None:
        """Disconnect; the broker keeps the session."""
        self._stopping.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._on_turn(self._thread.name)
            self._serve()
            self._on_turn(self._thread.name)
            rest_s = self._rivalry.rest_s()
            self._stopping.wait(self._retry.next_s() if rest_s is None else rest_s)

    def _serve(self) -> None:
        """One connection, from its beginning to its end."""
        self._accepted = False
        self._end = None
        self._news.clear()
        try:
            connection = Connection(
                self._broker, self._broker.client_id, self._versions.current, self._take, kept_s=KEPT_S
            )
            connection.open()
        except OSError as error:
            self._rivalry.ended(time.monotonic(), taken_over=False, unexplained=False)
            self._on_down(f"the broker cannot be reached: {self._inquiry.of_error(error)}")
            return
        except BrokerFileError as error:
            self._on_down(str(error))
            return
        self._connection = connection
        try:
            self._watch(connection)
        finally:
            self._connection, self._subscribed = None, False
            connection.close()

    def _watch(self, connection: Connection) -> None:
        """Wait until the connection ends, and tell how; returns when the line is to be closed too."""
        accepted_by_s = time.monotonic() + ACCEPT_WITHIN_S
        while not self._stopping.is_set():
            self._on_turn(self._thread.name)
            reads = connection.reads  # Asked first: the reader tells its end before it goes.
            if self._end is not None:
                self._note_end(self._end)
                return
            if not reads:
                self._note_end(
                    Ended("nothing reads it any more, a fault in this program", before_accepted=False)
                )
                return
            if not self._accepted and time.monotonic() > accepted_by_s:
                self._note_end(Ended(f"no answer within {ACCEPT_WITHIN_S:.0f} s", before_accepted=True))
                return
            self._rivalry.stands(time.monotonic())
            self._tell_rival()
            self._news.wait(1.0)
            self._news.clear()

    def _take(self, connection: Connection, incoming: Incoming) -> None:
        match incoming:
            case Received(topic, payload):
                self._on_message(topic, payload)
            case Accepted():
                self._accepted = True
                self._rivalry.began(time.monotonic())
                self._versions.accepted()
                connection.subscribe(*(every_device(channel) for channel in FROM_DESKS))
            case Subscribed(refused):
                if not refused:
                    self._subscribed = True
                    self._retry.reset()
                    self._on_up()
            case Refused("a subscription"):
                self._on_down(str(of_access("us what the desks send", self._broker)))
            case Refused(words=words):
                self._on_down(str(of_refusal(words, self._broker)))
            case TurnedDown(message=message) if message == self._question:
                self._question = None
            case TurnedDown(words=words):
                self._on_down(str(of_access(f"what this service publishes ({words})", self._broker)))
            case Ended():
                self._end = incoming
                self._news.set()
            case _:
                pass

    def _note_end(self, ended: Ended) -> None:
        if ended.before_accepted:
            # An older broker knows no MQTT 5, and may close the connection or not answer.
            self._versions.turned_away()
        self._rivalry.ended(time.monotonic(), taken_over=ended.taken_over, unexplained=ended.unexplained)
        if not ended.refused:
            why = self._inquiry.of_end() if ended.before_accepted else None
            self._on_down(f"the connection to the broker ended: {ended.reason}" if why is None else why)
        self._tell_rival()

    def _tell_rival(self) -> None:
        certainty = self._rivalry.certainty
        words = None
        if certainty is not None:
            likely = "" if certainty == "told" else "it looks as if "
            words = (
                f"{likely}another central service goes by the name {self._broker.client_id} at the broker, and each throws the other "
                "out: stop one of them, or give it a broker.client_id of its own; meanwhile each comes back about once a minute"
            )
        if words != self._rival:
            self._rival = words
            self._on_rival(words)
