"""The broker between desks and centre, as the settings of both name it, and by what we prove our name to it."""

import os
import ssl
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from protocol.errors import MendableError
from protocol.toml_file import Section

CREDENTIAL = "credential:"
"""How the path of a file begins that systemd hands to the service (LoadCredential=, systemd.exec(5))."""


class BrokerFileError(MendableError):
    """A file by which a name is proved cannot be used; the text says which setting, which file and why."""


class BrokerAddress(Section):
    """Where the broker is, and how both sides prove their names to each other."""

    TABLE: ClassVar[str] = "broker"
    """The table of the settings file that holds it, for errors."""

    host: Annotated[str, Field(min_length=1)] = "localhost"
    """Name or address of the MQTT broker; with TLS, a name that stands in its certificate."""
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    """Port of the broker; 8883 is usual with TLS, 443 for websockets with TLS."""
    transport: Literal["tcp", "websockets"] = "tcp"
    """``websockets`` where the broker is reached through a web server or a proxy."""
    path: Annotated[str, Field(pattern=r"^/[\x21-\x7e]*$", max_length=500)] = "/mqtt"
    """Path of the broker at its web server; counts with ``websockets`` only."""
    keepalive_s: Annotated[int, Field(ge=5, le=3600)] = 15
    """After so long without a word each side asks whether the other is still there; after half as long again the broker tells of a
    desk that has died without a word (MQTT 3.1.1, section 3.1.2.10), here within half a minute."""
    tls: bool | None = None
    """Whether the connection is encrypted; without it, where ``ca_file`` is given. ``true`` without ``ca_file`` trusts the authorities
    that the operating system trusts."""
    ca_file: Path | None = None
    """Certificate of the authority that vouches for the broker, in PEM. Here and below, ``credential:NAME`` is the file that systemd
    hands to the service under that name (LoadCredential=)."""
    cert_file: Path | None = None
    """Our own certificate, in PEM: its common name is our name at the broker."""
    key_file: Path | None = None
    """The key of our certificate, in PEM."""
    username: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Our name at a broker that asks for one; a certificate needs none."""
    password_file: Path | None = None
    """File that holds the password and nothing else."""
    mqtt: Literal["auto", "5", "3.1.1"] = "auto"
    """Version of MQTT that the broker speaks. ``auto`` tries both in turn, beginning with 5, which tells more when something
    is refused; name the version where a broker answers the other one with silence."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together: give both or none")
        if self.cert_file is not None and not self.encrypted:
            raise ValueError("cert_file and key_file need TLS: give ca_file too, or tls = true")
        if self.ca_file is not None and self.tls is False:
            raise ValueError("ca_file and tls = false contradict each other: leave one out")
        if self.password_file is not None and self.username is None:
            raise ValueError("password_file needs a username")
        return self

    @property
    def encrypted(self) -> bool:
        """Whether TLS is spoken."""
        return self.ca_file is not None if self.tls is None else self.tls

    @property
    def shown(self) -> str:
        """``host:port``, and the path at a web server."""
        return f"{self.host}:{self.port}{self.path if self.transport == 'websockets' else ''}"


def tls_context(address: BrokerAddress) -> ssl.SSLContext | None:
    """TLS as the settings say; None where they say none.

    The broker must prove its name to us, by a certificate of our authority; our certificate, if any, is our name to it.

    Args:
        address: Whose files are used.

    Raises:
        BrokerFileError: A file cannot be read, or is not what its setting says.
    """
    if not address.encrypted:
        return None
    ca, cert, key = (_readable(address, name) for name in ("ca_file", "cert_file", "key_file"))
    try:
        context = ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise BrokerFileError(
            f"{address.TABLE}.ca_file: {address.ca_file} is no certificate in PEM"
        ) from None
    if cert is not None:
        try:
            # An encrypted key would make OpenSSL ask for its password at the terminal.
            context.load_cert_chain(cert, key, password="")
        except (ssl.SSLError, ValueError):
            raise BrokerFileError(
                f"{address.TABLE}.cert_file and {address.TABLE}.key_file: {address.cert_file} and {address.key_file} are no "
                "pair of a certificate and its key (without a password) in PEM"
            ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def password(address: BrokerAddress) -> str | None:
    """The password that the settings' file holds; None where they name none.

    Raises:
        BrokerFileError: The file cannot be read, or holds no password.
    """
    path = _readable(address, "password_file")
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 1 or not lines[0]:
        raise BrokerFileError(
            f"{address.TABLE}.password_file: {address.password_file} must hold the password in one line, and nothing else"
        )
    return lines[0]


def _readable(address: BrokerAddress, name: str) -> Path | None:
    """The file that a setting names, once it was read."""
    given: Path | None = getattr(address, name)
    if given is None:
        return None
    path = given
    if str(given).startswith(CREDENTIAL):
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder is None:
            raise BrokerFileError(
                f"{address.TABLE}.{name}: {given} is a credential, and systemd gave none to this program: "
                "name it with LoadCredential= in the service's unit"
            )
        path = Path(folder) / str(given).removeprefix(CREDENTIAL)
    else:
        path = given.expanduser()
    try:
        path.read_bytes()
    except OSError as error:
        raise BrokerFileError(f"{address.TABLE}.{name}: {path} cannot be read: {error.strerror}") from None
    return path
