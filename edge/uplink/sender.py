"""Sends the spool's measurements over one connection, at the pace and in the packets that the broker can take."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from edge.uplink.access_check import AccessCheck
from edge.uplink.packet_limit import OVERHEAD_BYTES, PacketLimit, Unconfirmed
from edge.uplink.send_pace import WINDOW, SendPace
from edge.uplink.spool import Spool
from edge.uplink.spool_file import Spooled
from edge.uplink.window import SendWindow
from protocol.broker.connection import Confirmed, Connection, Ended, TurnedDown
from protocol.broker.trouble import of_access
from protocol.envelope import CONTENT_TYPE, channel_of, wrap
from protocol.measurements import Gap
from protocol.topics import Topic

log = logging.getLogger(__name__)

NO_ROW = 0
"""Stands for what is no measurement, such as a birth: rows count from 1."""


@dataclass(frozen=True, slots=True)
class Way:
    """What was learnt of the way to the central service; it outlives a connection."""

    pace: SendPace = field(default_factory=SendPace)
    limit: PacketLimit = field(default_factory=PacketLimit)
    access: AccessCheck = field(default_factory=AccessCheck)


class Sender:
    """What goes from the desk to the broker over one connection, and what becomes of it."""

    def __init__(
        self,
        connection: Connection,
        device: str,
        spool: Spool,
        way: Way,
        report_fault: Callable[[str], None],
    ) -> None:
        """Begin with nothing sent.

        Args:
            connection: The way to the broker.
            device: The desk's name.
            spool: What is to be delivered.
            way: What was learnt of the way before; more will be.
            report_fault: Called with what keeps measurements from getting through, in words.
        """
        self._connection = connection
        self._device = device
        self._spool = spool
        self._way = way
        self._report_fault = report_fault
        self._window = SendWindow(way.pace)
        self._order = spool.order
        self._historical_to = 0
        self._messages: dict[int, tuple[int, Unconfirmed]] = {}
        self._sent_to: dict[str, int] = {}
        self.arrived_s: float | None = None
        """When the central database was last found to have something that was sent over this connection."""

    def began(self) -> None:
        """The broker accepted the connection: what waits now was measured before it."""
        self._historical_to = self._spool.last_row

    def publish(self, topic: Topic, payload: bytes, now_s: float, *, retain: bool = False) -> None:
        """Send what is no measurement."""
        message = self._connection.publish(str(topic), payload, retain=retain)
        self._messages[message] = NO_ROW, Unconfirmed(_packet_bytes(topic, payload), now_s)

    def fits(self, topic: Topic, payload: bytes) -> bool:
        """Whether a message is short enough for the broker, as far as that is known."""
        most_bytes = self._way.limit.most_bytes
        return most_bytes is None or _packet_bytes(topic, payload) <= most_bytes

    def send_due(self, now_s: float) -> None:
        """Send measurements as far as there is room."""
        if self._spool.order != self._order:
            self._order = self._spool.order
            self._historical_to = self._spool.last_row  # what waited for the disk waited
            self._way.limit.forget_rows()
            self._window.start_again()
        self._note_losses(now_s)
        while (room := self._room()) > 0:
            waiting = self._spool.after(self._window.place, room)
            if not all(self._send(spooled, now_s) for spooled in waiting):
                return
            if len(waiting) < room:
                return

    def start_again(self) -> None:
        """Send everything that is not acknowledged once more."""
        self._window.start_again()

    def acknowledged(self, numbers: Mapping[str, int], now_s: float, *, asked: bool) -> None:
        """The central service says up to which numbers it has everything; believed of what was sent over this connection."""
        believed = {
            bootid: min(number, self._sent_to[bootid])
            for bootid, number in numbers.items()
            if bootid in self._sent_to
        }
        self._spool.acknowledge(believed)
        longest = self._window.acknowledged(believed, now_s, asked=asked)
        self._way.limit.arrived(longest)
        if longest:
            self.arrived_s = now_s
        pace = self._way.pace
        if pace.size == WINDOW:
            pace.told = False
        elif not pace.told and self._window.moves:
            pace.told = True
            log.warning(
                "the broker loses what it cannot queue for the central service: no more than %d measurements are sent at once; "
                "give it a longer queue (max_queued_messages of mosquitto) to be quicker",
                pace.size,
            )

    def confirmed(self, event: Confirmed) -> None:
        """The broker has a message."""
        row, message = self._messages.pop(event.message, (NO_ROW, None))
        if message is not None:
            self._way.limit.confirmed(row, message.size)

    def turned_down(self, event: TurnedDown, now_s: float) -> None:
        """The broker does not take a message."""
        if self._way.access.turned_down(event):
            return
        _, message = self._messages.pop(event.message, (NO_ROW, None))
        match event.reason:
            case "too long" if message is not None:
                self._way.limit.refused(message.size)
                self._window.start_again()
            case "queue full":
                self._way.pace.lost(now_s)
            case _ if event.words == "not authorized":
                self._report_fault(str(of_access("what this desk publishes", self._connection.address)))
            case _:
                self._report_fault(f"the broker refuses a message ({event.words})")

    def hung_up(self, ended: Ended, now_s: float) -> bool:
        """The connection ended; whether a message that was under way may be the reason."""
        if not (ended.unexplained or ended.garbled or ended.too_long):
            return False
        unconfirmed = dict(self._messages.values())
        return self._way.limit.hung_up(unconfirmed, now_s, too_long=ended.too_long)

    def unanswered_s(self, now_s: float) -> float:
        """For how long something sent has waited without any acknowledgement coming in."""
        return self._window.unanswered_s(now_s)

    def _note_losses(self, now_s: float) -> None:
        again = self._window.resend_due(now_s)
        if again is None:
            return
        if again.why == "unanswered":
            self._report_fault("the central service does not acknowledge what it is sent")
        elif self._way.limit.lost(again.row, again.size):
            self._way.pace.forgive()

    def _room(self) -> int:
        if not self._way.limit.one_at_a_time(self._window.place):
            return self._window.room
        return 0 if self._messages else min(1, self._window.room)

    def _send(self, spooled: Spooled, now_s: float) -> bool:
        """Send one measurement, or put it aside if it is too long; whether the next may follow."""
        event = wrap(
            spooled.measurement,
            identity=spooled.identity,
            wall=spooled.wall,
            historical=spooled.row <= self._historical_to,
        )
        topic, payload = Topic(self._device, channel_of(event.type)), event.to_json()
        size = _packet_bytes(topic, payload)
        if not self.fits(topic, payload) and not self._stands_for_another(spooled):
            return self._put_aside(spooled, event.type, size, now_s)
        message = self._connection.publish(str(topic), payload, content_type=CONTENT_TYPE)
        self._messages[message] = spooled.row, Unconfirmed(size, now_s)
        self._window.sent(spooled.row, spooled.identity, now_s, size)
        bootid, number = spooled.identity.bootid, spooled.identity.sequence
        self._sent_to[bootid] = max(number, self._sent_to.get(bootid, 0))
        return True

    def _put_aside(self, spooled: Spooled, kind: str, size: int, now_s: float) -> bool:
        most_bytes = self._way.limit.most_bytes
        reason = f"a measurement of type {kind} is {size} bytes long and the broker takes {most_bytes}"
        told = self._spool.put_aside(spooled.row, TOO_LONG, reason)
        if told is not None:
            log.error("%s; the others go on without it", told)
            (gap,) = self._spool.after(spooled.row - 1, 1)
            return self._send(gap, now_s)
        self._report_fault(f"{reason}, and holds up what comes behind it until the disk takes changes")
        return False

    @staticmethod
    def _stands_for_another(spooled: Spooled) -> bool:
        return isinstance(spooled.measurement, Gap) and spooled.measurement.what == TOO_LONG


TOO_LONG = "message too long"
"""The part that the gap is about which stands for a measurement that the broker does not take."""


def _packet_bytes(topic: Topic, payload: bytes) -> int:
    return len(str(topic)) + len(payload) + OVERHEAD_BYTES
