"""The broker between desks and centre, as the settings of both name it, and the one way to prove oneself to it."""

import ssl
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from protocol.errors import MendableError
from protocol.toml_file import Section


class TlsError(MendableError):
    """The certificate files cannot be used; the text says which setting, which file and why."""


class BrokerAddress(Section):
    """Where the broker is, and by which files both sides prove their names to each other."""

    TABLE: ClassVar[str] = "broker"
    """The table of the settings file that holds it, for errors."""

    host: Annotated[str, Field(min_length=1)] = "localhost"
    """Name or address of the MQTT broker; with certificates, a name that stands in the broker's."""
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    """Port of the broker; 8883 is usual with certificates."""
    keepalive_s: Annotated[int, Field(ge=5, le=3600)] = 30
    """After so long without a word each side asks whether the other is still there (MQTT 3.1.1, section 3.1.2.10)."""
    ca_file: Path | None = None
    """Certificate of the authority that vouches for the broker, in PEM; without it the connection is not encrypted."""
    cert_file: Path | None = None
    """Our own certificate, in PEM: its common name is our name at the broker."""
    key_file: Path | None = None
    """The key of our certificate, in PEM."""
    mqtt: Literal["auto", "5", "3.1.1"] = "auto"
    """Version of MQTT that the broker speaks. ``auto`` tries both in turn, beginning with 5, which tells more when something
    is refused; name the version where a broker answers the other one with silence."""

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Self:
        files = (self.ca_file, self.cert_file, self.key_file)
        if any(files) and not all(files):
            raise ValueError("ca_file, cert_file and key_file belong together: give all three or none")
        return self

    @property
    def shown(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"


def tls_context(address: BrokerAddress) -> ssl.SSLContext | None:
    """Mutual TLS as the settings say; None when they name no files.

    The broker must prove its name to us, by a certificate of our authority; our certificate is our name to it.

    Args:
        address: Whose files are used.

    Raises:
        TlsError: A file cannot be read, or is not what its setting says.
    """
    if address.ca_file is None or address.cert_file is None or address.key_file is None:
        return None
    for key in ("ca_file", "cert_file", "key_file"):
        path: Path = getattr(address, key)
        try:
            path.read_bytes()
        except OSError as error:
            raise TlsError(f"{address.TABLE}.{key}: {path} cannot be read: {error.strerror}") from None
    try:
        context = ssl.create_default_context(cafile=address.ca_file)
    except ssl.SSLError:
        raise TlsError(f"{address.TABLE}.ca_file: {address.ca_file} is no certificate in PEM") from None
    try:
        context.load_cert_chain(address.cert_file, address.key_file)
    except ssl.SSLError:
        raise TlsError(
            f"{address.TABLE}.cert_file and {address.TABLE}.key_file: {address.cert_file} and {address.key_file} are no pair of a "
            "certificate and its key in PEM"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
