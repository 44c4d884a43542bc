"""One connection to the broker, from CONNECT to its end: it passes events on and never retries."""

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from paho.mqtt.client import (
    MQTT_CLEAN_START_FIRST_ONLY,
    Client,
    DisconnectFlags,
    MQTTMessage,
    MQTTv5,
    MQTTv311,
)
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from protocol.broker.address import BrokerAddress, password, tls_context

CONNECT_TIMEOUT_S = 10.0
"""How long opening the socket may take: a broker answers within milliseconds, behind a mobile router within seconds."""
ACCEPT_WITHIN_S = 5.0
"""A broker that does not accept the connection within this time speaks another version of MQTT, or is none."""
CLOSING_S = 2.0
"""How long the broker may take to confirm the closing state before the connection is closed anyway."""
NO_MATCHING_SUBSCRIBERS = 0x10
"""PUBACK reason code, MQTT 5.0 section 3.4.2.1."""
SESSION_TAKEN_OVER = 0x8E
"""DISCONNECT reason code, MQTT 5.0 section 3.14.2.1: another client connected under our name."""
PACKET_TOO_LARGE = 0x95
"""Reason code, MQTT 5.0 section 2.4."""
REASONS: dict[int, Literal["too long", "queue full", "other"]] = {
    PACKET_TOO_LARGE: "too long",
    0x97: "queue full",
}
"""What of PUBACK's reason codes has a remedy of its own, MQTT 5.0 section 3.4.2.1; 0x97 is "quota exceeded"."""
PROTOCOL_ERROR = 0x82
"""What paho calls the end of a connection on which it could not read something."""
UNSPECIFIED = 0x80
"""What paho calls the end of a connection of which the broker said nothing."""
QOS = 1
"""At least once: the broker confirms, and the store keeps each measurement once however often it comes."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The broker accepted the connection."""

    most_bytes: int | None = None
    """The longest packet that it takes, where it says so (MQTT 5 only)."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The broker answered the subscriptions."""

    refused: bool = False
    """It does not pass on all that was asked for."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The broker has a message of ours."""

    message: int
    """What ``publish`` returned."""


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """The broker does not take a message of ours (MQTT 5 only: others confirm and forget it)."""

    message: int
    """What ``publish`` returned."""
    reason: Literal["too long", "queue full", "other"]
    words: str


@dataclass(frozen=True, slots=True)
class NoSubscriber:
    """A message of ours reached no subscriber and is kept for none (MQTT 5 only)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The broker refused a request."""

    what: Literal["the connection", "a subscription"]
    words: str
    """Name of its reason code."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message on a topic we subscribed to."""

    topic: str
    payload: bytes
    response_topic: str | None
    correlation: bytes | None
    kept: bool = False
    """The broker had kept it (retained) for whoever subscribes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection is over."""

    reason: str
    before_accepted: bool
    """The broker never accepted it."""
    refused: bool = False
    """The broker refused it, as ``Refused`` told."""
    taken_over: bool = False
    """The broker ended it because another client came under the same name (MQTT 5 only)."""
    too_long: bool = False
    """The broker ended it because a packet of ours was too long (MQTT 5 only)."""
    garbled: bool = False
    """The broker said something that MQTT does not know, such as PUBACK's reason code 0x95 of mosquitto 2.0."""
    unexplained: bool = False
    """The broker closed it without a word: all that MQTT 3.1.1 can do, whatever the reason."""


ConnectionEvent = Accepted | Subscribed | Confirmed | TurnedDown | NoSubscriber | Refused | Received
"""What happens on a connection while it lasts."""
Incoming = ConnectionEvent | Ended
"""The same and its end."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes for us, retained, when the connection breaks."""

    topic: str
    payload: bytes


class Connection:
    """A connection that passes its events to one listener, on paho's network thread."""

    def __init__(
        self,
        address: BrokerAddress,
        client_id: str,
        version: MQTTProtocolVersion,
        listener: Callable[["Connection", Incoming], None],
        *,
        will: Will | None = None,
        kept_s: int = 0,
    ) -> None:
        """Prepare a connection.

        Args:
            address: The broker's address and our certificate.
            client_id: Our name as an MQTT client: the broker ends an older connection of the same name.
            version: MQTTv5, or MQTTv311 for a broker that does not know it.
            listener: Called with every event, and at last with ``Ended``, exactly once if ``open`` succeeded.
            will: What the broker publishes for us when the connection breaks.
            kept_s: How long the broker keeps subscriptions and what arrives for them after the connection; at 0 it forgets.

        Raises:
            BrokerFileError: A file by which we prove our name cannot be used.
        """
        self.address = address
        """Where it goes."""
        self._version = version
        self._listener = listener
        self._kept_s = kept_s
        self._accepted = False
        self._refused = False
        self._asked: deque[bool] = deque()
        self._usual: dict[str, Properties] = {}
        self._over = threading.Event()
        self._reader: threading.Thread | None = None
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=not kept_s if version == MQTTv311 else None,
            protocol=version,
            transport=address.transport,
            reconnect_on_failure=False,
        )
        self._client.connect_timeout = CONNECT_TIMEOUT_S
        tls = tls_context(address)
        if tls is not None:
            self._client.tls_set_context(tls)
        if address.transport == "websockets":
            self._client.ws_set_options(address.path)
        if address.username is not None:
            self._client.username_pw_set(address.username, password(address))
        if will is not None:
            self._client.will_set(will.topic, will.payload, qos=QOS, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self._client.on_disconnect = self._on_disconnect

    @property
    def tells_refusals(self) -> bool:
        """Whether the broker tells, message by message, what it does not pass on."""
        return self._version == MQTTv5

    @property
    def reads(self) -> bool:
        """Whether the thread that reads it is there; one that a fault has ended passes on no event, not even the end."""
        return self._reader is None or self._reader.is_alive()

    def open(self) -> None:
        """Connect; the listener receives whether the broker accepts the connection.

        Raises:
            OSError: The broker cannot be reached, or is not the one our certificate authority vouches for.
        """
        self._client.connect(
            self.address.host,
            self.address.port,
            self.address.keepalive_s,
            clean_start=not self._kept_s if self._version == MQTTv5 else MQTT_CLEAN_START_FIRST_ONLY,
            properties=self._session(),
        )
        self._client.loop_start()

    def subscribe(self, *filters: str) -> None:
        """Subscribe to topics; whether all are passed on comes as ``Subscribed``."""
        self._asked.append(True)
        self._client.subscribe([(topic, QOS) for topic in filters])

    def subscribe_if_allowed(self, topic: str) -> None:
        """Subscribe to a topic that the broker may keep to itself; no event tells whether it does."""
        self._asked.append(False)
        self._client.subscribe(topic, QOS)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        content_type: str = "application/json",
        correlation: bytes | None = None,
    ) -> int:
        """Send a message to the broker; does not wait for its confirmation, which comes under the number returned."""
        return self._client.publish(
            topic, payload, QOS, retain, self._properties(content_type, correlation)
        ).mid

    def close(self, closing_state: tuple[str, bytes] | None = None) -> None:
        """End an opened connection, with a closing state, retained, where one is given; takes a few seconds at most."""
        if closing_state is not None and self._accepted:
            topic, payload = closing_state
            sent = self._client.publish(
                topic, payload, QOS, retain=True, properties=self._properties("application/json", None)
            )
            with suppress(RuntimeError, ValueError):
                sent.wait_for_publish(CLOSING_S)
        self._client.disconnect()
        if not self._over.wait(CLOSING_S):
            self._hang_up()
        self._client.loop_stop()

    def _hang_up(self) -> None:
        """End the network thread although the broker neither reads nor hangs up."""
        sock = self._client.socket()
        if isinstance(sock, socket.socket):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _session(self) -> Properties | None:
        if self._version != MQTTv5:
            return None
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._kept_s
        return properties

    def _properties(self, content_type: str, correlation: bytes | None) -> Properties | None:
        if self._version != MQTTv5:
            return None
        if correlation is None and content_type in self._usual:
            return self._usual[content_type]
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = content_type
        if correlation is None:
            self._usual[content_type] = properties
        else:
            properties.CorrelationData = correlation
        return properties

    def _on_connect(
        self, _client: Client, _userdata: Any, _flags: Any, code: ReasonCode, properties: Any
    ) -> None:
        self._reader = threading.current_thread()
        if code.is_failure:
            self._refused = True
            self._listener(self, Refused("the connection", str(code)))
        else:
            self._accepted = True
            self._listener(self, Accepted(getattr(properties, "MaximumPacketSize", None)))

    def _on_subscribe(
        self, _client: Client, _userdata: Any, _mid: int, codes: list[ReasonCode], _properties: Any
    ) -> None:
        # Brokers answer in the order of the questions; paho tells the number of ours later than they may.
        if not self._asked.popleft():
            return
        refused = [str(code) for code in codes if code.is_failure]
        if refused:
            self._listener(self, Refused("a subscription", ", ".join(refused)))
        self._listener(self, Subscribed(bool(refused)))

    def _on_publish(
        self, _client: Client, _userdata: Any, mid: int, code: ReasonCode, _properties: Any
    ) -> None:
        if code.is_failure:
            self._listener(self, TurnedDown(mid, REASONS.get(code.value, "other"), str(code).lower()))
            return
        self._listener(self, Confirmed(mid))
        if code.value == NO_MATCHING_SUBSCRIBERS:
            self._listener(self, NoSubscriber())

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        properties = message.properties
        self._listener(
            self,
            Received(
                message.topic,
                bytes(message.payload),
                getattr(properties, "ResponseTopic", None),
                getattr(properties, "CorrelationData", None),
                message.retain,
            ),
        )

    def _on_disconnect(
        self, _client: Client, _userdata: Any, flags: DisconnectFlags, code: ReasonCode, _properties: Any
    ) -> None:
        self._over.set()
        told = flags.is_disconnect_packet_from_server
        unexplained = not told and code.value == UNSPECIFIED
        self._listener(
            self,
            Ended(
                "it broke off without a word" if unexplained else str(code).lower(),
                before_accepted=not self._accepted,
                refused=self._refused,
                taken_over=told and code.value == SESSION_TAKEN_OVER,
                too_long=told and code.value == PACKET_TOO_LARGE,
                garbled=not told and code.value == PROTOCOL_ERROR,
                unexplained=unexplained,
            ),
        )
