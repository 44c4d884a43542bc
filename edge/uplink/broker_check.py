"""Checks the way to the broker with the uplink's own connection: same certificates, same versions of MQTT, same topics."""

import ipaddress
import queue
import time

from edge.finding import Finding
from edge.settings.desk_toml import Uplink
from protocol.broker.address import BrokerFileError
from protocol.broker.connection import (
    ACCEPT_WITHIN_S,
    Accepted,
    Confirmed,
    Connection,
    Ended,
    Incoming,
    NoSubscriber,
    Refused,
    Subscribed,
    TurnedDown,
)
from protocol.broker.inquiry import why_hung_up, why_unreachable
from protocol.broker.trouble import Trouble, of_access, of_refusal
from protocol.broker.versions import Versions
from protocol.topics import Channel, Topic

WAITS = "until then measurements wait in the spool, none is lost"
"""What a fault on the way to the broker means for the measurements."""
SPOKEN: tuple[Channel, ...] = ("state", "birth", "event", "health")
"""Where the desk speaks: an empty message there is a check, and means nothing to the central service."""


def check_broker(settings: Uplink, device: str) -> Finding:
    """What is found when the desk's way to the broker is tried, up to the subscriptions and messages that its uplink makes.

    A broker that takes the client's name from its certificate, as the shipped settings have it, ends the connection of a desk
    that is at work with the same certificate; that desk is back within seconds.
    """
    trouble = _other("the broker speaks no version of MQTT that this desk knows")
    for version in Versions(settings.mqtt).all:
        incoming: queue.Queue[Incoming] = queue.Queue()

        def hand_over(_: Connection, item: Incoming, into: queue.Queue[Incoming] = incoming) -> None:
            into.put(item)

        try:
            connection = Connection(settings, f"{device}-doctor", version, hand_over)
            connection.open()
        except BrokerFileError as error:
            return Finding("broker", "bad", str(error), f"copy the desk's file there; {WAITS}")
        except OSError as error:
            return _bad(why_unreachable(error, settings))
        try:
            found = _Visit(connection, device, incoming).course()
        finally:
            connection.close()
        if isinstance(found, str):
            return password_in_the_open(settings) or Finding(
                "broker", "good", f"{settings.shown} lets {device} in{found}"
            )
        if found.kind != "other":
            return _bad(found)
        trouble = found
    return _bad(trouble)


def password_in_the_open(settings: Uplink) -> Finding | None:
    """What is to be said of a password that goes to another machine without TLS; None where none does."""
    if settings.password_file is None or settings.encrypted or _is_this_machine(settings.host):
        return None
    return Finding(
        "broker",
        "warning",
        f"{settings.shown} lets this desk in, but its password goes there without TLS: everybody on the way can read it",
        "have the broker speak TLS, and give uplink.ca_file (or uplink.tls = true) and its port, commonly 8883",
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


class _Visit:
    """One connection to the broker, from being let in to having said something everywhere."""

    def __init__(self, connection: Connection, device: str, incoming: "queue.Queue[Incoming]") -> None:
        self._connection = connection
        self._device = device
        self._incoming = incoming
        self._until_s = time.monotonic() + ACCEPT_WITHIN_S

    def course(self) -> Trouble | str:
        """What is wrong; else what is to be said beside that the desk is let in."""
        settings = self._connection.address
        trouble = None
        try:
            while True:
                match self._next():
                    case Accepted():
                        self._connection.subscribe(
                            *(str(Topic(self._device, each)) for each in ("ack", "cmd"))
                        )
                    case Subscribed():
                        return trouble or self._say_something()
                    case Refused("a subscription"):
                        trouble = of_access("this desk acknowledgements and commands", settings)
                    case Refused(words=words):
                        return of_refusal(words, settings)
                    case Ended(reason, before_accepted):
                        found = why_hung_up(settings) if before_accepted else None
                        return found or _other(f"{settings.shown} ended the connection: {reason}")
                    case _:
                        pass
        except queue.Empty:
            found = why_hung_up(settings)
            return found or _other(f"{settings.shown}: no answer within {ACCEPT_WITHIN_S:.0f} s")

    def _say_something(self) -> Trouble | str:
        topics = [str(Topic(self._device, channel)) for channel in SPOKEN]
        waiting = {self._connection.publish(topic, b""): topic for topic in topics}
        unheard = False
        try:
            while waiting:
                match self._next():
                    case Confirmed(message):
                        waiting.pop(message, None)
                    case TurnedDown(message, _, words):
                        topic = waiting.pop(message, "what it publishes")
                        return of_access(
                            f"this desk to publish on {topic} ({words})", self._connection.address
                        )
                    case NoSubscriber():
                        unheard = True
                    case Ended(reason):
                        what = f"this desk to publish, and ends the connection ({reason})"
                        return of_access(what, self._connection.address)
                    case _:
                        pass
        except queue.Empty:
            return _other(f"{self._connection.address.shown} confirms nothing that this desk publishes")
        if self._connection.tells_refusals:
            silent = ", where nobody listens at the moment: the central service is not connected"
            return silent if unheard else " and passes on what it says"
        return ", in MQTT 3.1.1, which does not tell whether it passes on what the desk says"

    def _next(self) -> Incoming:
        return self._incoming.get(timeout=max(0.0, self._until_s - time.monotonic()))


def _bad(trouble: Trouble) -> Finding:
    return Finding("broker", "bad", trouble.found, f"{trouble.to_do}; {WAITS}")


def _other(found: str) -> Trouble:
    return Trouble("other", found, "check the network, and the broker's log")
