"""Checks desk.toml and its standard, and finds settings by which the other parts can be checked all the same."""

from pathlib import Path

from edge.finding import Finding
from edge.settings.last_good import Configuration, LastGood, load_configuration
from protocol.shipped import EXAMPLE_DESK
from protocol.toml_file import BadFileError


def check_settings(desk_file: Path, standards: Path, kept: LastGood) -> tuple[Finding, Configuration | None]:
    """What is found of the settings, and what the desk runs with: these, else the last good ones, else None."""
    try:
        configuration = load_configuration(desk_file, standards)
    except BadFileError as error:
        return _bad(error, desk_file, kept)
    cameras, lines = len(configuration.settings.cameras), len(configuration.settings.phone)
    found = f"{cameras} camera(s), {lines} phone line(s), standard {configuration.standard.label}"
    return Finding("settings", "good", found), configuration


def _bad(error: BadFileError, desk_file: Path, kept: LastGood) -> tuple[Finding, Configuration | None]:
    missing = f"copy {EXAMPLE_DESK} to {desk_file} and edit it"
    to_do = f"mend {error.path}" if desk_file.exists() else missing
    try:
        fallen_back = kept.instead_of(error)
    except BadFileError:
        to_do += "; until then the desk does not start"
        return Finding("settings", "bad", str(error), to_do), None
    to_do += "; until then the desk runs on its last good settings, which are checked here"
    return Finding("settings", "bad", str(error), to_do), fallen_back
