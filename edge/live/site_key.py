"""The site's key: made once, kept from everybody but the desk, and read at its start."""

import os
import secrets
import stat
from pathlib import Path

from edge.duty.pseudonym import KEY_BYTES
from protocol.broker.address import CREDENTIAL
from protocol.errors import MendableError
from protocol.program import refusal

CREDENTIALS = Path("/etc/credstore")
"""Where the files lie that systemd hands to the service (systemd.exec(5))."""
SERVICE = "deskside."
"""How their names begin there (systemd/deskside.service)."""


class SiteKeyError(MendableError):
    """The site's key cannot be used; the text says why and what to do."""


def site_key(named: Path) -> bytes:
    """The key that a file holds.

    Args:
        named: The file, or ``credential:NAME`` for one that systemd hands to the service; root reads that where systemd keeps it.

    Raises:
        SiteKeyError: The file cannot be read, others than its owner and group may read it, or it holds no key.
    """
    path = _path(named)
    return _key(private_text(path, f"sign_in.key_file: {path}"), path)


def private_text(path: Path, what: str) -> str:
    """The text of a file that others may not read.

    Raises:
        SiteKeyError: It cannot be read, or everybody may read or write it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(1_000_000)
    except OSError as error:
        raise SiteKeyError(f"{what} cannot be read: {refusal(error)}") from None
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise SiteKeyError(
            f"{what} may be read or written by others (mode {stat.S_IMODE(mode):04o}): "
            f"whoever has it finds out whose badge a pseudonym is; chmod 640 {path}"
        )
    return data.decode("utf-8", errors="replace")


def make_key(path: Path) -> bytes:
    """Write a new key that its owner alone may read; never over a file that is there.

    Raises:
        SiteKeyError: There is such a file, or it cannot be written.
    """
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SiteKeyError(
            f"{path} is there already and is left alone: with another key every badge would become another pseudonym"
        ) from None
    except OSError as error:
        raise SiteKeyError(f"{path} cannot be written: {refusal(error)}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _path(named: Path) -> Path:
    if not str(named).startswith(CREDENTIAL):
        return named.expanduser()
    name = str(named).removeprefix(CREDENTIAL)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return CREDENTIALS / f"{SERVICE}{name}" if folder is None else Path(folder) / name


def _key(text: str, path: Path) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SiteKeyError(
            f"sign_in.key_file: {path} holds no key, which is {2 * KEY_BYTES} hexadecimal digits: `deskside badge make-key` makes one"
        )
    return key
