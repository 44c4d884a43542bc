"""Whose PIN is which: a file of keyed hashes beside their pseudonyms, read at every try."""

import grp
import hmac
import os
import re
from collections.abc import Mapping
from pathlib import Path

from edge.duty.pseudonym import pin_tag
from edge.live.site_key import SiteKeyError, private_text
from protocol.names import checked_name
from protocol.program import refusal

PIN = re.compile(r"[0-9]{6,12}")
"""Six digits or more: of four, with twenty people at a desk, somebody who tries five a minute finds one in two hours."""

SERVICE_GROUP = "deskside"
"""Of the desk's service (systemd/deskside.service)."""


class PinBook:
    """The PINs of one desk.

    Args:
        path: The file; lines of a hash and a pseudonym.
        site_key: Keys the hashes.
    """

    def __init__(self, path: Path, site_key: bytes) -> None:
        self._path = path.expanduser()
        self._key = site_key

    def owner(self, pin: str) -> str | None:
        """Whose PIN this is; None for nobody's. Takes some 50 ms, right or wrong.

        Raises:
            SiteKeyError: The file cannot be read, or others may read it.
        """
        tag = pin_tag(pin, self._key)
        found = None
        for known, person in self._read().items():
            if hmac.compare_digest(known, tag):
                found = person
        return found

    def give(self, person: str, pin: str) -> None:
        """Let this PIN be the person's, in place of any before.

        Raises:
            SiteKeyError: It is no PIN, somebody else's, or the file cannot be written.
        """
        if not PIN.fullmatch(pin):
            raise SiteKeyError("a PIN has 6 to 12 digits: fewer are found out by trying")
        try:
            checked_name(person)
        except ValueError as error:
            raise SiteKeyError(f"{person}: a pseudonym {error}") from None
        book = self._read() if self._path.exists() else {}
        tag = pin_tag(pin, self._key)
        if book.get(tag, person) != person:
            raise SiteKeyError("somebody has this PIN already: choose another one")
        self._write({**{known: who for known, who in book.items() if who != person}, tag: person})

    def forget(self, person: str) -> bool:
        """Take the person's PIN from them; whether they had one.

        Raises:
            SiteKeyError: The file cannot be read or written.
        """
        book = self._read()
        left = {known: who for known, who in book.items() if who != person}
        if len(left) < len(book):
            self._write(left)
        return len(left) < len(book)

    def count(self) -> int:
        """How many people have a PIN here.

        Raises:
            SiteKeyError: The file cannot be read, or others may read it.
        """
        return len(self._read())

    def _read(self) -> dict[str, str]:
        text = private_text(self._path, f"sign_in.pins_file: {self._path}")
        book = {}
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split()
            if not words:
                continue
            if len(words) != 2 or not re.fullmatch(r"[0-9a-f]{32}", words[0]):
                raise SiteKeyError(
                    f"sign_in.pins_file: {self._path}, line {number}, is no PIN's: `deskside badge set-pin` writes them"
                )
            book[words[0]] = words[1]
        return book

    def _write(self, book: Mapping[str, str]) -> None:
        """Put the book in the place of the file, through to the disk: the owner's, and where that is root the service may read it."""
        new = self._path.with_suffix(".new")
        try:
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                if os.geteuid() == 0 and (group := _service_group()) is not None:
                    os.fchown(file.fileno(), 0, group)
                    os.fchmod(file.fileno(), 0o640)
                file.write("".join(f"{tag} {person}\n" for tag, person in book.items()))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise SiteKeyError(f"{self._path} cannot be written: {refusal(error)}") from None


def _service_group() -> int | None:
    try:
        return grp.getgrnam(SERVICE_GROUP).gr_gid
    except KeyError:
        return None
