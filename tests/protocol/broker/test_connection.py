"""What the end of a connection is called, against a broker that says it byte by byte as MQTT 5.0 has it."""

import queue
import socket
import threading
from collections.abc import Iterator

import pytest
from paho.mqtt.client import MQTTv5

from protocol.broker.address import BrokerAddress
from protocol.broker.connection import Accepted, Connection, Ended, Incoming

CONNACK = bytes([0x20, 3, 0, 0, 0])
TAKEN_OVER = bytes([0xE0, 2, 0x8E, 0])
SHUTTING_DOWN = bytes([0xE0, 2, 0x8B, 0])


@pytest.fixture
def broker() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        yield broker


def course(broker: socket.socket, *answers: bytes) -> list[Incoming]:
    """The events of a connection to a broker that answers CONNECT so, and hangs up."""

    def answer() -> None:
        client, _ = broker.accept()
        with client:
            client.recv(4096)
            for each in answers:
                client.sendall(each)

    thread = threading.Thread(target=answer)
    thread.start()
    found: queue.Queue[Incoming] = queue.Queue()
    address = BrokerAddress(host="127.0.0.1", port=broker.getsockname()[1])
    connection = Connection(address, "desk-3", MQTTv5, lambda _, item: found.put(item))
    connection.open()
    events = [found.get(timeout=10)]
    while not isinstance(events[-1], Ended):
        events.append(found.get(timeout=10))
    thread.join()
    connection.close()
    return events


def test_a_session_that_is_taken_over_is_told_from_every_other_end(broker: socket.socket) -> None:
    assert course(broker, CONNACK, TAKEN_OVER) == [
        Accepted(),
        Ended("session taken over", before_accepted=False, taken_over=True),
    ]
    assert course(broker, CONNACK, SHUTTING_DOWN) == [
        Accepted(),
        Ended("server shutting down", before_accepted=False),
    ]


def test_a_connection_that_breaks_off_says_nothing(broker: socket.socket) -> None:
    (_, end) = course(broker, CONNACK)
    assert end == Ended("it broke off without a word", before_accepted=False, unexplained=True)


def test_a_broker_that_hangs_up_at_once_never_accepted(broker: socket.socket) -> None:
    (end,) = course(broker)
    assert isinstance(end, Ended)
    assert end.before_accepted
