"""`deskside badge ...`: the site's key, the pseudonym of a badge, and PINs."""

import getpass
import os
import select
import sys
import time
from pathlib import Path

from edge.duty.key_events import SIZE, EventBytes
from edge.duty.keyboard import Spelling, spelled
from edge.duty.pseudonym import key_name, pseudonym_of
from edge.live.badge_reader import READ_AT_ONCE, open_reader
from edge.live.pin_book import PinBook
from edge.live.site_key import make_key, site_key
from edge.settings.desk_toml import Settings, SignIn
from protocol.errors import MendableError
from protocol.toml_file import load

SHOW_WITHIN_S = 60.0
"""How long a badge is waited for."""


class BadgeError(MendableError):
    """No badge was read, or no PIN typed; the text says what to do."""


def new_key(path: Path) -> None:
    """Make a site's key."""
    print(
        f"{path}: key {key_name(make_key(path))}. Every desk at which the same badges are shown needs this file; keep one copy locked away"
    )


def show_pseudonym(desk: Path, *, typed: bool) -> None:
    """Read a badge and print the pseudonym that it stands for; the badge itself is shown and kept nowhere."""
    settings = load(desk, Settings).sign_in
    key = site_key(_named(settings.key_file, "key_file", desk))
    if typed or settings.reader is None:
        badge = _asked("Show the badge to a reader at this terminal, or type what stands on it: ")
    else:
        badge = _read(settings.reader, settings)
    if not badge.strip():
        raise BadgeError("no badge was read: show it once more")
    print(pseudonym_of(badge.strip(), key))


def set_pin(desk: Path, person: str) -> None:
    """Give somebody a PIN, typed twice."""
    book = _book(desk)
    pin = _asked(f"PIN of {person}, 6 to 12 digits: ")
    if pin != _asked("the same again: "):
        raise BadgeError("the two differ: nothing was changed")
    book.give(person, pin)
    print(f"{person} signs in at the host's page with this PIN")


def forget_pin(desk: Path, person: str) -> None:
    """Take somebody's PIN away."""
    had = _book(desk).forget(person)
    print(f"{person} has no PIN any more" if had else f"{person} had no PIN")


def _book(desk: Path) -> PinBook:
    settings = load(desk, Settings).sign_in
    key = site_key(_named(settings.key_file, "key_file", desk))
    return PinBook(_named(settings.pins_file, "pins_file", desk), key)


def _named(path: Path | None, setting: str, desk: Path) -> Path:
    if path is None:
        raise BadgeError(f"{desk}: [sign_in] {setting} is missing; docs/sign-in.md says what it is")
    return path


def _asked(question: str) -> str:
    """What is typed at the terminal, unseen; a line of the input where there is no terminal."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().rstrip("\n")


def _read(reader: str, settings: SignIn) -> str:
    descriptor = open_reader(reader)
    print("Show the badge to the reader.", file=sys.stderr)
    events, spelling = EventBytes(), Spelling(settings.layout)
    until_s = time.monotonic() + SHOW_WITHIN_S
    try:
        while (left_s := until_s - time.monotonic()) > 0.0:
            if select.select([descriptor], [], [], left_s)[0]:
                for _, badge in spelled(events.feed(os.read(descriptor, READ_AT_ONCE * SIZE)), spelling):
                    return badge
    finally:
        os.close(descriptor)
    raise BadgeError(
        f"no badge was shown within {SHOW_WITHIN_S:.0f} s: does the reader beep, and end what it types with Enter?"
    )
