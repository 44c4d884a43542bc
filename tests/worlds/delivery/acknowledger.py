"""The smallest central service that keeps the protocol's promises, so that a test can make it fall silent or forget."""

import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from protocol.decoding import decode
from protocol.envelope import Event, Identity, parse
from protocol.state import Ack, Birth, Refusal, State
from protocol.topics import Topic, every_device, parse_topic


class Acknowledger:
    """Keeps what comes in lists, and acknowledges it while ``answers`` is set."""

    def __init__(
        self,
        port: int,
        tls: ssl.SSLContext | None = None,
        version: MQTTProtocolVersion = MQTTv5,
        slow_s: float = 0.0,
    ) -> None:
        self._slow_s = slow_s
        self.events: list[Event[Any]] = []
        self.births: list[Birth] = []
        self.states: list[State] = []
        self.topics: list[str] = []
        self.refusals: list[Refusal] = []
        self.answers = True
        self.session = 1
        self._settled: dict[tuple[str, str], int] = defaultdict(int)
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, "central", protocol=version)
        if tls is not None:
            self._client.tls_set_context(tls)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._port = port

    def __enter__(self) -> Self:
        self._client.connect("localhost", self._port)
        self._client.loop_start()
        assert self._subscribed.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def identities(self) -> list[Identity]:
        return [event.identity for event in self.events]

    def forget(self) -> None:
        """An older backup was restored: nothing of the desk is known any more."""
        self.events.clear()
        self._settled.clear()
        self.session += 1

    def acknowledge(self, device: str) -> None:
        numbers = {bootid: number for (name, bootid), number in self._settled.items() if name == device}
        ack = Ack(device=device, session=self.session, acknowledged=numbers)
        self._client.publish(str(Topic(device, "ack")), ack.model_dump_json(), qos=1)

    def command(self, device: str, payload: bytes) -> None:
        asked = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        asked.ResponseTopic = f"{Topic(device, 'cmd')}/refused"
        asked.CorrelationData = b"7"
        self._client.publish(str(Topic(device, "cmd")), payload, qos=1, properties=asked)

    def _on_connect(self, client: Client, *_: Any) -> None:
        channels = [every_device(channel) for channel in ("event", "health", "birth", "state")]
        client.subscribe([(topic, 1) for topic in (*channels, f"{every_device('cmd')}/refused")])

    def _on_subscribe(self, *_: Any) -> None:
        self._subscribed.set()
        if self.answers:
            for device in {name for name, _ in list(self._settled)}:
                self.acknowledge(device)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        if not message.payload:
            return
        if message.topic.endswith("/refused"):
            self.refusals.append(decode(Refusal, message.payload))
            return
        time.sleep(self._slow_s)
        topic = parse_topic(message.topic)
        match topic.channel:
            case "birth":
                birth = decode(Birth, message.payload)
                self.births.append(birth)
                for held in birth.held:
                    key = topic.device, held.bootid
                    self._settled[key] = max(self._settled[key], held.first - 1)
            case "state":
                self.states.append(decode(State, message.payload))
                return
            case _:
                self.topics.append(message.topic)
                self.events.append(parse(message.payload))
        if self.answers:
            self._count_on(topic.device)
            self.acknowledge(topic.device)

    def _count_on(self, device: str) -> None:
        there = {event.identity for event in self.events}
        for bootid in {event.bootid for event in self.events if event.source == device}:
            while Identity(device, bootid, self._settled[device, bootid] + 1) in there:
                self._settled[device, bootid] += 1


def eventually(what: Callable[[], bool], within_s: float = 15.0) -> bool:
    """Whether something comes true in time."""
    until_s = time.monotonic() + within_s
    while not what():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.02)
    return True
