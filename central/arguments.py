"""The options of the command line, checked and laid over the settings."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from central.settings import CentralSettings
from protocol.errors import MendableError
from protocol.output_file import check_replaceable
from protocol.toml_file import load


class CommandError(MendableError):
    """Something on the command line cannot be used; the text says what."""


def read_settings(config: Path | None, usual: Path) -> CentralSettings:
    """The settings of the file ``config``, or of the usual one where it exists, or the defaults.

    Raises:
        BadFileError: The file cannot be used.
    """
    if config is None and not usual.exists():
        return CentralSettings()
    return load(config or usual, CentralSettings)


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


def broker_address(text: str) -> tuple[str, int | None]:
    """Host and port of ``host:port``; the port may be left out.

    Raises:
        CommandError: It is no such thing.
    """
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.netloc == text and parts.username is None:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise CommandError(f"--broker {text!r} is no host:port, such as broker.example:8883")


def one_day(text: str) -> date:
    """The date of ``YYYY-MM-DD``.

    Raises:
        CommandError: It is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--day {text!r} is no date: write YYYY-MM-DD") from None


def write_page(file: Path, text: str) -> None:
    """Write a page, and the folder it goes into.

    Raises:
        CommandError: It cannot be written.
        NotReplacedError: The file is there, and is no page.
    """
    check_replaceable(file, b"<!doctype html>", "page")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--out {file} cannot be written: {error.strerror}") from None
