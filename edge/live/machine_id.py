"""Which machine this is: a number that tells two machines apart and nothing else, and the name it gives a desk that has none."""

import hashlib
import hmac
import uuid
from dataclasses import replace
from pathlib import Path

from edge.settings.desk_toml import FLASHED_NAME
from edge.settings.last_good import Configuration
from protocol.errors import MendableError

APPLICATION = uuid.UUID("5f6c1d0e-2b8a-4c37-9a41-d35c7e0b9f62")
"""Drawn once for this application, so that nobody can match its numbers with those of another program on the same machine."""
SOURCES = (Path("/proc/device-tree/serial-number"), Path("/etc/machine-id"))
"""Where a machine's number stands, the best first: a copied card carries the machine-id along, the board keeps its serial number."""
NAME_DIGITS = 8
"""Digits of the machine's number in a name that is taken from it: among 10,000 desks, two are alike once in a hundred times."""


class NamelessDeskError(MendableError):
    """The desk has the name it was flashed with, and no number to take one from."""


def machine_id(sources: tuple[Path, ...] = SOURCES) -> str | None:
    """The number of this machine as 32 hexadecimal digits; None where it has none.

    It is derived from the board's serial number or the machine-id as systemd derives an application's own
    (sd_id128_get_machine_app_specific(3)): neither can be found out from it.

    Args:
        sources: Where the machine's own number may stand, the best first.
    """
    for source in sources:
        try:
            own = source.read_bytes().strip(b"\0\n ")
        except OSError:
            continue
        # "uninitialized" is what /etc/machine-id says of a fresh image; a board without a serial number has zeros.
        if not own.strip(b"0") or own == b"uninitialized":
            continue
        key = bytes.fromhex(own.decode()) if len(own) == 32 and _is_hexadecimal(own) else own
        digest = hmac.digest(key, APPLICATION.bytes, hashlib.sha256)[:16]
        return uuid.UUID(bytes=digest, version=4).hex
    return None


def with_a_name_of_its_own(configuration: Configuration, number: str | None) -> Configuration:
    """The configuration of a desk that may go into service: a flashed name gives way to one from the machine's number.

    Args:
        configuration: What the desk's files say.
        number: The machine's, of ``machine_id``.

    Raises:
        NamelessDeskError: It has the flashed name, and the machine has no number.
    """
    settings = configuration.settings
    if settings.desk.device != FLASHED_NAME:
        return configuration
    if number is None:
        raise NamelessDeskError(
            f"desk.device is {FLASHED_NAME!r}, the name every desk is flashed with, and this machine has no serial number to take "
            "another from: give the desk a name of its own in desk.toml"
        )
    name = f"desk-{number[:NAME_DIGITS]}"
    words = f"desk.device is still {FLASHED_NAME}: this desk runs as {name}, by its serial number; name it in desk.toml"
    desk = settings.desk.model_copy(update={"device": name})
    return replace(configuration, settings=settings.model_copy(update={"desk": desk}), nameless=words)


def _is_hexadecimal(text: bytes) -> bool:
    return all(digit in b"0123456789abcdefABCDEF" for digit in text)
