"""Empties the spool into the broker: connects, talks, and comes back after every outage, in a thread of its own."""

import itertools
import logging
import queue
import secrets
import threading
import time

from edge.clock import Timeline
from edge.settings.desk_toml import Uplink as UplinkSettings
from edge.uplink.backoff import Backoff
from edge.uplink.connection import ACCEPT_WITHIN_S, Connection, Ended, Incoming, versions_of
from edge.uplink.conversation import Conversation
from edge.uplink.spool import Spool
from protocol.broker import TlsError
from protocol.state import BirthFacts, State

log = logging.getLogger(__name__)

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
TICK_S = 1.0
"""How often clock, spool and patience are looked after when nothing happens."""


class _Wake:
    """There is something to do: a measurement was put, or the uplink is to stop."""


class Uplink:
    """Delivers what is in the spool; nothing here ever holds up who measures.

    >>> uplink = Uplink(settings.uplink, "desk-3", spool, clock, facts)  # doctest: +SKIP
    >>> uplink.start()  # doctest: +SKIP
    >>> spool.put(measurement)  # doctest: +SKIP
    >>> uplink.wait_until_delivered(timeout_s=10.0)  # doctest: +SKIP
    True
    """

    def __init__(
        self, settings: UplinkSettings, device: str, spool: Spool, clock: Timeline, facts: BirthFacts
    ) -> None:
        """Prepare the uplink; nothing is sent before ``start``.

        Args:
            settings: The broker and our certificate.
            device: The desk's name.
            spool: What is to be delivered.
            clock: The timeline of the measurements.
            facts: What the appliance is.
        """
        self._settings = settings
        self._device = device
        self._spool = spool
        self._clock = clock
        self._facts = facts
        self._inbox: queue.SimpleQueue[tuple[Connection | None, Incoming | _Wake]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._retry = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._versions = itertools.cycle(versions_of(settings))
        self._version = next(self._versions)
        self._complaints: set[str] = set()
        self._conversation: Conversation | None = None

    @property
    def broker_connected(self) -> bool:
        """Whether the broker lets us in and passes on to us what the central service says."""
        conversation = self._conversation
        return conversation is not None and conversation.listening

    @property
    def central_answering(self) -> bool:
        """Whether the central service acknowledges what it is sent."""
        conversation = self._conversation
        return conversation is not None and conversation.answering(time.monotonic())

    @property
    def online(self) -> bool:
        """Whether measurements get through to the central database."""
        return self.broker_connected and self.central_answering

    def start(self) -> None:
        """Begin to deliver, in the background."""
        self._spool.when_put = self._wake
        self._thread.start()

    def wait_until_delivered(self, timeout_s: float) -> bool:
        """Wait until the central database has everything that was put; whether it has."""
        until_s = time.monotonic() + timeout_s
        while self._spool.pending:
            if time.monotonic() >= until_s:
                return False
            time.sleep(0.02)
        return True

    def stop(self, timeout_s: float = 5.0) -> None:
        """Say farewell and end. What is not delivered stays in the spool, and is sent after the next start."""
        self._stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._spool.when_put = _nothing

    def _wake(self) -> None:
        self._inbox.put((None, _Wake()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            session = secrets.randbelow(2**53)
            connection = self._connect(session)
            if connection is not None:
                self._talk(connection, session)
            self._rest(self._retry.next_s())

    def _connect(self, session: int) -> Connection | None:
        will = State(device=self._device, session=session, state="lost")
        try:
            connection = Connection(self._settings, self._device, self._version, will, self._hand_over)
            connection.open()
        except (OSError, TlsError) as error:
            self._complain(f"cannot be reached: {error}")
            return None
        return connection

    def _talk(self, connection: Connection, session: int) -> None:
        conversation = Conversation(
            connection, self._device, session, self._spool, self._facts, self._complain
        )
        self._conversation = conversation
        farewell = None
        try:
            ended = self._talk_until_it_ends(connection, conversation)
            if ended is None:
                farewell = conversation.farewell()
            else:
                self._mourn(ended)
        except Exception:
            # Whatever is wrong with one message or one connection, the next ones must still get their turn.
            log.exception(
                "broker %s: a fault in the uplink, please report what follows", self._settings.shown
            )
        finally:
            self._conversation = None
            connection.close(farewell)

    def _talk_until_it_ends(self, connection: Connection, conversation: Conversation) -> Ended | None:
        """Talk; how the connection ended, or None when the uplink is to stop."""
        accepted_by_s = time.monotonic() + ACCEPT_WITHIN_S
        while not self._stopping.is_set():
            for incoming in self._next_from(connection):
                if isinstance(incoming, Ended):
                    return incoming
                conversation.hear(incoming, time.monotonic())
            if not conversation.accepted and time.monotonic() > accepted_by_s:
                return Ended(f"no word within {ACCEPT_WITHIN_S:.0f} s", before_accepted=True)
            self._look_after_clock_and_spool()
            conversation.carry_on(time.monotonic())
            if conversation.listening:
                self._retry.reset()
            if self._complaints and conversation.answering(time.monotonic()):
                log.warning("broker %s: measurements get through again", self._settings.shown)
                self._complaints.clear()
        return None

    def _mourn(self, ended: Ended) -> None:
        if ended.before_accepted:
            # An older broker knows no MQTT 5, and may hang up or say nothing.
            self._version = next(self._versions)
        self._complain(f"the connection ended: {ended.reason}")

    def _rest(self, duration_s: float) -> None:
        """Wait before the next try, while clock and spool are still looked after."""
        until_s = time.monotonic() + duration_s
        while not self._stopping.is_set() and time.monotonic() < until_s:
            self._next_from(None)
            self._look_after_clock_and_spool()

    def _next_from(self, connection: Connection | None) -> list[Incoming]:
        """Everything that came in over this connection; waits for something to happen, or for the next tick."""
        arrived: list[Incoming] = []
        try:
            source, incoming = self._inbox.get(timeout=TICK_S)
            while True:
                if source is connection and not isinstance(incoming, _Wake):
                    arrived.append(incoming)
                source, incoming = self._inbox.get_nowait()
        except queue.Empty:
            return arrived

    def _hand_over(self, connection: Connection, incoming: Incoming) -> None:
        self._inbox.put((connection, incoming))

    def _look_after_clock_and_spool(self) -> None:
        jump = self._clock.jump()
        if jump is not None:
            log.warning("%s", jump)
        self._spool.note_wall()
        self._spool.write_held()

    def _complain(self, complaint: str) -> None:
        """Say what is wrong, once until measurements get through again."""
        if complaint not in self._complaints:
            self._complaints.add(complaint)
            log.warning(
                "broker %s: %s; measurements are kept, and sent later", self._settings.shown, complaint
            )


def _nothing() -> None:
    """Nobody is to be woken."""
