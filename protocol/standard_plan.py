"""The service standards that the central service wants at a desk, each from a moment on: signed there, checked at the desk.

It travels retained on the desk's channel ``standard``, so that a desk that was away finds it. ``signature`` covers the text of ``plan``
as it stands, so that nobody has to write JSON again to check it. Keys are told apart by a part of their hash: while one follows
another, desks know both.
"""

import base64
import binascii
import hashlib
import re
from typing import Annotated

from pydantic import Field

from protocol.manner import MANNER, Manner
from protocol.measurements import Later, Message, Ordinal
from protocol.names import LONGEST
from protocol.state import Device, Sha256

MOST_STANDARDS = 3
"""The one in force and two that follow: nobody plans more, and so many fit into one message (protocol/decoding.py)."""
TEXT_LIMIT = 8192
"""Letters of a standard's text: those that come along have a thousand."""
KEY_DIGITS = 16
"""Of the hash of a key: enough to tell a house's few keys apart; what is believed hangs on the key itself."""
PURPOSE = b"deskside standard plan 1\n"
"""Stands before what is signed, so that no signature of this key is good for anything else."""
PUBLIC_WORD = "deskside-ed25519"
"""Begins a line with a public key."""

KeyId = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{KEY_DIGITS}}}$")]


class PlannedStandard(Message):
    """One standard, from a moment on."""

    from_wall_s: Annotated[float, Field(ge=0.0, le=2.4e11)]
    """Unix time from which on it is in force; until then the one before it is."""
    name: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    version: Ordinal
    sha256: Sha256
    """Of the UTF-8 of ``text``."""
    text: Annotated[str, Field(max_length=TEXT_LIMIT)]
    """The standard as TOML."""


class StandardPlan(Message):
    """What a desk is to work by."""

    device: Device
    number: Ordinal
    """Grows with every change of the plan: what is older than the plan a desk has is not followed, whoever sends it again."""
    standards: Annotated[tuple[PlannedStandard, ...], Field(max_length=MOST_STANDARDS)]
    """In the order of their moments; without any, the desk works by its own file again."""
    leaves_out: Later[Annotated[tuple[Manner, ...], Field(max_length=len(MANNER))]] = None
    """What the profile of the desk's showroom has it leave out of the host's manner; the profile of ``desk.toml`` then holds no more. Absent
    for a desk that does not say in its birth what it leaves out: older software would refuse the whole plan."""


class SignedPlan(Message):
    """A plan with the signature of the central service."""

    key: KeyId
    signature: Annotated[str, Field(max_length=100)]
    """Ed25519 (RFC 8032) over `signed_bytes` of the plan, in base64."""
    plan: Annotated[str, Field(max_length=65536)]
    """A `StandardPlan` as JSON: the text that was signed."""


class BadKeyLineError(ValueError):
    """A line that holds no public key; the text says which, and why."""


def signed_bytes(plan: str) -> bytes:
    """What a signature covers: the plan's text behind the words that say what for."""
    return PURPOSE + plan.encode()


def key_id(public: bytes) -> str:
    """What a public key is called, of its 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:KEY_DIGITS]


def public_line(public: bytes) -> str:
    """A public key as a line of a file: ``deskside-ed25519 <id> <base64>``."""
    return f"{PUBLIC_WORD} {key_id(public)} {base64.b64encode(public).decode()}"


def public_keys(text: str) -> dict[str, bytes]:
    """The public keys of a file by their ids; empty lines and those that begin with ``#`` say nothing.

    Raises:
        BadKeyLineError: A line is none, or there is no key at all.
    """
    keys = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 3 or words[0] != PUBLIC_WORD or not re.fullmatch(r"[0-9a-f]+", words[1]):
            raise BadKeyLineError(f"line {number} is no public key: it must read {PUBLIC_WORD} ID KEY")
        try:
            public = base64.b64decode(words[2], validate=True)
        except binascii.Error:
            public = b""
        if len(public) != 32 or key_id(public) != words[1]:
            raise BadKeyLineError(
                f"line {number}: its key is not the one that its id names: copy the line anew"
            )
        keys[words[1]] = public
    if not keys:
        raise BadKeyLineError("it holds no public key")
    return keys
