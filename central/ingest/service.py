"""The ingest service: what desks send is committed to the database first, and acknowledged to them afterwards."""

import logging
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from central.audit.head_witness import HeadWitness
from central.database.engine import in_words, open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.arrivals import Arrived, ArrivedEvent, Unusable
from central.ingest.inbox import MOST_SENDERS, Inbox, RawMessage
from central.ingest.keeping import TakenIn, all_settled, take_in
from central.ingest.link import Link
from central.ingest.plan_sending import PlanSending
from central.ingest.profile_sweep import ProfileSweep
from central.ingest.reading import read
from central.ingest.rebirths import Rebirths
from central.ingest.thread_watch import ThreadWatch
from central.ingest.tidying import tidy
from central.settings import CentralSettings
from protocol.errors import MendableError
from protocol.state import MOST_BOOTS, Ack, Command
from protocol.topics import FOREIGN, Topic

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

TICK_S = 1.0
"""Longest that the writing thread waits for a message before it looks whether it has to stop."""
FIRST_DATABASE_RETRY_S = 0.5
"""Wait before a commit is tried again; a lock of SQLite or a restart of PostgreSQL is often over by then."""
LONGEST_DATABASE_RETRY_S = 30.0
"""Each wait is twice the last one, up to this: once mended, a database is in use again within half a minute."""
STOP_S = 10.0
"""Longest wait for the last batch: systemd waits 90 s before it kills, and what is not committed the desks send again."""
ASK_AGAIN_EVERY_S = 5.0
"""Shortest time between two requests to send again: a desk follows one every 10 s (edge/uplink/conversation.py)."""
MOST_LOGGED = 5
"""Messages of one batch whose reasons are logged: a flood fills no journal."""
TIDY_EVERY_S = 600.0
"""How often what is no longer kept is deleted: retention is counted in days."""
WITNESS_EVERY_S = 10.0
"""How often the end of the audit log is written down outside of the database: so much of it could be cut off and not be found."""
TIDY_AFTER = 1000
"""Payloads kept aside after which it is done at once, so that a flood of rubbish fills no disk."""
BOOTS_REMEMBERED = 16
"""Boots of a desk that are acknowledged unasked; the desk names older ones in its birth."""


@dataclass(slots=True)
class Status:
    """What the service has done since it was started."""

    connected: bool = False
    received: int = 0
    kept: int = 0
    repeated: int = 0
    rejected: int = 0
    waiting: int = 0
    """Messages that wait for the database; counted when it is asked for."""
    desks: frozenset[str] = frozenset()
    """Desks that have sent something."""
    trouble: str | None = None
    """What keeps measurements from being kept, in words."""
    rival: str | None = None
    """That another service goes by our name at the broker, in words."""


class IngestService:
    """Listens to every desk until it is stopped.

        Nothing is acknowledged before it is committed: killed at any moment, the service loses nothing, because the desks send
        again what was not acknowledged.

    Example:
        >>> from central.settings import Broker, Database
        >>> nobody = Broker(host="127.0.0.1", port=9)
        >>> service = IngestService(CentralSettings(broker=nobody, database=Database(url="sqlite://")))
        >>> service.start()
        >>> service.status.connected
        False
        >>> service.stop()
    """

    def __init__(self, settings: CentralSettings) -> None:
        self._settings = settings
        registry = settings.registry
        self._defaults = DeskDefaults(registry.company, registry.showroom, registry.timezone)
        self._inbox = Inbox()
        self._threads = ThreadWatch()
        self._link = Link(
            settings.broker,
            on_message=self._arrived,
            on_up=self._up,
            on_down=self._down,
            on_rival=self._rival,
            on_turn=self._turned,
        )
        self._plans = PlanSending(
            lambda topic, payload: self._link.publish(topic, payload, retain=True),
            settings.standards.used_signing_key,
        )
        self._engine: Engine | None = None
        self._session_number = secrets.randbelow(2**53)
        self._sessions: dict[str, int] = {}
        self._turned_away: set[str] = set()
        self._ask_again_s = 0.0
        self._rebirths = Rebirths()
        self._sweep = ProfileSweep()
        self._asked_for_access = False
        self._open_broker = False
        self._tidy_s = 0.0
        self._witness = HeadWitness(settings.database.audit_head)
        self._witness_s = 0.0
        self._rejected_since = 0
        self._acknowledge_all = threading.Event()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._writer = threading.Thread(target=self._run, name="writer", daemon=True)
        self._down_reason: str | None = None
        self.status = Status()

    def start(self) -> None:
        """Open the database and begin to listen, in the background; a broker that is away is waited for.

        Raises:
            UnusableDatabaseError: The database cannot be used.
        """
        self._engine = open_for_writing(self._settings.database.used_url)
        self._writer.start()
        self._link.open()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Stop listening, write what has arrived, and end; wait so long for the writing at most."""
        self._link.close()
        self._stopping.set()
        self._inbox.wake()
        if self._writer.is_alive():
            self._writer.join(timeout_s)
        if self._engine is not None:
            self._engine.dispose()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the service has ended by itself, which only a fault in it can bring about; whether it has."""
        return self._ended.wait(timeout_s)

    @property
    def waiting(self) -> int:
        """Messages that wait for the database."""
        return len(self._inbox)

    def stuck(self) -> str | None:
        """The thread without which nothing is taken in and which hangs; None while all of them turn."""
        return self._threads.stuck(time.monotonic())

    def _turned(self, thread: str) -> None:
        self._threads.turned(thread, time.monotonic())

    def _arrived(self, topic: str, payload: bytes) -> None:
        if not payload:
            if topic == str(FOREIGN):
                self._note_no_access_rules()
            return  # A check of the way (`deskside doctor`), or a retained message that somebody cleared.
        self.status.received += 1
        self._inbox.put(RawMessage(topic, payload, time.time()))

    def _up(self) -> None:
        self.status.connected = True
        self._down_reason = None
        log.info("listening to the desks at %s:%s", self._settings.broker.host, self._settings.broker.port)
        self._acknowledge_all.set()
        self._plans.connected()
        self._inbox.wake()
        if not self._asked_for_access:
            # Once only: some brokers hang up on whoever speaks where he may not.
            self._asked_for_access = True
            self._link.ask_for_access()

    def _note_no_access_rules(self) -> None:
        if not self._open_broker:
            self._open_broker = True
            log.warning(
                "the broker has no access rules: whoever reaches it can speak in the name of any desk and of this service; "
                "firmware_config/broker/ holds rules for mosquitto"
            )

    def _down(self, reason: str) -> None:
        self.status.connected = False
        if reason != self._down_reason:
            log.warning("%s; trying again", reason)
        self._down_reason = reason

    def _rival(self, words: str | None) -> None:
        self.status.rival = words
        if words is None:
            log.info("no other service goes by the name %s any more", self._settings.broker.client_id)
        else:
            log.warning("%s", words)

    def _run(self) -> None:
        try:
            while True:
                self._turned(self._writer.name)
                batch = self._inbox.next_batch(TICK_S)
                if batch:
                    self._write([read(item.topic, item.payload, item.received_wall_s) for item in batch])
                elif self._stopping.is_set():
                    return
                self._ask_again()
                self._ask_for_births()
                self._tidy()
                self._bear_witness()
                self._send_plans()
                if self._acknowledge_all.is_set() and not self._stopping.is_set():
                    self._acknowledge_everything()
        except Exception:
            log.exception("the service ends: this is a fault in it, please report what follows")
        finally:
            self._ended.set()

    def _write(self, arrived: list[Arrived]) -> None:
        """Commit a batch, however long the database makes us wait, and acknowledge it."""
        raced = False
        for delay_s in _delays():
            self._turned(self._writer.name)
            try:
                taken = self._commit(arrived)
            except (IntegrityError, DataError) as error:
                if isinstance(error, IntegrityError) and not raced:
                    # Another service on the same database was first with some of it: the next look finds what it kept.
                    raced = True
                    continue
                self._write_apart(arrived, error)
                return
            except SQLAlchemyError as error:
                self._complain(f"the database does not take measurements: {in_words(error)}")
                if self._stopping.wait(delay_s):
                    return
            else:
                self._recovered()
                self._count(arrived, taken)
                self._rebirths.want(taken.unconfirmed, time.monotonic())
                self._acknowledge(taken.settled)
                return

    def _write_apart(self, arrived: list[Arrived], error: SQLAlchemyError) -> None:
        """One message that the database refuses must not hold up the others."""
        if len(arrived) > 1:
            for item in arrived:
                self._write([item])
            return
        reason = f"the database refuses it: {in_words(error)}"
        item = arrived[0]
        if isinstance(item, ArrivedEvent):
            aside = Unusable(
                item.topic,
                item.raw.encode(),
                item.device,
                item.identity,
                reason,
                item.received_wall_s,
            )
            self._write([aside])
        else:
            log.error("a message of %s cannot be kept: %s", item.device, reason)

    def _commit(self, arrived: list[Arrived]) -> TakenIn:
        with Session(self._engine) as session, session.begin():
            return take_in(session, arrived, self._defaults)

    def _count(self, arrived: list[Arrived], taken: TakenIn) -> None:
        status = self.status
        status.kept += taken.new
        status.repeated += taken.repeated
        status.rejected += len(taken.rejected)
        self._rejected_since += len(taken.rejected)
        status.desks |= {item.device for item in arrived if item.device is not None}
        for device in taken.registered:
            log.info("desk %s reported for the first time and was entered into the registry", device)
        for item in taken.rejected[:MOST_LOGGED]:
            log.warning("a message on %s cannot be used and is kept aside: %s", item.topic, item.reason)
        if len(taken.rejected) > MOST_LOGGED:
            log.warning("%d more are kept aside", len(taken.rejected) - MOST_LOGGED)

    def _acknowledge(self, settled: Mapping[str, Mapping[str, int]]) -> None:
        for device, boots in settled.items():
            for part in _parts(boots):
                ack = Ack(
                    device=device, session=self._sessions.get(device, self._session_number), acknowledged=part
                )
                self._link.publish(str(Topic(device, "ack")), ack.model_dump_json().encode())

    def _acknowledge_everything(self) -> None:
        self._acknowledge_all.clear()
        try:
            with Session(self._engine) as session:
                settled = all_settled(session, BOOTS_REMEMBERED)
        except SQLAlchemyError as error:
            self._complain(f"the database cannot be read: {in_words(error)}")
            self._acknowledge_all.set()
            return
        self._acknowledge(settled)

    def _ask_again(self) -> None:
        """What had to be turned away a desk sends again when it sees another session number."""
        self._turned_away |= self._inbox.turned_away()
        if not self._turned_away or time.monotonic() < self._ask_again_s:
            return
        self._ask_again_s = time.monotonic() + ASK_AGAIN_EVERY_S
        senders, self._turned_away = self._turned_away, set()
        if len(senders) < MOST_SENDERS:
            words = f"of {len(senders)} sender{'s' if len(senders) != 1 else ''}"
            self._sessions |= {
                sender: secrets.randbelow(2**53) for sender in senders if sender in self.status.desks
            }
        else:
            words = "of very many senders"
            self._sessions = {}
            self._session_number = secrets.randbelow(2**53)
        log.warning(
            "more comes than can be kept: messages %s were turned away, and the desks send them again", words
        )
        self._acknowledge_all.set()

    def _ask_for_births(self) -> None:
        """What a desk is said to hold no longer, and was never seen here, is asked of it again before it is believed."""
        for device in self._rebirths.due(time.monotonic()):
            command = Command(command="rebirth").model_dump_json().encode()
            self._link.publish(str(Topic(device, "cmd")), command)

    def _send_plans(self) -> None:
        """Send the desks the standards that they are to work by, where any has changed."""
        if not self.status.connected or not self._plans.due(time.monotonic()):
            return
        try:
            with Session(self._engine) as session, session.begin():
                self._plans.send(session, time.time())
        except SQLAlchemyError as error:
            log.warning("no standard can be sent to the desks now: %s", in_words(error))
        except MendableError as error:
            log.warning("no standard can be sent to the desks: %s", error)

    def _tidy(self) -> None:
        """Delete what is no longer kept, now and then, and sooner where much is kept aside."""
        if time.monotonic() < self._tidy_s and self._rejected_since < TIDY_AFTER:
            return
        self._rejected_since, self._tidy_s = 0, time.monotonic() + TIDY_EVERY_S
        try:
            with Session(self._engine) as session, session.begin():
                tidied = tidy(session, self._settings.retention, time.time())
                more = self._sweep.step(session, time.time())
        except SQLAlchemyError as error:
            log.warning("what is no longer kept cannot be deleted now: %s", in_words(error))
            return
        if tidied.more or more:
            self._tidy_s = 0.0

    def _bear_witness(self) -> None:
        if time.monotonic() < self._witness_s:
            return
        self._witness_s = time.monotonic() + WITNESS_EVERY_S
        try:
            with Session(self._engine) as session:
                self._witness.carry_on(session)
        except SQLAlchemyError as error:
            log.warning("the end of the audit log cannot be read now: %s", in_words(error))

    def _complain(self, trouble: str) -> None:
        if self.status.trouble is None:
            log.warning("%s; nothing is acknowledged, so the desks keep everything", trouble)
        self.status.trouble = trouble

    def _recovered(self) -> None:
        if self.status.trouble is not None:
            log.info("the database takes measurements again")
            self.status.trouble = None


def _delays() -> Iterator[float]:
    delay_s = FIRST_DATABASE_RETRY_S
    while True:
        yield delay_s
        delay_s = min(delay_s * 2, LONGEST_DATABASE_RETRY_S)


def _parts(boots: Mapping[str, int]) -> Iterator[dict[str, int]]:
    remaining = iter(boots.items())
    while part := dict(islice(remaining, MOST_BOOTS)):
        yield part
