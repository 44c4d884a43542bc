"""The options of the command line, checked and laid over the settings."""

import os
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from central.registry_files.cells import BadCellError, a_moment
from central.settings import CentralSettings
from protocol.errors import MendableError
from protocol.output_file import check_replaceable
from protocol.program import refusal
from protocol.toml_file import load


class CommandError(MendableError):
    """Something on the command line cannot be used; the text says what."""


def read_settings(config: Path | None, usual: Path) -> CentralSettings:
    """The settings of the file ``config``, or of the usual one where it exists, or the defaults.

    The usual file may be the service's alone (it may hold a password): another user, who did not name it, is told and goes on without.

    Raises:
        BadFileError: The file cannot be used.
    """
    if config is not None:
        return load(config, CentralSettings)
    if not os.path.exists(usual):  # noqa: PTH110  Unlike Path.exists, it takes a folder that may not be searched for one without it.
        return CentralSettings()
    if not os.access(usual, os.R_OK):
        print(
            f"{usual} is not for this user to read, and is left out; `sudo -u deskside-central` reads it.",
            file=sys.stderr,
        )
        return CentralSettings()
    return load(usual, CentralSettings)


def changed(settings: CentralSettings, changes: Mapping[str, Mapping[str, object]]) -> CentralSettings:
    """The settings with the command line's values in place of the file's; None leaves the file's.

    Raises:
        CommandError: Together they make no sense.
    """
    merged = settings.model_dump()
    for table, values in changes.items():
        merged[table].update({key: value for key, value in values.items() if value is not None})
    try:
        return CentralSettings.model_validate(merged)
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise CommandError("\n".join(problems)) from None


def network_address(
    text: str, option: str = "--broker", example: str = "broker.example:8883"
) -> tuple[str, int | None]:
    """Host and port of ``host:port``; the port may be left out.

    Args:
        text: As it was typed.
        option: Of the command line, for the error.
        example: What it may look like, for the error.

    Raises:
        CommandError: It is no such thing.
    """
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.netloc == text and parts.username is None:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise CommandError(f"{option} {text!r} is no host:port, such as {example}")


def make_own_folder(settings: CentralSettings) -> None:
    """Make the folder in which the database lies when nobody says where; the one that somebody names must be there.

    Raises:
        CommandError: It cannot be made.
    """
    if settings.database.url is not None:
        return
    folder = Path(settings.database.used_url).parent
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"the database has no place: {folder} cannot be made: {refusal(error)}, or name a file with --db"
        ) from None


def one_day(text: str) -> date:
    """The date of ``YYYY-MM-DD``.

    Raises:
        CommandError: It is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--day {text!r} is no date: write YYYY-MM-DD") from None


def numbered_hash(text: str) -> tuple[int, str]:
    """Number and hash of ``NUMBER:HASH``.

    Raises:
        CommandError: It is no such thing.
    """
    number, _, digest = text.strip().partition(":")
    if not number.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise CommandError(f"--holds {text!r} is no line of `audit verify`: write NUMBER:HASH")
    return int(number), digest


def named_version(text: str) -> tuple[str, int]:
    """Name and version of ``NAME@VERSION``.

    Raises:
        CommandError: It is no such thing.
    """
    name, _, version = text.rpartition("@")
    if not name or not re.fullmatch(r"[0-9]{1,10}", version):
        raise CommandError(f"{text!r} is no version of a standard: write NAME@VERSION, such as eight-teeth@2")
    return name, int(version)


def one_moment(option: str, text: str, timezone: str) -> float:
    """The Unix time of ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM`` on the wall clock of a time zone, or with a distance from UTC.

    Raises:
        CommandError: It is no such moment.
    """
    try:
        return a_moment(text).unix(timezone)
    except BadCellError as error:
        raise CommandError(f"{option}: {error}") from None


def write_page(file: Path, text: str) -> None:
    """Write a page into a folder that is there.

    Raises:
        CommandError: It cannot be written.
        NotReplacedError: The file is there, and is no page.
    """
    write_out(file, text, b"<!doctype html>", "page")


def write_out(file: Path, text: str, begins: bytes, what: str) -> None:
    """Write a file into a folder that is there; only an earlier one of its kind is replaced.

    Args:
        file: Where.
        text: Of the whole file.
        begins: How each file of this kind begins.
        what: The kind, in words.

    Raises:
        CommandError: It cannot be written.
        NotReplacedError: The file is there, and is no such file.
    """
    check_replaceable(file, begins, what)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--out {file} cannot be written: {refusal(error)}") from None
