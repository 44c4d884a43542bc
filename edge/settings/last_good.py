"""desk.toml and the standard it names, read together; bad ones give way to the last good ones."""

from dataclasses import dataclass
from pathlib import Path

from edge.settings.desk_toml import Settings
from protocol.standard import Standard
from protocol.toml_file import BadFileError, Problem, load, parse

STANDARDS = Path(__file__).resolve().parents[2] / "firmware_config" / "standards"
"""The standards a desk is flashed with."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a desk runs with."""

    settings: Settings
    standard: Standard
    complaint: str | None = None
    """What was wrong with the files given, when these are the last good ones in their place."""


def load_standard(name: str, folder: Path = STANDARDS) -> Standard:
    """The service standard of that name.

    Raises:
        BadFileError: There is none of that name, or its file cannot be used.
    """
    path = folder / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
        raise BadFileError(
            path, (Problem("", f"there is no standard named {name!r}; this desk has: {known}", None),)
        )
    return load(path, Standard)


def load_configuration(
    desk_file: Path, standards: Path = STANDARDS, standard: str | None = None
) -> Configuration:
    """The settings of a desk with its standard; ``standard`` overrules the one desk.toml names.

    Raises:
        BadFileError: Either file cannot be used; every problem of both is in it.
    """
    settings = load(desk_file, Settings)
    return Configuration(settings, load_standard(standard or settings.desk.standard, standards))


class LastGood:
    """The last settings and standard that were good, kept so that a slip of the pen never stops a desk."""

    def __init__(self, folder: Path) -> None:
        self._desk = folder / "last-good-desk.toml"
        self._standard = folder / "last-good-standard.toml"

    def load_or_fall_back(self, desk_file: Path, standards: Path = STANDARDS) -> Configuration:
        """The given files when they are good (they are then kept), otherwise the last good ones with a complaint.

        Raises:
            BadFileError: The given files are bad and none were good before.
        """
        try:
            configuration = load_configuration(desk_file, standards)
        except BadFileError as error:
            if not (self._desk.exists() and self._standard.exists()):
                raise
            complaint = f"{error}\nThe desk goes on with its last good settings until this is mended."
            return Configuration(load(self._desk, Settings), load(self._standard, Standard), complaint)
        self._desk.parent.mkdir(parents=True, exist_ok=True)
        _replace(self._desk, desk_file.read_text(encoding="utf-8"), Settings)
        standard_file = standards / f"{configuration.settings.desk.standard}.toml"
        _replace(self._standard, standard_file.read_text(encoding="utf-8"), Standard)
        return configuration


def _replace(path: Path, text: str, model: type[Settings | Standard]) -> None:
    """Write a checked file whole or not at all."""
    parse(text, model, path)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
