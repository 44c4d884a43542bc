"""Writes what calibration found of a camera into desk.toml, leaving its comments, order and every other key as they are."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from edge.settings.desk_toml import Camera, Settings
from protocol.errors import MendableError
from protocol.toml_file import Section, load, parse

PLACES = {"k1": 4, "k2": 4, "x_m": 2, "y_m": 2, "height_m": 2}
"""Decimals worth writing of a length or a coefficient: no calibration is surer than a centimetre."""
ANGLE_PLACES = 1
"""Decimals worth writing of an angle: no calibration is surer than a tenth of a degree."""


_BYTE_ORDER_MARK = "\ufeff"
"""What some editors begin a file with; it stays there."""


class SettingsNotWrittenError(MendableError):
    """desk.toml was left as it was; the text says why, and what to do."""


Value = float | tuple[float, ...]
"""What calibration finds for a key."""


@dataclass(frozen=True, slots=True)
class Change:
    """One key that was written."""

    table: str | None
    """Of the camera; None for a key of the camera itself."""
    name: str
    before: Value | None
    after: Value

    @property
    def key(self) -> str:
        """As it stands in the camera's table."""
        return self.name if self.table is None else f"{self.table}.{self.name}"

    def __str__(self) -> str:
        before = "not set" if self.before is None else _shown(self.before)
        return f"{self.key} = {_shown(self.after)} (was {before})"


def write_camera(desk_file: Path, calibrated: Camera) -> tuple[Change, ...]:
    """Write a camera's mount, lens and white balance, whole or not at all; only keys whose value changes are touched.

    Args:
        desk_file: The desk's settings. A link stays one: the file that it leads to is replaced.
        calibrated: The camera, found in the file by its name.

    Returns:
        What was changed; nothing when the file says the same already.

    Raises:
        BadFileError: The file cannot be read, or would be no good desk.toml with these values in it.
        SettingsNotWrittenError: It has no such camera, or cannot be written.
    """
    path = desk_file.resolve()
    settings = load(path, Settings)
    index = next((n for n, each in enumerate(settings.cameras) if each.name == calibrated.name), None)
    if index is None:
        raise SettingsNotWrittenError(f"{desk_file} has no camera named {calibrated.name!r} any more.")
    before = settings.cameras[index]
    changes = tuple(_changes(before, calibrated))
    if not changes:
        return ()
    text = _edited(path, index, changes)
    _check(path, text, settings, index, changes)
    _replace(path, text)
    return changes


def _changes(before: Camera, after: Camera) -> Iterator[Change]:
    yield from _numbers("mount", before.mount, after.mount)
    yield from _numbers("lens", before.lens, after.lens)
    if after.white_balance is not None and after.white_balance != before.white_balance:
        yield Change(None, "white_balance", before.white_balance, after.white_balance)


def _numbers(table: str, before: Section, after: Section) -> Iterator[Change]:
    for key, value in after:
        # The module's name is the user's; what is found of it are numbers.
        if value is None or isinstance(value, str):
            continue
        written, was = round(float(value), PLACES.get(key, ANGLE_PLACES)) + 0.0, getattr(before, key)
        if was is None or written != was:
            yield Change(table, key, was, written)


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else f"[{', '.join(f'{each:g}' for each in value)}]"


def _edited(path: Path, index: int, changes: tuple[Change, ...]) -> str:
    try:
        text = _read(path)
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        document: Any = tomlkit.parse(text.removeprefix(mark))
        camera = document["cameras"][index]
        for change in changes:
            if change.table is None:
                camera[change.name] = _plain(change.after)
                continue
            present = camera.get(change.table)
            if present is None or isinstance(present, InlineTable):
                camera[change.table] = _inline({**(present or {}), change.name: change.after})
            else:
                present[change.name] = change.after
        return mark + tomlkit.dumps(document)
    except TOMLKitError as error:
        raise SettingsNotWrittenError(
            f"{path} cannot be edited ({error}): write the values by hand."
        ) from None


def _plain(value: Value) -> float | list[float]:
    return value if isinstance(value, float) else list(value)


def _inline(values: dict[str, Any]) -> InlineTable:
    """A table in one line, spaced as our files are; tomlkit forgets the last space when it adds a key."""
    inside = ", ".join(
        f"{key} = {tomlkit.item(_as_decimal(value)).as_string()}" for key, value in values.items()
    )
    return cast("InlineTable", tomlkit.value(f"{{ {inside} }}"))


def _as_decimal(value: Any) -> Any:
    """A whole number as one with decimals, as its neighbours are; anything else as it is."""
    return float(value) if isinstance(value, int) else value


def _check(path: Path, text: str, before: Settings, index: int, changes: tuple[Change, ...]) -> None:
    """That the new text is a good desk.toml, and says the same as the old one but for the changes."""
    expected = before.model_dump()
    for change in changes:
        camera = expected["cameras"][index]
        (camera if change.table is None else camera[change.table])[change.name] = change.after
    if parse(text, Settings, path).model_dump() != expected:
        raise SettingsNotWrittenError(
            f"{path} is laid out in a way that cannot be edited without harm: write the values by hand."
        )


def _replace(path: Path, text: str) -> None:
    new = None
    try:
        # Under a name of its own: whatever lies beside desk.toml is the user's.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as made:
            new = Path(made.name)
        _write(new, text)
        shutil.copymode(path, new)
        owner = path.stat()
        if (owner.st_uid, owner.st_gid) != (new.stat().st_uid, new.stat().st_gid):
            os.chown(new, owner.st_uid, owner.st_gid)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            if new is not None:
                new.unlink()
        raise SettingsNotWrittenError(
            f"{path} cannot be written ({error.strerror}): run this as a user who may, such as with sudo."
        ) from None


def _write(path: Path, text: str) -> None:
    """The text with its line ends as they are, on the disk and not only in its cache."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> str:
    """The text with its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
