"""The smallest central service that keeps the protocol's promises, so that a test can make it fall silent or forget."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from protocol.decoding import decode
from protocol.envelope import Event, Identity, parse
from protocol.state import Ack, Birth, State
from protocol.topics import Topic, every_device, parse_topic


class Acknowledger:
    """Keeps what comes in lists, and acknowledges it while ``answers`` is set."""

    def __init__(self, port: int) -> None:
        self.events: list[Event[Any]] = []
        self.births: list[Birth] = []
        self.states: list[State] = []
        self.answers = True
        self.session = 1
        self._settled: dict[tuple[str, str], int] = defaultdict(int)
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, "central", protocol=MQTTv5)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._port = port

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        assert self._subscribed.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def identities(self) -> list[Identity]:
        return [event.identity for event in self.events]

    def acknowledge(self, device: str) -> None:
        numbers = {bootid: number for (name, bootid), number in self._settled.items() if name == device}
        ack = Ack(device=device, session=self.session, acknowledged=numbers)
        self._client.publish(str(Topic(device, "ack")), ack.model_dump_json(), qos=1)

    def command(self, device: str, payload: bytes) -> None:
        self._client.publish(str(Topic(device, "cmd")), payload, qos=1)

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe([(every_device(channel), 1) for channel in ("event", "health", "birth", "state")])

    def _on_subscribe(self, *_: Any) -> None:
        self._subscribed.set()

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
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
                event = parse(message.payload)
                self.events.append(event)
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
