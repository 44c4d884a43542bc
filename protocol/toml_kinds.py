"""Which kind of value each key of a TOML file takes: text, number, yes or no, one table or several.

The model's own check is lenient where a person means something else than they wrote: it takes ``"8883"`` for a number and 1 for
yes. So the document is held against the model's schema first.
"""

from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str | int, ...]
Schema = dict[str, Any]

_WORDS = {"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}


class Kinds:
    """The kinds of value that a model takes.

    Args:
        schema: The model's JSON schema.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known = schema.get("$defs", {})

    def complaints(self, document: dict[str, Any]) -> dict[KeyPath, str]:
        """What is of another kind than its key takes, each with what to write instead."""
        return dict(self._compared(document, [self._schema], (), ""))

    def with_lists(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document with each table that stands where several may taken for the first of them."""
        return {
            key: [value] if isinstance(value, dict) and self.is_many(key) else value
            for key, value in document.items()
        }

    def is_many(self, key: str) -> bool:
        """Whether a key of the file is a list of tables, each under its own ``[[key]]``."""
        allowed = self._alternatives([self._schema["properties"].get(key, {})])
        return self._holds_tables(allowed)

    def _compared(
        self, value: Any, schemas: list[Schema], place: KeyPath, key: str
    ) -> Iterator[tuple[KeyPath, str]]:
        allowed = self._alternatives(schemas)
        if not allowed:
            return
        kinds = {kind for each in allowed for kind in _kinds(each)}
        match value:
            case dict():
                yield from self._table(value, allowed, kinds, place, key)
            case list():
                yield from self._list(value, allowed, kinds, place, key)
            case _:
                if complaint := _of_one(value, kinds):
                    yield place, complaint

    def _table(
        self, value: dict[str, Any], allowed: list[Schema], kinds: set[str], place: KeyPath, key: str
    ) -> Iterator[tuple[KeyPath, str]]:
        if "object" in kinds:
            for name, inner in value.items():
                below = [each["properties"][name] for each in allowed if name in each.get("properties", {})]
                yield from self._compared(inner, below, (*place, name), name)
        elif self._holds_tables(allowed):
            yield place, f"stands in two pairs of brackets, once for each: [[{key}]]"
            yield from self._list([value], allowed, kinds, place, key)
        else:
            yield place, f"must be {_listed(kinds)}, not a table"

    def _list(
        self, value: list[Any], allowed: list[Schema], kinds: set[str], place: KeyPath, key: str
    ) -> Iterator[tuple[KeyPath, str]]:
        if "array" in kinds:
            for number, inner in enumerate(value):
                below = [item for each in allowed for item in _items(each, number)]
                yield from self._compared(inner, below, (*place, number), key)
        elif "object" in kinds and value and isinstance(value[0], dict):
            yield place, f"stands once, in one pair of brackets: [{key}]"
        else:
            yield place, f"must be {_listed(kinds)}, not a list"

    def _holds_tables(self, allowed: list[Schema]) -> bool:
        items = [item for each in allowed for item in _items(each, 0)]
        return any("object" in _kinds(each) for each in self._alternatives(items))

    def _alternatives(self, schemas: list[Schema]) -> list[Schema]:
        """Every schema that a value may fit, without references and choices."""
        found: list[Schema] = []
        for schema in schemas:
            if "$ref" in schema:
                found += self._alternatives([self._known[schema["$ref"].rsplit("/", 1)[-1]]])
            elif choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                found += self._alternatives(choices)
            else:
                found.append(schema)
        return found


def _kinds(schema: Schema) -> set[str]:
    if "type" in schema:
        return {schema["type"]}
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return {_kind_of(value) for value in values}


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    return "string"


def _items(schema: Schema, number: int) -> list[Schema]:
    fixed = schema.get("prefixItems", [])
    if number < len(fixed):
        return [fixed[number]]
    return [schema["items"]] if isinstance(schema.get("items"), dict) else []


def _of_one(value: object, kinds: set[str]) -> str | None:
    """What is wrong with a value that is neither table nor list; None where it is of a kind that is taken."""
    kind = _kind_of(value)
    if kind in kinds or not kinds or (kind in {"integer", "number"} and kinds & {"number", "integer"}):
        return None
    wanted = _listed(kinds)
    if kind == "string":
        return (
            f"must be {wanted}: write it without quotes, not {str(value)!r}"
            if _bare(value, kinds)
            else (f"must be {wanted}, not {str(value)!r}")
        )
    shown = str(value).lower() if kind == "boolean" else str(value)
    if kinds - {"null"} == {"string"}:
        return f'must be text: write it in quotes, "{shown}"'
    return f"must be {wanted}, not {shown}"


def _bare(value: object, kinds: set[str]) -> bool:
    """Whether the text is a value of the right kind with quotes around it."""
    text = str(value).strip()
    if "boolean" in kinds and text in {"true", "false"}:
        return True
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return bool(kinds & {"number", "integer"})


def _listed(kinds: set[str]) -> str:
    tables = {"object": "a table", "array": "a list"}
    if {"number", "integer"} <= kinds:
        kinds = kinds - {"integer"}
    return " or ".join(sorted({**_WORDS, **tables}[kind] for kind in kinds if kind != "null"))
