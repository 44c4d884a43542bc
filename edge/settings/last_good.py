"""desk.toml and the standard it names, read together; bad ones give way to the last good ones."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from edge.settings.desk_toml import Settings
from protocol.manner import MANNER, Manner
from protocol.shipped import STANDARDS
from protocol.standard import Standard
from protocol.standards_folder import standard_file
from protocol.toml_file import BadFileError, load, parse, read_text

STATE_FOLDER = Path("/var/lib/deskside")
"""Where a desk keeps what it must not lose; the unit's StateDirectory (systemd/deskside.service)."""


def state_folder(named: Path | None = None) -> Path:
    """The folder that is named, or else where systemd says, or else ``STATE_FOLDER``."""
    return named or Path(os.environ.get("STATE_DIRECTORY", STATE_FOLDER))


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a desk runs with."""

    settings: Settings
    standard: Standard
    complaint: str | None = None
    """What was wrong with the files given, when these are the last good ones in their place."""
    not_kept: str | None = None
    """Why these could not be kept as the last good ones, in words; None where they are."""
    nameless: str | None = None
    """That the desk still has the name it was flashed with, and what it is called instead, in words."""
    standard_sha256: str | None = None
    """SHA-256 of the standard's text."""
    standard_plan: int | None = None
    """Number of the plan of standards that the desk has from the central service; None where it has none."""
    told_to_leave_out: tuple[Manner, ...] = ()
    """What the central service has it leave out of the host's manner."""

    @property
    def leaves_out(self) -> tuple[Manner, ...]:
        """What is not measured of the host's manner, told or by its own settings."""
        own = () if self.settings.desk.smile_measured else ("smile",)
        return tuple(part for part in MANNER if part in {*own, *self.told_to_leave_out})


def load_configuration(
    desk_file: Path, standards: Path = STANDARDS, standard: str | None = None
) -> Configuration:
    """The settings of a desk with its standard; ``standard`` overrules the one desk.toml names.

    Raises:
        BadFileError: Either file cannot be used; every problem of it is told.
    """
    configuration, _ = _read(desk_file, standards, standard)
    return configuration


class LastGood:
    """The last settings and standard that were good, kept so that a slip of the pen never stops a desk.

    Args:
        folder: Where they are kept; by default where systemd says, else in ``STATE_FOLDER``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = state_folder(folder)
        self._desk = folder / "last-good-desk.toml"
        self._standard = folder / "last-good-standard.toml"

    def load_or_fall_back(self, desk_file: Path, standards: Path = STANDARDS) -> Configuration:
        """The given files when they are good (they are then kept), otherwise the last good ones with a complaint.

        Where the disk does not take them they are good all the same, and ``not_kept`` says why.

        Raises:
            BadFileError: The given files are bad and none were good before.
        """
        try:
            configuration, texts = _read(desk_file, standards)
        except BadFileError as error:
            return self.instead_of(error)
        try:
            self._keep(texts)
        except OSError as error:
            not_kept = (
                f"the settings are good, but {self._desk.parent} does not take them as the last good ones"
                f" ({error.strerror}): a later slip in desk.toml would keep this desk from starting"
            )
            return replace(configuration, not_kept=not_kept)
        return configuration

    def instead_of(self, bad: BadFileError) -> Configuration:
        """The last good settings and standard in place of bad ones; nothing is written.

        Raises:
            BadFileError: None were good before: ``bad`` itself, or what is wrong with the kept ones.
        """
        # Unlike Path.exists, it takes a folder that may not be read for one without them.
        if not (os.path.exists(self._desk) and os.path.exists(self._standard)):  # noqa: PTH110
            raise bad
        complaint = f"{bad}\nThe desk goes on with its last good settings until this is mended."
        standard_text = read_text(self._standard, Standard)
        return Configuration(
            load(self._desk, Settings),
            parse(standard_text, Standard, self._standard),
            complaint,
            standard_sha256=_sha256(standard_text),
        )

    def _keep(self, texts: "_Texts") -> None:
        """Write both, or neither where the disk is full; a disk that has them already is left alone."""
        wanted = [(self._desk, texts.desk), (self._standard, texts.standard)]
        changed = [(path, text) for path, text in wanted if not _holds(path, text)]
        if changed:
            self._desk.parent.mkdir(parents=True, exist_ok=True)
        written = [(write_beside(path, text), path) for path, text in changed]
        for new, path in written:
            new.replace(path)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The text of both files, as it was checked."""

    desk: str
    standard: str


def _read(desk_file: Path, standards: Path, standard: str | None = None) -> tuple[Configuration, _Texts]:
    """Both files, each read once: what is kept as good is what was checked, whoever writes the files meanwhile."""
    desk_text = read_text(desk_file, Settings)
    settings = parse(desk_text, Settings, desk_file)
    path = standard_file(standard or settings.desk.standard, standards)
    standard_text = read_text(path, Standard)
    read = Configuration(
        settings, parse(standard_text, Standard, path), standard_sha256=_sha256(standard_text)
    )
    return read, _Texts(desk_text, standard_text)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def write_beside(path: Path, text: str) -> Path:
    """Write the text, through to the disk, into a new file that can take the place of ``path``."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return new
