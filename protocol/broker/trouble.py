"""What keeps us from the broker, in words: clock, port, name, authority, password or access. Pure: it is told what was seen."""

import errno
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from protocol.broker.address import BrokerAddress

Kind = Literal[
    "host",
    "port",
    "network",
    "clock",
    "name",
    "authority",
    "own certificate",
    "tls",
    "transport",
    "password",
    "access",
    "other",
]
"""What is to be mended: ``name`` is the name in the broker's certificate, ``authority`` who issued it, ``transport`` websockets or not,
``access`` what the broker allows us."""

_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT)
_NOT_YET_VALID, _EXPIRED, _NAME_DIFFERS, _ADDRESS_DIFFERS = 9, 10, 62, 64
"""Codes of OpenSSL's verification (x509_vfy.h)."""
_UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)
"""Codes of OpenSSL's verification (x509_vfy.h)."""
_OF_OUR_CERTIFICATE = {
    "certificate required": "the broker asks for a certificate of ours, and the settings name none",
    "unknown ca": "the broker does not know the authority that issued our certificate",
    "certificate expired": "our certificate has expired, by the broker's clock",
    "certificate revoked": "our certificate was revoked",
    "bad certificate": "the broker does not accept our certificate",
    "certificate unknown": "the broker does not accept our certificate",
    "unsupported certificate": "the broker does not accept our certificate",
    "access denied": "the broker does not accept our certificate",
}
"""Alerts of TLS (RFC 8446, section 6.2) that are about our certificate."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found to be spoken at an address."""

    tls: bool
    speaks: Literal["mqtt", "http"] | None
    """None where it could not be found out, as with a broker that wants to see a certificate first."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and what to do about it."""

    kind: Kind
    found: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.found}: {self.to_do}"


def of_error(error: OSError, address: BrokerAddress, now: datetime, answer: Answer | None) -> Trouble:
    """What an error says that kept us from connecting.

    Args:
        error: Of the operating system, of TLS or of a websocket's handshake.
        address: Where we wanted to.
        now: What this machine's clock says.
        answer: What is spoken there, as far as it was found out.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_their_certificate(error, address, now)
    nobody = _of_nobody(error, address) or of_answer(answer, address)
    if nobody is not None:
        return nobody
    if isinstance(error, ssl.SSLError):
        return of_alert(error, address)
    words = error.strerror or str(error)
    return Trouble("other", f"{address.shown} cannot be reached ({words})", f"check [{address.TABLE}]")


def of_answer(answer: Answer | None, address: BrokerAddress) -> Trouble | None:
    """What is wrong when something else is spoken at an address than the settings say; None where it is not."""
    if answer is None:
        return None
    if answer.tls != address.encrypted and (answer.tls or answer.speaks is not None):
        return _of_tls(answer, address)
    at, port = address.TABLE, f"port {address.port} of {address.host}"
    match answer.speaks, address.transport:
        case "http", "tcp":
            found, to_do = (
                f"a web server answers on {port}",
                f'set {at}.transport = "websockets", or another {at}.port',
            )
        case "mqtt", "websockets":
            found = f"{port} speaks MQTT without websockets"
            to_do = f'set {at}.transport = "tcp", or another {at}.port'
        case "http", "websockets":
            found = f"the web server on {port} knows no MQTT at {address.path}"
            to_do = f"check {at}.path, such as /mqtt or /"
        case _:
            return None
    return Trouble("transport", found, to_do)


def of_alert(error: ssl.SSLError, address: BrokerAddress) -> Trouble:
    """What a broker says that breaks TLS off."""
    at = address.TABLE
    words = str(error.reason or error).replace("_", " ").lower()
    for alert, found in _OF_OUR_CERTIFICATE.items():
        if words.endswith(alert):
            return Trouble(
                "own certificate",
                found,
                f"check {at}.cert_file and {at}.key_file, and the authority that the broker trusts",
            )
    return Trouble(
        "tls", f"{address.shown} makes no TLS with us ({words})", f"check {at}.port, and the broker's log"
    )


def of_refusal(words: str, address: BrokerAddress) -> Trouble:
    """What a broker says that refuses a connection; ``words`` is its reason code's name."""
    at = address.TABLE
    proof = (
        f"{at}.username and {at}.password_file"
        if address.username or not address.cert_file
        else f"{at}.cert_file"
    )
    words = words.lower()
    if words == "bad user name or password":
        return Trouble("password", "the broker does not accept user name and password", f"check {proof}")
    if words in {"not authorized", "bad authentication method"}:
        if address.username is not None:
            found = f"the broker does not let in a user {address.username} with this password"
        elif address.cert_file is not None:
            found = "the broker does not let in the name in our certificate"
        else:
            found = "the broker lets in nobody without a user name"
        return Trouble("password", found, f"check {proof}, and the broker's list of users")
    if words == "client identifier not valid":
        return Trouble(
            "access",
            "the broker does not take our name as a client",
            "check the broker's rules for client ids",
        )
    return Trouble("other", f"the broker refuses the connection ({words})", "see the broker's log")


def of_access(what: str, address: BrokerAddress) -> Trouble:
    """What is wrong when a broker lets us in, and refuses ``what``."""
    proof = "the name in the certificate" if address.cert_file else "the user name"
    return Trouble(
        "access",
        f"the broker's access rules (ACL) refuse {what}",
        f"check the broker's ACL against {proof}, as in firmware_config/broker",
    )


def _of_nobody(error: OSError, address: BrokerAddress) -> Trouble | None:
    at = address.TABLE
    if isinstance(error, socket.gaierror):
        found = f"no machine named {address.host} is known"
        return Trouble("host", found, f"check {at}.host, and the network's name server")
    if isinstance(error, ConnectionRefusedError):
        found = f"nobody listens on port {address.port} of {address.host}"
        return Trouble("port", found, f"check {at}.port, and whether the broker runs")
    if isinstance(error, TimeoutError) or error.errno in _UNREACHABLE:
        found = f"{address.shown} does not answer ({error.strerror or error})"
        return Trouble("network", found, f"check the network and its firewall, {at}.host and {at}.port")
    return None


def _of_tls(answer: Answer, address: BrokerAddress) -> Trouble:
    at, port = address.TABLE, f"port {address.port} of {address.host}"
    if answer.tls:
        return Trouble(
            "tls", f"{port} speaks TLS, and the settings say none", f"give {at}.ca_file, or {at}.tls = true"
        )
    return Trouble(
        "tls",
        f"{port} speaks no TLS",
        f"set {at}.port to the broker's port for TLS, commonly 8883; or leave out {at}.ca_file and {at}.tls",
    )


def _of_their_certificate(
    error: ssl.SSLCertVerificationError, address: BrokerAddress, now: datetime
) -> Trouble:
    at, clock = address.TABLE, f"{now:%Y-%m-%d %H:%M} UTC"
    if error.verify_code == _NOT_YET_VALID:
        return Trouble(
            "clock",
            f"the broker's certificate is not valid yet by this machine's clock, which says {clock}",
            "set the clock (a time server does it as soon as one is reached)",
        )
    if error.verify_code == _EXPIRED:
        return Trouble(
            "clock",
            f"the broker's certificate has expired by this machine's clock, which says {clock}",
            "if that is right, issue the broker a new certificate; if not, set the clock",
        )
    if error.verify_code in {_NAME_DIFFERS, _ADDRESS_DIFFERS}:
        return Trouble(
            "name",
            f"the broker's certificate is for another name than {address.host}",
            f"set {at}.host to a name in it, or issue one for {address.host}",
        )
    if error.verify_code in _UNKNOWN_AUTHORITY:
        return Trouble(
            "authority",
            f"the broker's certificate is not accepted: its authority is not that of {at}.ca_file ({error.verify_message})",
            f"set {at}.ca_file to the certificate of the authority that issued the broker's",
        )
    return Trouble(
        "authority",
        f"the broker's certificate is not accepted ({error.verify_message})",
        f"issue the broker another one, and check {at}.ca_file",
    )
