"""Checks desk.toml and its standard, and finds settings by which the other parts can be checked all the same."""

import os
from dataclasses import dataclass
from pathlib import Path

from edge.finding import Finding
from edge.settings.desk_toml import Settings
from edge.settings.last_good import Configuration, LastGood, load_configuration
from protocol.shipped import EXAMPLE_DESK, EXAMPLE_STANDARD
from protocol.standard import Standard
from protocol.standards_folder import copied_name
from protocol.toml_file import BadFileError, good_tables, load, read_text


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """What is found of the settings, and by which ones the other parts are checked."""

    finding: Finding
    configuration: Configuration | None
    """The settings; after bad ones the last good ones; without any, what is good of the bad ones; None where nothing is."""
    left_out: frozenset[str] = frozenset()
    """Tables of desk.toml that cannot be used, and stand as their defaults in the configuration."""


def check_settings(desk_file: Path, standards: Path, kept: LastGood) -> CheckedSettings:
    """Read the settings as the desk does; nothing is written."""
    try:
        configuration = load_configuration(desk_file, standards)
    except BadFileError as error:
        return _bad(error, desk_file, kept)
    cameras, lines = len(configuration.settings.cameras), len(configuration.settings.phone)
    found = f"{cameras} camera(s), {lines} phone line(s), standard {configuration.standard.label}"
    named = configuration.settings.desk.standard
    if copied := copied_name(configuration.standard, named, standards):
        finding = Finding("settings", "warning", found, copied)
    else:
        finding = Finding("settings", "good", found)
    return CheckedSettings(finding, configuration)


def _bad(error: BadFileError, desk_file: Path, kept: LastGood) -> CheckedSettings:
    to_do = f"mend {error.path}"
    # Unlike Path.exists, it takes what lies in a folder that may not be searched for missing.
    if not os.path.exists(desk_file):  # noqa: PTH110
        to_do = f"copy {EXAMPLE_DESK} to {desk_file} and edit it"
    try:
        fallen_back = kept.instead_of(error)
    except BadFileError:
        to_do += "; until then the desk does not start"
        configuration, left_out = _what_is_good(desk_file)
    else:
        to_do += "; until then the desk runs on its last good settings, which are checked here"
        configuration, left_out = fallen_back, frozenset[str]()
    return CheckedSettings(Finding("settings", "bad", str(error), to_do), configuration, left_out)


def _what_is_good(desk_file: Path) -> tuple[Configuration | None, frozenset[str]]:
    """The tables of a bad desk.toml that can be used, under a standard that comes along."""
    try:
        settings, left_out = good_tables(read_text(desk_file, Settings), Settings, desk_file)
        return Configuration(settings, load(EXAMPLE_STANDARD, Standard)), left_out
    except BadFileError:
        return None, frozenset()
