"""The key by which the central service signs the standards that it sends to desks: a file of its own, made by a command."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from protocol.errors import MendableError
from protocol.program import refusal
from protocol.standard_plan import SignedPlan, StandardPlan, key_id, public_line, signed_bytes


class BadSigningKeyError(MendableError):
    """The key cannot be used; the text says why, and what to do."""


def make_signing_key(file: Path) -> str:
    """Make a key in a file that only its owner reads; returns its public line, for the desks.

    Raises:
        BadSigningKeyError: The file is there already, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(pem)
    except FileExistsError:
        raise BadSigningKeyError(
            f"{file} is there already: name another file for a key that follows it, and leave both public lines at the desks meanwhile"
        ) from None
    except OSError as error:
        raise BadSigningKeyError(f"{file} cannot be written: {refusal(error)}") from None
    return _line(key)


def shown_signing_key(file: Path) -> str:
    """The public line of a key: what the desks' file is to hold.

    Raises:
        BadSigningKeyError: The key cannot be used.
    """
    return _line(_read(file))


def signed_plan(plan: StandardPlan, file: Path) -> bytes:
    """A plan with its signature, as it travels.

    Raises:
        BadSigningKeyError: The key cannot be used.
    """
    key = _read(file)
    text = plan.model_dump_json()
    signature = base64.b64encode(key.sign(signed_bytes(text))).decode()
    public = key.public_key().public_bytes_raw()
    return SignedPlan(key=key_id(public), signature=signature, plan=text).model_dump_json().encode()


def _line(key: Ed25519PrivateKey) -> str:
    return public_line(key.public_key().public_bytes_raw())


def _read(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except FileNotFoundError:
        raise BadSigningKeyError(
            f"there is no signing key at {file}: make one with `deskside-central standards make-key`"
        ) from None
    except OSError as error:
        raise BadSigningKeyError(f"the signing key {file} cannot be read: {refusal(error)}") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadSigningKeyError(
            f"{file} holds no Ed25519 key: make one with `deskside-central standards make-key`"
        )
    return key
