"""Checks the way to the broker with the uplink's own connection: same certificates, same versions of MQTT, same topics."""

import queue
import ssl
import time

from edge.finding import Finding
from edge.settings.desk_toml import Uplink
from protocol.broker.address import TlsError
from protocol.broker.connection import (
    ACCEPT_WITHIN_S,
    Accepted,
    Connection,
    Ended,
    Incoming,
    Refused,
    Subscribed,
)
from protocol.broker.versions import Versions
from protocol.topics import Topic

WAITS = "until then measurements wait in the spool, none is lost"
"""What a fault on the way to the broker means for the measurements."""


def check_broker(settings: Uplink, device: str) -> Finding:
    """What is found when the desk's way to the broker is tried, up to the subscriptions that its uplink makes.

    A broker that takes the client's name from its certificate, as the shipped settings have it, ends the connection of a desk
    that is at work with the same certificate; that desk is back within seconds.
    """
    found = ""
    for version in Versions(settings.mqtt).all:
        incoming: queue.SimpleQueue[Incoming] = queue.SimpleQueue()

        def hand_over(_: Connection, item: Incoming, into: queue.SimpleQueue[Incoming] = incoming) -> None:
            into.put(item)

        try:
            connection = Connection(settings, f"{device}-doctor", version, hand_over)
            connection.open()
        except TlsError as error:
            return Finding("broker", "bad", str(error), f"copy the desk's certificate files there; {WAITS}")
        except ssl.SSLError as error:
            to_do = f"check uplink.port, uplink.ca_file and the desk's clock against the broker's certificate; {WAITS}"
            return Finding("broker", "bad", f"{settings.shown} makes no TLS with us: {_reason(error)}", to_do)
        except OSError as error:
            to_do = f"check the network, uplink.host and uplink.port in desk.toml; {WAITS}"
            found = f"{settings.shown} cannot be reached: {error.strerror or error}"
            return Finding("broker", "bad", found, to_do)
        try:
            trouble = _trouble(connection, device, incoming)
        finally:
            connection.close()
        if trouble is None:
            return Finding(
                "broker", "good", f"{settings.shown} lets {device} in and passes on what it asks for"
            )
        found = trouble
    to_do = f"check the certificate's name against desk.device, and the broker's ACL; {WAITS}"
    return Finding("broker", "bad", f"{settings.shown}: {found}", to_do)


def _trouble(connection: Connection, device: str, incoming: "queue.SimpleQueue[Incoming]") -> str | None:
    """What the broker has against this desk; None once the subscriptions stand."""
    until_s = time.monotonic() + ACCEPT_WITHIN_S
    refused = None
    try:
        while True:
            match incoming.get(timeout=max(0.0, until_s - time.monotonic())):
                case Accepted():
                    connection.subscribe(str(Topic(device, "ack")), str(Topic(device, "cmd")))
                case Subscribed():
                    return refused
                case Refused(what):
                    refused = f"it refuses {what}"
                case Ended(reason):
                    return refused or f"it ended the connection: {reason}"
    except queue.Empty:
        return f"no answer within {ACCEPT_WITHIN_S:.0f} s"


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({error.verify_message})"
    return str(error.reason or error).replace("_", " ").lower()
