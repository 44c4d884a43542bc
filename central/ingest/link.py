"""The line to the broker: it hands on every message of the desks, and comes back after every outage."""

from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from central.settings import Broker
from protocol.broker import tls_context
from protocol.topics import Channel, every_device

FROM_DESKS: tuple[Channel, ...] = ("state", "birth", "event", "health")

QOS = 1
"""MQTT's "at least once": what comes twice is kept once, so the second round trip of QoS 2 would buy nothing."""

FIRST_BROKER_RETRY_S = 1
"""Wait before the connection is tried again, doubled each time; paho counts whole seconds."""
LONGEST_BROKER_RETRY_S = 60
"""However long the broker was away, the line is back within a minute of its return."""


class Link:
    """A connection that paho keeps up in a thread of its own.

    The broker keeps the session while this service is away (no clean session), so what the desks send meanwhile is queued
    as far as the broker's memory goes; the rest the desks send again. MQTT 3.1.1 is spoken because every broker knows it.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        on_message: Callable[[str, bytes], None],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
    ) -> None:
        """Prepare the line.

        Args:
            broker: Where the broker is, and our certificate.
            on_message: Called with topic and payload, from the network thread.
            on_up: Called each time the subscriptions stand.
            on_down: Called with the reason each time the connection ends or is refused.

        Raises:
            TlsError: The certificate files cannot be used.
        """
        self._broker = broker
        self._on_message, self._on_up, self._on_down = on_message, on_up, on_down
        self._client = Client(
            CallbackAPIVersion.VERSION2, broker.client_id, clean_session=False, protocol=MQTTv311
        )
        tls = tls_context(broker, "broker")
        if tls is not None:
            self._client.tls_set_context(tls)
        self._client.reconnect_delay_set(FIRST_BROKER_RETRY_S, LONGEST_BROKER_RETRY_S)
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._unreachable
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._arrived
        self._client.on_disconnect = self._disconnected

    def open(self) -> None:
        """Begin to connect, in the background; a broker that is away is waited for."""
        self._client.connect_async(self._broker.host, self._broker.port, self._broker.keepalive_s)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand a message to the broker; without a connection it is dropped, as all of it is sent again on the next."""
        if self._client.is_connected():
            self._client.publish(topic, payload, qos=QOS)

    def close(self) -> None:
        """Disconnect; the broker keeps the session."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self,
        client: Client,
        _data: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._on_down(f"the broker refuses the connection: {reason}")
        else:
            client.subscribe([(every_device(channel), QOS) for channel in FROM_DESKS])

    def _subscribed(
        self,
        _client: Client,
        _data: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._on_down(f"the broker refuses the subscriptions, check its ACL: {', '.join(refused)}")
        else:
            self._on_up()

    def _unreachable(self, _client: Client, _data: Any) -> None:
        self._on_down("the broker cannot be reached")

    def _disconnected(
        self,
        _client: Client,
        _data: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._on_down(f"the connection to the broker ended: {reason}")

    def _arrived(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._on_message(message.topic, bytes(message.payload))
