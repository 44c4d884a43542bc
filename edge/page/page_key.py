"""The page's token: made once a boot, kept where only the kiosk finds it, and asked of every browser."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from protocol.errors import MendableError
from protocol.program import refusal

TOKEN_BYTES = 32
"""256 bits: nobody guesses it."""
NAME = "start.html"
"""Of the file from which the kiosk's browser starts: it leads to the page, and no list of processes shows the token."""


class PageError(MendableError):
    """The host's page cannot be served; the text says why and what to do."""


def runtime_folder(named: Path | None) -> Path:
    """The folder that is named, or else the one that systemd made (RuntimeDirectory=), which is empty after each boot."""
    given = named or os.environ.get("RUNTIME_DIRECTORY")
    if given is None:
        raise PageError("--runtime names a folder for the page's token, on no disk, such as /run/user/1000")
    return Path(given)


def start_file(folder: Path, port: int) -> tuple[Path, str]:
    """Write the file that a browser starts from; itself, and the token: that of the file before, where this boot has one.

    Raises:
        PageError: The folder does not take it.
    """
    file = folder / NAME
    token = _token_of(file) or secrets.token_urlsafe(TOKEN_BYTES)
    text = f'<!doctype html>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0;url={address(port, token)}">\n'
    new = file.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            os.fchmod(opened.fileno(), 0o640)
            opened.write(text)
        new.replace(file)
    except OSError as error:
        raise PageError(f"{file} cannot be written: {refusal(error)}") from None
    return file, token


def address(port: int, token: str) -> str:
    """Where a browser starts."""
    return f"http://127.0.0.1:{port}/start/{token}"


def _token_of(file: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):
        found = re.search(r"/start/([A-Za-z0-9_-]{43})\"", file.read_text(encoding="ascii"))
        return found[1] if found else None
    return None
