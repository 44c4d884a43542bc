"""Sends the spool to the broker on a thread of its own, and connects again after every outage."""

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable

from edge.clock import Timeline
from edge.settings.desk_toml import Uplink
from edge.uplink.conversation import Conversation
from edge.uplink.sender import Way
from edge.uplink.spool import Spool
from protocol.broker.address import BrokerFileError
from protocol.broker.backoff import Backoff
from protocol.broker.connection import (
    ACCEPT_WITHIN_S,
    Accepted,
    Connection,
    Ended,
    Incoming,
    Will,
)
from protocol.broker.inquiry import Inquiry
from protocol.broker.rivalry import Rivalry
from protocol.broker.versions import Versions
from protocol.state import BirthFacts, State
from protocol.topics import Topic

log = logging.getLogger(__name__)

FIRST_RETRY_S = 1.0
"""Longest wait before the first try after an outage: most are a broker that restarts."""
LONGEST_RETRY_S = 60.0
"""The waits double up to this: a desk is back within a minute of the broker, and a dead network costs one packet a minute."""
QUIET_S = 600.0
"""The same fault is logged at most so often, however often it comes and goes: a handful of lines an hour can be read."""
TICK_S = 1.0
"""How often clock, spool and unacknowledged measurements are checked when no event comes."""


class _Wake:
    """A wake-up of the thread: a measurement was put, or the publisher is to stop."""


class Publisher:
    """Delivers what is in the spool; no method but the waiting ones blocks the caller.

    What a desk does, with ``settings`` and ``facts`` of its own::

        spool = Spool(settings.storage.spool, settings.desk.device, clock)
        publisher = Publisher(settings.uplink, settings.desk.device, spool, clock, facts)
        publisher.start()
        spool.put(measurement)
        publisher.wait_until_delivered(timeout_s=10.0)
    """

    def __init__(
        self,
        settings: Uplink,
        device: str,
        spool: Spool,
        clock: Timeline,
        facts: BirthFacts,
        take_plan: Callable[[bytes], int | None] | None = None,
    ) -> None:
        """Prepare to publish; nothing is sent before ``start``.

        Args:
            settings: The broker and our certificate.
            device: The desk's name.
            spool: What is to be delivered.
            clock: The timeline of the measurements.
            facts: What the appliance is.
            take_plan: Called, from the thread of the uplink, with a plan of standards as it came; returns the number of the plan that holds.
        """
        self._settings = settings
        self._device = device
        self._spool = spool
        self._clock = clock
        self._facts = facts
        self._take_plan = take_plan
        self._inbox: queue.Queue[tuple[Connection | None, Incoming | _Wake]] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._retry = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._versions = Versions(settings.mqtt)
        self._way = Way()
        self._inquiry = Inquiry(settings)
        self._rivalry = Rivalry()
        self._rival: str | None = None
        self._sessions: set[int] = set()
        self._faults_logged: dict[str, float] = {}
        self._faulty = False
        self._fault_s = 0.0
        self._conversation: Conversation | None = None

    @property
    def broker_connected(self) -> bool:
        """Whether the broker accepted the connection and the subscriptions."""
        conversation = self._conversation
        return conversation is not None and conversation.subscribed

    @property
    def central_answering(self) -> bool:
        """Whether the central service acknowledges what it is sent."""
        conversation = self._conversation
        return conversation is not None and conversation.answering(time.monotonic())

    @property
    def online(self) -> bool:
        """Whether measurements get through to the central database."""
        return self.broker_connected and self.central_answering

    @property
    def notes(self) -> tuple[str, ...]:
        """What a technician should know of the way to the central service, while it lasts."""
        return () if self._rival is None else (self._rival,)

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
        """Publish the closing state and end the thread. What is not delivered stays in the spool until the next start."""
        self._stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._spool.when_put = _do_nothing

    def _wake(self) -> None:
        self._inbox.put((None, _Wake()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._spool.open()
                self._connect_once()
            except Exception:
                # Whatever is wrong with one message, one connection or one write, the next ones must still get their turn.
                log.exception(
                    "broker %s: a fault in the uplink, please report what follows", self._settings.shown
                )
                self._stopping.wait(self._retry.next_s())

    def _connect_once(self) -> None:
        """Try to connect, exchange messages for as long as that lasts, and rest."""
        session = secrets.randbelow(2**53)
        connection = self._connect(session)
        if connection is not None:
            self._serve(connection, session)
        rest_s = self._rivalry.rest_s()
        self._rest(self._retry.next_s() if rest_s is None else rest_s)

    def _connect(self, session: int) -> Connection | None:
        lost = State(device=self._device, session=session, state="lost")
        will = Will(str(Topic(self._device, "state")), lost.model_dump_json().encode())
        try:
            connection = Connection(
                self._settings, self._device, self._versions.current, self._enqueue, will=will
            )
            connection.open()
        except OSError as error:
            self._rivalry.ended(time.monotonic(), taken_over=False, unexplained=False)
            self._report_fault(self._inquiry.of_error(error))
            return None
        except BrokerFileError as error:
            self._report_fault(str(error))
            return None
        return connection

    def _serve(self, connection: Connection, session: int) -> None:
        conversation = Conversation(
            connection,
            self._device,
            session,
            self._spool,
            self._facts,
            self._way,
            self._report_fault,
            self._hear_state,
            None if self._take_plan is None else self._hear_plan,
        )
        self._conversation = conversation
        closing_state = None
        try:
            ended = self._serve_until_end(connection, conversation, session)
            if ended is None:
                closing_state = conversation.closing_state()
            else:
                explained = conversation.hung_up(ended, time.monotonic())
                self._note_end(ended, explained=explained)
        finally:
            self._conversation = None
            connection.close(closing_state)

    def _serve_until_end(
        self, connection: Connection, conversation: Conversation, session: int
    ) -> Ended | None:
        """Exchange messages until the connection ended, and how; None when the publisher is to stop."""
        accepted_by_s = time.monotonic() + ACCEPT_WITHIN_S
        while not self._stopping.is_set():
            for incoming in self._next_from(connection):
                if isinstance(incoming, Ended):
                    return incoming
                if isinstance(incoming, Accepted):
                    self._rivalry.began(time.monotonic())
                    self._versions.accepted()
                conversation.handle(incoming, time.monotonic())
            if not conversation.accepted and time.monotonic() > accepted_by_s:
                return Ended(f"no answer within {ACCEPT_WITHIN_S:.0f} s", before_accepted=True)
            self._look_after_clock_and_spool()
            self._rivalry.stands(time.monotonic())
            self._note_rival()
            conversation.send_due(time.monotonic())
            if conversation.subscribed:
                self._retry.reset()
                self._sessions.add(session)
            if self._faulty and conversation.gets_through_since(self._fault_s):
                log.warning("broker %s: measurements get through again", self._settings.shown)
                self._faulty = False
        return None

    def _note_end(self, ended: Ended, *, explained: bool) -> None:
        if ended.before_accepted:
            # An older broker knows no MQTT 5, and may close the connection or not answer.
            self._versions.turned_away()
        self._rivalry.ended(
            time.monotonic(), taken_over=ended.taken_over, unexplained=ended.unexplained and not explained
        )
        self._note_rival()
        if explained:
            return  # told where it becomes clear which message it is
        if self._rival is None and ended.taken_over:
            self._report_fault(
                f"another one came under the name {self._device}, and the broker ended our connection"
            )
        elif self._rival is None and not ended.refused:
            why = self._inquiry.of_end() if ended.before_accepted else None
            self._report_fault(f"the connection ended: {ended.reason}" if why is None else why)

    def _hear_state(self, state: State) -> None:
        """What the broker kept under our name is ours, once we have spoken; else somebody else has spoken since."""
        if self._sessions and state.session not in self._sessions:
            self._rivalry.met()

    def _hear_plan(self, payload: bytes) -> BirthFacts:
        """Pass a plan of standards on; what the appliance is with it."""
        if self._take_plan is not None:
            number = self._take_plan(payload)
            self._facts = self._facts.model_copy(update={"standard_plan": number})
        return self._facts

    def _note_rival(self) -> None:
        """Tell that another desk goes by our name, once, and once when it is gone."""
        words = self._rival_in_words()
        if words == self._rival:
            return
        self._rival = words
        if words is None:
            log.warning(
                "broker %s: the name %s is this desk's alone again", self._settings.shown, self._device
            )
        else:
            log.error(
                "broker %s: %s; each comes back about once a minute meanwhile", self._settings.shown, words
            )

    def _rival_in_words(self) -> str | None:
        if self._rivalry.certainty is None:
            return None
        likely = "" if self._rivalry.certainty == "told" else "it looks as if "
        return (
            f"{likely}another desk goes by the name {self._device} and each throws the other off the broker: "
            "give one of them another desk.device in desk.toml (and a certificate for it)"
        )

    def _rest(self, duration_s: float) -> None:
        """Wait before the next try, while clock and spool are still checked."""
        until_s = time.monotonic() + duration_s
        while not self._stopping.is_set() and time.monotonic() < until_s:
            self._next_from(None)
            self._look_after_clock_and_spool()

    def _next_from(self, connection: Connection | None) -> list[Incoming]:
        """The events of this connection that are queued; waits for the first, a wake-up or the next tick."""
        arrived: list[Incoming] = []
        try:
            source, incoming = self._inbox.get(timeout=TICK_S)
            while True:
                if source is connection and not isinstance(incoming, _Wake):
                    arrived.append(incoming)
                source, incoming = self._inbox.get_nowait()
        except queue.Empty:
            return arrived

    def _enqueue(self, connection: Connection, incoming: Incoming) -> None:
        self._inbox.put((connection, incoming))

    def _look_after_clock_and_spool(self) -> None:
        jump = self._clock.jump()
        if jump is not None:
            log.warning("%s", jump)
        self._spool.note_wall()
        self._spool.write_held()

    def _report_fault(self, complaint: str) -> None:
        """Log a fault, and the same one not again for a while: what comes and goes is no line each time."""
        now_s = self._fault_s = time.monotonic()
        if now_s - self._faults_logged.get(complaint, -QUIET_S) < QUIET_S:
            return
        self._faults_logged[complaint] = now_s
        self._faulty = True
        log.warning("broker %s: %s; measurements are kept, and sent later", self._settings.shown, complaint)


def _do_nothing() -> None:
    """No thread is to be woken."""
