"""Checks what people sign in with: the site's key, the badge reader, the button."""

import os
from collections.abc import Iterator
from pathlib import Path

from edge.duty.pseudonym import key_name
from edge.finding import Finding
from edge.live.badge_reader import ReaderError, open_reader, typing_devices
from edge.live.pin_book import PinBook
from edge.live.site_key import SiteKeyError, site_key
from edge.settings.desk_toml import SignIn
from protocol.broker.address import CREDENTIAL

PART = "sign-in"


def check_sign_in(settings: SignIn) -> Iterator[Finding]:
    """What is found of the key, the reader and the PINs."""
    if settings.key_file is None:
        how = "by the button" if settings.button is not None else "by `deskside sign-in` alone"
        there = ", ".join(repr(name) for _, name in typing_devices())
        yield Finding(
            PART, "good", f"{how}: no reader in desk.toml{'; plugged in: ' + there if there else ''}"
        )
        return
    if str(settings.key_file).startswith(CREDENTIAL) and "CREDENTIALS_DIRECTORY" not in os.environ:
        yield Finding(
            PART,
            "warning",
            f"the site's key is not checked: {settings.key_file} is handed to the service alone",
            "`sudo deskside badge show` tries it",
        )
    else:
        yield from _key_and_pins(settings, settings.key_file)
    if settings.reader is not None:
        yield _reader(settings.reader)


def _key_and_pins(settings: SignIn, key_file: Path) -> Iterator[Finding]:
    try:
        key = site_key(key_file)
    except SiteKeyError as error:
        yield Finding(PART, "bad", str(error), "give the desk the site's key: docs/sign-in.md")
        return
    yield Finding(
        PART, "good", f"the site's key {key_name(key)}: the same at every desk with the same badges"
    )
    if settings.pins_file is not None:
        yield _pins(PinBook(settings.pins_file, key))


def _pins(book: PinBook) -> Finding:
    try:
        count = book.count()
    except SiteKeyError as error:
        return Finding(PART, "bad", str(error), "`deskside badge set-pin` writes it")
    return Finding(PART, "good", f"{count} {'person has' if count == 1 else 'people have'} a PIN")


def _reader(named: str) -> Finding:
    try:
        os.close(open_reader(named))
    except ReaderError as error:
        return Finding(
            PART,
            "bad",
            str(error),
            "stop the desk first if it runs; plug the reader in; the message says the rest",
        )
    return Finding(PART, "good", f"the reader {named} is there, and no other program has its keys")
