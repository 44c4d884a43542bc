"""Writes docs/settings.md: every key of desk.toml, central.toml and a service standard, from the code (``make docs``)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from central.settings import CentralSettings
from edge.settings.desk_toml import Settings
from protocol.standard import Standard

PAGE = Path(__file__).with_suffix(".md")
FILES: dict[str, tuple[type[BaseModel], str]] = {
    "desk.toml": (Settings, "firmware_config/desk.toml"),
    "central.toml": (CentralSettings, "firmware_config/central.toml"),
    "A service standard": (Standard, "firmware_config/standards/eight-teeth.toml"),
}
"""What is described, by its title, each with a file to start from."""
UNITS = {
    "_s": "seconds",
    "_h": "hours",
    "_m": "metres",
    "_cm": "centimetres",
    "_deg": "degrees",
    "_hz": "Hz",
    "_mb": "MB",
}
"""What the end of a key says of its unit."""

_HEAD = """\
# Settings

Every key of the three files that are written by hand. Made from the code by `make docs`; what is said here is what is checked.
A file is refused with every error at once, each with its line and what is allowed. A *range* is `{ min = 2.0, max = 5.0 }`; either end
may be left out.
"""
_TABLE_HEAD = "| key | what it may be | unit | default | |\n|---|---|---|---|---|\n"
_ROOT = PAGE.parents[1]

Schema = dict[str, Any]


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for title, (model, example) in FILES.items():
        schema = model.model_json_schema(mode="validation")
        parts.append(f"## {title}\n\n{schema['description']} Start from [{example}](../{example}).\n")
        parts += _tables(schema, schema["$defs"], "", "")
    return "\n".join(parts)


def _tables(table: Schema, known: Schema, header: str, note: str) -> Iterator[str]:
    """A table of the file with its own keys, then the tables below it."""
    rows: list[str] = []
    below: list[str] = []
    for key, field in table["properties"].items():
        inner = _inner_tables(field, known)
        if not inner:
            rows.append(_row(key, field, known, required=key in table.get("required", ())))
        for model in inner:
            name = f"{header}.{key}".removeprefix(".")
            many = field.get("type") == "array"
            below += _tables(model, known, name, _about(field, model, inner, many=many))
    if header:
        yield f"### {note.format(header=header)}\n\n{table['description']}\n"
    if rows:
        yield _TABLE_HEAD + "\n".join(rows) + "\n"
    yield from below


def _about(field: Schema, model: Schema, alternatives: list[Schema], *, many: bool) -> str:
    heading = "`[[{header}]]`" if many else "`[{header}]`"
    if many:
        heading += f", up to {field['maxItems']}"
    if len(alternatives) > 1:
        heading += f" with `kind = {json.dumps(model['properties']['kind']['const'])}`"
    return heading


def _inner_tables(field: Schema, known: Schema) -> list[Schema]:
    """The tables that a key may hold; none where it holds a value, or a range."""
    choices = field.get("oneOf") or field.get("anyOf") or [field.get("items", field)]
    inner = [_resolved(choice, known) for choice in _flat(choices)]
    return [each for each in inner if each.get("type") == "object" and not _is_range(each)]


def _flat(choices: list[Schema]) -> list[Schema]:
    return [inner for choice in choices for inner in choice.get("oneOf", [choice])]


def _resolved(schema: Schema, known: Schema) -> Schema:
    return known[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema


def _is_range(schema: Schema) -> bool:
    return set(schema.get("properties", ())) == {"min", "max"}


def _row(key: str, field: Schema, known: Schema, *, required: bool) -> str:
    cells = (
        f"`{key}`",
        _kind(field, known),
        next((word for end, word in UNITS.items() if key.endswith(end)), ""),
        "must be given" if required else _default(field, known),
        " ".join(field["description"].split()).replace("``", "`"),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _kind(field: Schema, known: Schema) -> str:
    """In words what a value may be."""
    field = _resolved(field, known)
    if _is_range(field):
        return "a range"
    if "anyOf" in field:
        return " or ".join(_kind(each, known) for each in field["anyOf"] if each.get("type") != "null")
    if "const" in field:
        return _toml(field["const"])
    if "enum" in field:
        return ", ".join(_toml(each) for each in field["enum"])
    if field["type"] == "array":
        return _list(field, known)
    return {"boolean": "`true` or `false`", "string": _text(field)}.get(field["type"]) or _number(field)


def _list(field: Schema, known: Schema) -> str:
    if "prefixItems" in field:
        return f"`[{', '.join('xy'[: len(field['prefixItems'])])}]`"
    least = f"{field['minItems']} or more " if field.get("minItems") else ""
    inner = field["items"]
    if _resolved(inner, known).get("type") == "array":
        return f"a list of {least}{'points ' if 'prefixItems' in inner else 'polygons '}".rstrip()
    return f"a list of {least}of {_kind(inner, known)}"


def _text(field: Schema) -> str:
    if field.get("format") == "path":
        return "path"
    if "pattern" in field:
        return f"text of the form `{field['pattern']}`"
    return f"text, up to {field['maxLength']} characters" if "maxLength" in field else "text"


def _number(field: Schema) -> str:
    kind = "whole number" if field["type"] == "integer" else "number"
    least, above = field.get("minimum"), field.get("exclusiveMinimum")
    most, below = field.get("maximum"), field.get("exclusiveMaximum")
    low = f"from {least:g}" if least is not None else f"above {above:g}" if above is not None else ""
    high = f"to {most:g}" if most is not None else f"below {below:g}" if below is not None else ""
    limits = " ".join(filter(None, (low, high)))
    return f"{kind} {limits}".strip()


def _default(field: Schema, known: Schema) -> str:
    default = field.get("default")
    if default is None or (_is_range(_resolved(field, known)) and not any(default.values())):
        return ""
    return _toml(default.removeprefix(f"{_ROOT}/") if isinstance(default, str) else default)


def _toml(value: object) -> str:
    """A value as it would stand in the file; JSON's words for numbers, texts and lists are TOML's too."""
    return f"`{json.dumps(value)}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
