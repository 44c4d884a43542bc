"""The exchange with the central service over one connection: birth, measurements, acknowledgements, commands."""

import logging
from collections.abc import Callable
from typing import Literal, NamedTuple

from edge.uplink.sender import Sender, Way
from edge.uplink.spool import Spool
from edge.uplink.throttle import Throttle
from protocol.broker.backoff import Backoff
from protocol.broker.connection import (
    Accepted,
    Confirmed,
    Connection,
    ConnectionEvent,
    Ended,
    NoSubscriber,
    Received,
    Refused,
    Subscribed,
    TurnedDown,
)
from protocol.broker.trouble import of_access, of_refusal
from protocol.decoding import BadMessageError, decode
from protocol.measurements import Message
from protocol.state import Ack, Birth, BirthFacts, Command, Refusal, State, WallMapping
from protocol.topics import Topic

log = logging.getLogger(__name__)

StateName = Literal["init", "ready", "disconnected", "lost"]
"""The states of a desk in the order of its life; the broker publishes `lost` for a broken connection
(docs/delivery.md)."""

ANSWER_WITHIN_S = 30.0
"""The central service counts as answering while no measurement has waited longer than this for an acknowledgement."""
FIRST_REBIRTH_S = 1.0
"""Longest wait before a birth that no subscriber received is sent again: the central service may be about to start."""
LONGEST_REBIRTH_S = 10.0
"""That wait doubles up to this: a desk comes back within 10 s of the central service, at 6 small messages a minute."""
MAPPING_CHANGE_S = 0.5
"""A wall offset that moved by more is published in a new birth: half of the second that reports show."""


RESTART_EVERY_S = 10.0
"""Everything is sent again at most so often because the central service says it was restarted: it takes longer than that to start."""
RESTART_LONGEST_S = 600.0
"""That time doubles up to this while every answer comes from another run: no central service restarts like that, but somebody may pretend to."""
COMPLAIN_EVERY_S = 10.0
"""What this desk cannot make sense of is logged, and refused, at most so often: whoever sends it may send it a thousand times."""
BIRTH_EVERY_S = 5.0
"""A birth is sent at most so often because somebody asks for one."""


class _Announced(NamedTuple):
    """The parts of a birth that may change while the desk runs."""

    bootids: tuple[str, ...]
    wall: WallMapping


class Conversation:
    """The exchange over one connection, driven by one thread: ``handle`` each event, then ``send_due``."""

    def __init__(
        self,
        connection: Connection,
        device: str,
        session: int,
        spool: Spool,
        facts: BirthFacts,
        way: Way,
        report_fault: Callable[[str], None],
        hear_state: Callable[[State], None],
        hear_plan: Callable[[bytes], BirthFacts] | None = None,
    ) -> None:
        """Begin an exchange.

        Args:
            connection: The way to the broker.
            device: The desk's name.
            session: The session that birth, state and last will of this connection share.
            spool: What is to be delivered.
            facts: What the appliance is.
            way: What was learnt of the way before.
            report_fault: Called with what keeps measurements from getting through, in words.
            hear_state: Called with the state of this desk's name that the broker had kept when the connection began.
            hear_plan: Called with a plan of standards as it came; returns what the appliance is with it. None: nobody asks for one.
        """
        self._connection = connection
        self._device = device
        self._session = session
        self._spool = spool
        self._facts = facts
        self._report_fault = report_fault
        self._hear_state = hear_state
        self._hear_plan = hear_plan
        self._way = way
        self._sender = Sender(connection, device, spool, way, report_fault)
        self._restart = Throttle(RESTART_EVERY_S, RESTART_LONGEST_S)
        self._complaints = Throttle(COMPLAIN_EVERY_S)
        self._refusals = Throttle(COMPLAIN_EVERY_S)
        self._birth_asked = Throttle(BIRTH_EVERY_S)
        self._answers_due = 0
        self._announced: _Announced | None = None
        self._central_session: int | None = None
        self._answered = False
        self._answered_s: float | None = None
        self._between_births = Backoff(FIRST_REBIRTH_S, LONGEST_REBIRTH_S)
        self._rebirth_at_s: float | None = None
        self._birth_undelivered = False
        self.accepted = False
        """The broker accepted the connection."""
        self.subscribed = False
        """The broker confirmed the subscriptions to acknowledgements and commands."""

    def handle(self, event: ConnectionEvent, now_s: float) -> None:
        """Update the state by an event of the connection."""
        match event:
            case Accepted(most_bytes):
                self._begin(most_bytes, now_s)
            case Subscribed():
                self.subscribed = True
                self._way.access.ask(self._connection)
            case Confirmed():
                self._sender.confirmed(event)
            case TurnedDown():
                self._sender.turned_down(event, now_s)
            case NoSubscriber():
                self._birth_undelivered = True
                if self._rebirth_at_s is None:
                    self._rebirth_at_s = now_s + self._between_births.next_s()
            case Refused("a subscription"):
                self._report_fault(
                    str(of_access("us acknowledgements and commands", self._connection.address))
                )
            case Refused(words=words):
                self._report_fault(str(of_refusal(words, self._connection.address)))
            case Received():
                self._receive(event, now_s)

    def _begin(self, most_bytes: int | None, now_s: float) -> None:
        self.accepted = True
        self._way.limit.accepted(most_bytes)
        self._sender.began()
        # Before our own state takes the place of the one that the broker has kept.
        self._connection.subscribe_if_allowed(str(Topic(self._device, "state")))
        self._publish_state("init", now_s)
        self._connection.subscribe(str(Topic(self._device, "ack")), str(Topic(self._device, "cmd")))
        if self._hear_plan is not None:
            # A broker whose access rules are of before keeps it to itself, and the desk works by its own standard.
            self._connection.subscribe_if_allowed(str(Topic(self._device, "standard")))

    def send_due(self, now_s: float) -> None:
        """Publish a birth when its content changed, and measurements as far as the window has room."""
        if not self.subscribed:
            return
        if self._rebirth_at_s is not None and now_s >= self._rebirth_at_s:
            self._rebirth_at_s = None
            self._announced = None
        if self._birth_asked.due(now_s):
            self._announced = None
        if self._restart.due(now_s):
            log.info("the central service was away: everything not acknowledged is sent again")
            self._sender.start_again()
        self._publish_birth_if_due(now_s)
        self._sender.send_due(now_s)

    def hung_up(self, ended: Ended, now_s: float) -> bool:
        """The connection ended; whether a message that was under way may be the reason."""
        return self._sender.hung_up(ended, now_s)

    def answering(self, now_s: float) -> bool:
        """Whether the central service acknowledges what it is sent."""
        return self.subscribed and self._answered and self._sender.unanswered_s(now_s) < ANSWER_WITHIN_S

    def gets_through_since(self, since_s: float) -> bool:
        """Whether the central database has got something since then, or has everything."""
        arrived_s, answered_s = self._sender.arrived_s, self._answered_s
        if arrived_s is not None and arrived_s > since_s:
            return True
        return answered_s is not None and answered_s > since_s and self._spool.pending == 0

    def closing_state(self) -> tuple[str, bytes]:
        """Topic and payload of the state of a desk that stops in order."""
        return str(Topic(self._device, "state")), self._state("disconnected")

    def _publish_birth_if_due(self, now_s: float) -> None:
        now = _Announced(self._spool.bootids, self._spool.note_wall())
        known = self._announced
        if known is not None and not _worth_a_birth(known, now):
            return
        topic = Topic(self._device, "birth")
        for bootid in now.bootids:
            birth = Birth(
                **dict(self._facts),
                device=self._device,
                session=self._session,
                bootid=bootid,
                wall=now.wall,
                held=self._spool.held(),
            )
            while len(birth.held) > 1 and not self._sender.fits(topic, _payload(birth)):
                birth = birth.model_copy(update={"held": birth.held[len(birth.held) // 2 :]})
            self._sender.publish(topic, _payload(birth), now_s)
            self._answers_due += 1
        self._publish_state("ready", now_s)
        self._announced = now

    def _publish_state(self, state: StateName, now_s: float) -> None:
        self._sender.publish(Topic(self._device, "state"), self._state(state), now_s, retain=True)

    def _state(self, state: StateName) -> bytes:
        return _payload(State(device=self._device, session=self._session, state=state))

    def _receive(self, message: Received, now_s: float) -> None:
        try:
            if message.topic == str(Topic(self._device, "ack")):
                self._take_ack(decode(Ack, message.payload), now_s)
            elif message.topic == str(Topic(self._device, "standard")):
                self._take_plan(message.payload)
            elif message.topic == str(Topic(self._device, "state")):
                if message.kept:
                    self._hear_state(decode(State, message.payload))
            elif not self._way.access.heard(message, self._connection.address.shown):
                self._execute(decode(Command, message.payload), message, now_s)
        except BadMessageError as error:
            self._complain(now_s, f"{message.topic}: {error}")

    def _take_plan(self, payload: bytes) -> None:
        facts = self._facts if self._hear_plan is None else self._hear_plan(payload)
        if facts != self._facts:
            self._facts = facts
            self._announced = None

    def _complain(self, now_s: float, complaint: str) -> None:
        """Log what makes no sense, unless something was logged a moment ago."""
        if self._complaints.may(now_s):
            log.warning("%s", complaint)

    def _take_ack(self, ack: Ack, now_s: float) -> None:
        if ack.device != self._device:
            self._complain(now_s, f"an acknowledgement for {ack.device} came to {self._device}: ignored")
            return
        self._answered = True
        self._answered_s = now_s
        self._sender.acknowledged(ack.acknowledged, now_s, asked=self._answers_due > 0)
        self._answers_due = max(0, self._answers_due - 1)
        if self._birth_undelivered or self._central_session not in (None, ack.session):
            self._restart.ask()
        self._central_session = ack.session
        self._birth_undelivered = False
        self._rebirth_at_s = None
        self._between_births.reset()

    def _execute(self, command: Command, message: Received, now_s: float) -> None:
        if command.command == "rebirth":
            self._birth_asked.ask()
            return
        # Nonsense on another topic is no reason to leave whoever commands without an answer.
        if not self._refusals.may(now_s):
            return
        reason = "unknown command: this desk knows rebirth"
        log.warning("command %r refused: %s", command.command, reason)
        if message.response_topic == f"{Topic(self._device, 'cmd')}/refused":
            refusal = Refusal(device=self._device, command=command.command, reason=reason)
            self._connection.publish(
                message.response_topic, _payload(refusal), correlation=message.correlation
            )


def _payload(message: Message) -> bytes:
    return message.model_dump_json().encode()


def _worth_a_birth(known: _Announced, now: _Announced) -> bool:
    return (
        known.bootids != now.bootids
        or known.wall.clock != now.wall.clock
        or abs(known.wall.offset_s - now.wall.offset_s) > MAPPING_CHANGE_S
    )
