"""Finds out why a connection to the broker was not made, by asking again in other ways: TLS or not, web server or not."""

import contextlib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from protocol.broker.address import BrokerAddress, BrokerFileError, tls_context
from protocol.broker.trouble import Answer, Trouble, of_alert, of_answer, of_error

PATIENCE_S = 3.0
"""How long each question may wait for its answer: a broker that listens answers within milliseconds."""
ALERT_WITHIN_S = 1.0
"""A broker that does not like our certificate says so at once; one that does says nothing before it is asked."""
ASK_EVERY_S = 600.0
"""The same fault is looked into at most so often: each time costs the broker up to four connections."""
CONNECT = bytes.fromhex("10 19 00 04 4d51 5454 04 02 000a 000d") + b"deskside-asks"
"""CONNECT of MQTT 3.1.1 (section 3.1), under a name of its own: a broker answers it, or hangs up."""
CONNACK = b"\x20"
"""How a broker's answer to it begins."""
GET = b"GET / HTTP/1.1\r\nHost: broker\r\nConnection: close\r\n\r\n"
"""What every web server answers."""


class Inquiry:
    """Asks why no connection was made, when the last answer is old."""

    def __init__(self, address: BrokerAddress) -> None:
        """Take the address; nothing is asked yet."""
        self._address = address
        self._known: dict[str, tuple[float, Trouble | None]] = {}

    def of_error(self, error: OSError) -> str:
        """Why ``open`` of a connection failed, in words."""
        found = self._once(repr(error), lambda: why_unreachable(error, self._address))
        return str(found or error)

    def of_end(self) -> str | None:
        """Why the broker ended a connection before it had accepted it, in words, where that can be found out."""
        found = self._once("", lambda: why_hung_up(self._address))
        return None if found is None else str(found)

    def _once(self, what: str, ask: Callable[[], Trouble | None]) -> Trouble | None:
        asked = self._known.get(what)
        if asked is None or time.monotonic() - asked[0] >= ASK_EVERY_S:
            asked = self._known[what] = time.monotonic(), ask()
        return asked[1]


def why_unreachable(error: OSError, address: BrokerAddress) -> Trouble:
    """Why a connection could not be opened; asks what is spoken there where the error does not tell."""
    clear = isinstance(error, ssl.SSLCertVerificationError | socket.gaierror | ConnectionRefusedError)
    return of_error(error, address, datetime.now(UTC), None if clear else what_answers(address))


def why_hung_up(address: BrokerAddress) -> Trouble | None:
    """Why a broker hung up, or was silent, before it accepted a connection; None where it cannot be found out."""
    try:
        context = tls_context(address)
    except BrokerFileError:
        return None
    if context is not None:
        try:
            with _open(address) as plain, context.wrap_socket(plain, server_hostname=address.host) as channel:
                # In TLS 1.3 a broker looks at our certificate after the handshake. What it thinks of it is read here, and
                # would be lost if the broker hung up on something that we had sent.
                channel.settimeout(ALERT_WITHIN_S)
                channel.recv(64)
        except ssl.SSLCertVerificationError as error:
            return of_error(error, address, datetime.now(UTC), None)
        except ssl.SSLEOFError:
            pass
        except ssl.SSLError as error:
            return of_alert(error, address)
        except OSError:
            pass
    return of_answer(what_answers(address), address) if address.transport == "tcp" else None


def what_answers(address: BrokerAddress) -> Answer | None:
    """What is spoken at an address; None where nobody answers at all."""
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    # Nothing of ours is sent over it but a question.
    anybody.verify_mode = ssl.CERT_NONE
    try:
        with _open(address) as plain, anybody.wrap_socket(plain, server_hostname=address.host) as channel:
            channel.version()
    except ssl.SSLError:
        tls = False
    except OSError:
        tls = False
    else:
        tls = True
    speaks = _what_is_spoken(address, anybody if tls else None)
    return Answer(tls, speaks) if tls or speaks else None


def _what_is_spoken(address: BrokerAddress, context: ssl.SSLContext | None) -> Literal["mqtt", "http"] | None:
    for question in (CONNECT, GET):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            channel = stack.enter_context(_open(address))
            if context is not None:
                channel = stack.enter_context(context.wrap_socket(channel, server_hostname=address.host))
            channel.sendall(question)
            answer = channel.recv(64)
            # Web servers answer what is no request of theirs, too: by refusing it.
            if answer.startswith(b"HTTP/"):
                return "http"
            if answer.startswith(CONNACK):
                return "mqtt"
    return None


def _open(address: BrokerAddress) -> socket.socket:
    return socket.create_connection((address.host, address.port), timeout=PATIENCE_S)
