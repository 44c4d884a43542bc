"""What desk and central service say to each other over one connection: birth, measurements, acknowledgements, commands."""

import logging
from collections.abc import Callable
from typing import Literal, NamedTuple

from edge.uplink.backoff import Backoff
from edge.uplink.connection import Accepted, Connection, Heard, Listening, Received, Refused, Unheard
from edge.uplink.spool import Spool
from edge.uplink.window import SendWindow
from protocol.decoding import BadMessageError, decode
from protocol.envelope import CONTENT_TYPE, channel_of, wrap
from protocol.state import Ack, Birth, BirthFacts, Command, Refusal, State, WallMapping
from protocol.topics import Topic

log = logging.getLogger(__name__)

StateName = Literal["init", "ready", "disconnected", "lost"]

ANSWER_WITHIN_S = 30.0
"""The central service counts as answering while no measurement has waited longer than this for an acknowledgement."""
FIRST_REBIRTH_S = 1.0
LONGEST_REBIRTH_S = 10.0
"""A birth that nobody listened to is said again after so long: the central service may be about to start."""
MAPPING_NEWS_S = 0.5
"""A wall offset that moved by more is told in a new birth."""


class _News(NamedTuple):
    """What a birth tells that may change while the desk runs."""

    bootid: str
    wall: WallMapping


class Conversation:
    """One connection's talk, driven by one thread: ``hear`` what came in, then ``carry_on``."""

    def __init__(
        self,
        connection: Connection,
        device: str,
        session: int,
        spool: Spool,
        facts: BirthFacts,
        complain: Callable[[str], None],
    ) -> None:
        """Begin a talk.

        Args:
            connection: The way to the broker.
            device: The desk's name.
            session: The session that birth, state and last will of this connection share.
            spool: What is to be delivered.
            facts: What the appliance is.
            complain: Told in words what keeps measurements from getting through.
        """
        self._connection = connection
        self._device = device
        self._session = session
        self._spool = spool
        self._facts = facts
        self._complain = complain
        self._window = SendWindow()
        self._historical_to = 0
        self._announced: _News | None = None
        self._central_session: int | None = None
        self._answered = False
        self._between_births = Backoff(FIRST_REBIRTH_S, LONGEST_REBIRTH_S)
        self._rebirth_at_s: float | None = None
        self._unheard = False
        self.accepted = False
        """The broker let us in."""
        self.listening = False
        """The broker passes on to us what the central service says."""

    def hear(self, heard: Heard, now_s: float) -> None:
        """Take in what came over the connection."""
        match heard:
            case Accepted():
                self.accepted = True
                self._historical_to = self._spool.last_row
                self._say_state("init")
                self._connection.subscribe(Topic(self._device, "ack"), Topic(self._device, "cmd"))
            case Listening():
                self.listening = True
            case Unheard():
                self._unheard = True
                if self._rebirth_at_s is None:
                    self._rebirth_at_s = now_s + self._between_births.next_s()
            case Refused(what):
                self._complain(
                    f"the broker refuses {what}: check the desk's certificate and the broker's ACL"
                )
            case Received():
                self._receive(heard, now_s)

    def carry_on(self, now_s: float) -> None:
        """Say what there is to say: a birth when something about us is new, and measurements as far as there is room."""
        if not self.listening:
            return
        if self._rebirth_at_s is not None and now_s >= self._rebirth_at_s:
            self._rebirth_at_s = None
            self._announced = None
        self._announce_news()
        if self._window.run_out_of_patience(now_s):
            self._complain("the central service does not acknowledge what it is sent")
        if self._announced is None or self._window.room <= 0:
            return
        for spooled in self._spool.after(self._window.place, self._window.room):
            event = wrap(
                spooled.measurement,
                identity=spooled.identity,
                wall=spooled.wall,
                historical=spooled.row <= self._historical_to,
            )
            topic = Topic(self._device, channel_of(event.type))
            self._connection.publish(str(topic), event.to_json(), content_type=CONTENT_TYPE)
            self._window.sent(spooled.row, spooled.identity, now_s)

    def answering(self, now_s: float) -> bool:
        """Whether the central service acknowledges what it is sent."""
        return self.listening and self._answered and self._window.unanswered_s(now_s) < ANSWER_WITHIN_S

    def farewell(self) -> tuple[Topic, bytes]:
        """The last word of a desk that leaves in order."""
        return Topic(self._device, "state"), self._state("disconnected")

    def _announce_news(self) -> None:
        bootid = self._spool.bootid
        if bootid is None:
            return
        news = _News(bootid, self._spool.note_wall())
        known = self._announced
        if known is not None and not _worth_a_birth(known, news):
            return
        if known is not None and known.bootid != bootid:
            self._window.start_again()  # another spool file: its rows are counted anew
        birth = Birth(
            **dict(self._facts),
            device=self._device,
            session=self._session,
            bootid=bootid,
            wall=news.wall,
            held=self._spool.held(),
        )
        self._connection.publish(str(Topic(self._device, "birth")), birth.model_dump_json().encode())
        self._say_state("ready")
        self._announced = news

    def _say_state(self, state: StateName) -> None:
        self._connection.publish(str(Topic(self._device, "state")), self._state(state), retain=True)

    def _state(self, state: StateName) -> bytes:
        return State(device=self._device, session=self._session, state=state).model_dump_json().encode()

    def _receive(self, message: Received, now_s: float) -> None:
        try:
            if message.topic == str(Topic(self._device, "ack")):
                self._take_ack(decode(Ack, message.payload), now_s)
            else:
                self._obey(decode(Command, message.payload), message)
        except BadMessageError as error:
            log.warning("%s: %s", message.topic, error)

    def _take_ack(self, ack: Ack, now_s: float) -> None:
        if ack.device != self._device:
            log.warning("an acknowledgement for %s came to %s: ignored", ack.device, self._device)
            return
        self._answered = True
        self._spool.acknowledge(ack.acknowledged)
        self._window.acknowledged(ack.acknowledged, now_s)
        if self._unheard or self._central_session not in (None, ack.session):
            log.info("the central service was away: everything not acknowledged is sent again")
            self._window.start_again()
        self._central_session = ack.session
        self._unheard = False
        self._rebirth_at_s = None
        self._between_births.reset()

    def _obey(self, command: Command, message: Received) -> None:
        if command.command == "rebirth":
            self._announced = None
            return
        reason = "unknown command: this desk knows rebirth"
        log.warning("command %r refused: %s", command.command, reason)
        if message.response_topic == f"{Topic(self._device, 'cmd')}/refused":
            refusal = Refusal(device=self._device, command=command.command, reason=reason)
            self._connection.publish(
                message.response_topic, refusal.model_dump_json().encode(), correlation=message.correlation
            )


def _worth_a_birth(known: _News, now: _News) -> bool:
    return (
        known.bootid != now.bootid
        or known.wall.clock != now.wall.clock
        or abs(known.wall.offset_s - now.wall.offset_s) > MAPPING_NEWS_S
    )
