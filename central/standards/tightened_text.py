"""The text of a standard with one number changed and the next version, as a person takes a suggestion over into a draft: comments stay."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from central.standards.standard_versions import StandardStepError, read_standard_text
from protocol.errors import MendableError
from protocol.standard import Standard
from protocol.toml_file import BadFileError

_NUMBER = r"[-+]?[0-9][0-9_.eE+-]*"


def tightened_text(text: str, wanted: Standard) -> str:
    """A standard's text as it comes to another that differs from it in a number or two.

    Args:
        text: TOML of a standard.
        wanted: What the text is to say, with its version.

    Raises:
        StandardStepError: The text is written in another way than can be changed without a person; the message says what to write.
    """
    try:
        before = read_standard_text(text).model_dump()
    except BadFileError as error:
        raise StandardStepError("the text cannot be read: {error}", error=error) from None
    after = wanted.model_dump()
    changed, told = _number_changed(text, "", "version", after["version"]), []
    for area, name, side, value in _changes(before, after):
        if side:
            told.append(f"{area}.{name}: {side} = {value:g}")
            changed = _side_changed(changed, area, name, side, value)
        else:
            told.append(f"{area}.{name} = {value:g}")
            changed = _number_changed(changed, area, name, value)
    try:
        same = read_standard_text(changed) == wanted
    except MendableError:
        same = False
    if not same:
        raise StandardStepError(
            "this text is written in a way that only a person can change: write by hand {changes}",
            changes="; ".join(told),
        )
    return changed


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    """Area, name, end (empty where the number stands bare) and new value of each number that differs."""
    for area, values in after.items():
        if not isinstance(values, dict):
            continue
        for name, value in values.items():
            was = before[area][name]
            if isinstance(value, dict):
                yield from ((area, name, side, value[side]) for side in value if value[side] != was[side])
            elif value != was:
                yield area, name, "", value


def _number_changed(text: str, area: str, name: str, value: float) -> str:
    return _in_table(
        text, area, rf"^(\s*{re.escape(name)}\s*=\s*){_NUMBER}", lambda found: f"{found[1]}{value:g}"
    )


def _side_changed(text: str, area: str, name: str, side: str, value: float) -> str:
    pattern = rf"^(\s*{re.escape(name)}\s*=\s*\{{[^}}\n]*?\b{side}\s*=\s*){_NUMBER}"
    return _in_table(text, area, pattern, lambda found: f"{found[1]}{value:g}")


def _in_table(text: str, area: str, pattern: str, put: Callable[[re.Match[str]], str]) -> str:
    """Change the first match within a table, or above all tables."""
    lines, table, done = [], "", False
    for line in text.split("\n"):
        head = re.match(r"\s*\[([^\]]+)\]", line)
        if head:
            table = head[1].strip()
        if not done and table == area:
            changed, count = re.subn(pattern, put, line, count=1)
            done = count > 0
            lines.append(changed)
            continue
        lines.append(line)
    return "\n".join(lines)
