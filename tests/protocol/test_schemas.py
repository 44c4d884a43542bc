import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from protocol.envelope import TYPES, Identity, wrap
from protocol.measurements import Measurement
from protocol.schemas import DOCS, documents, write
from protocol.state import WallMapping
from tests.worlds.messages import any_message

SCHEMAS = {
    path.name: json.loads(text) for path, text in documents().items() if path.parent == Path("schemas")
}
ASYNCAPI = json.loads(documents()[Path("asyncapi.json")])

LONGEST_TEXT = 500
"""No text is as long as the smallest picture that shows a face, about 800 bytes."""
MOST_NUMBERS = 16
"""A landmark mesh has hundreds of numbers, a pose 51 and more."""
HARMLESS_FORMATS = {"date-time"}


def test_the_published_documents_are_those_of_the_code() -> None:
    published = {
        path.relative_to(DOCS): path.read_text(encoding="utf-8")
        for path in [DOCS / "asyncapi.json", *(DOCS / "schemas").glob("*")]
    }
    assert published == documents(), "run `make docs`"


def test_writing_removes_the_schema_of_what_no_longer_exists(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "former.v1.json").write_text("{}")
    write(tmp_path)
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*.json")} == set(documents())


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@settings(max_examples=60)
@given(st.one_of(*(any_message(kind) for kind in TYPES.values())))
def test_every_event_the_code_writes_is_valid_under_its_published_schema(measurement: Measurement) -> None:
    event = wrap(
        measurement,
        identity=Identity("desk-3", "0" * 32, 1),
        wall=WallMapping(offset_s=1.7e9, clock="synced"),
        historical=True,
    )
    message = next(m for m in ASYNCAPI["components"]["messages"].values() if m["name"] == event.type)
    registry: Registry[Any] = Registry().with_resources(
        (f"./schemas/{name}", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
    )
    Draft202012Validator(message["payload"], registry=registry).validate(json.loads(event.to_json()))


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    for reference in _values(ASYNCAPI, "$ref"):
        if reference.startswith("./schemas/"):
            assert reference.removeprefix("./schemas/") in SCHEMAS
        else:
            node = ASYNCAPI
            for step in reference.removeprefix("#/").split("/"):
                node = node[step]


def test_only_the_state_and_the_plan_of_standards_are_retained() -> None:
    retained = [
        operation["channel"]["$ref"]
        for operation in ASYNCAPI["operations"].values()
        if operation["bindings"]["mqtt"]["retain"]
    ]
    assert retained == ["#/channels/state", "#/channels/standard"]


KNOWN_PLACES = {
    # The envelope leaves its data to the schema of its type, which is looked at by itself.
    "event.v1.json.data",
    # A standard's text goes to the desk: no desk may write there (firmware_config/broker/deskside.acl).
    "signedplan.v1.json.plan",
    "standardplan.v1.json.standards[].text",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_message_has_a_place_where_a_picture_could_travel(name: str) -> None:
    for place, leak in _places_for_a_picture(SCHEMAS[name], SCHEMAS[name], name):
        assert place in KNOWN_PLACES, f"{place}: {leak}"


@pytest.mark.parametrize(
    "place",
    [
        {"type": "string"},
        {"type": "string", "contentEncoding": "base64", "maxLength": 100},
        {"type": "string", "format": "binary"},
        {"type": "array", "items": {"type": "number"}},
        {"type": "array", "items": {"type": "number"}, "maxItems": 478},
        {
            "type": "array",
            "items": {"type": "array", "items": {"type": "number"}, "maxItems": 3},
            "maxItems": 33,
        },
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "number"}},
        {},
    ],
)
def test_a_place_for_a_picture_would_be_found(place: dict[str, Any]) -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"x": place}}
    assert list(_places_for_a_picture(schema, schema, ""))


def _values(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get(key), str):
            yield node[key]
        for value in node.values():
            yield from _values(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, key)


def _places_for_a_picture(
    node: dict[str, Any], root: dict[str, Any], place: str
) -> Iterator[tuple[str, str]]:
    """Every place under a schema that takes more than a few words or numbers."""
    if "$ref" in node:
        target = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
        yield from _places_for_a_picture(target, root, place)
    elif "anyOf" in node or "oneOf" in node:
        for choice in node.get("anyOf", []) + node.get("oneOf", []):
            yield from _places_for_a_picture(choice, root, place)
    elif "enum" in node or "const" in node or node.get("type") in ("number", "integer", "boolean", "null"):
        return
    elif node.get("type") == "string":
        if not _is_short(node):
            yield place, "a text without a limit"
    elif node.get("type") == "array":
        yield from _array(node, root, place)
    elif node.get("type") == "object":
        yield from _object(node, root, place)
    else:
        yield place, "anything at all"


def _is_short(node: dict[str, Any]) -> bool:
    if "contentEncoding" in node or "contentMediaType" in node:
        return False
    if "format" in node:
        return node["format"] in HARMLESS_FORMATS
    # A pattern limits the length where it is anchored and none of its parts repeats without end.
    pattern = node.get("pattern", "")
    anchored = pattern.startswith("^") and pattern.endswith("$")
    limited = anchored and not re.search(r"[*+](?![\]-])|\{\d+,\}", pattern.replace("[+-]", ""))
    return limited or node.get("maxLength", LONGEST_TEXT + 1) <= LONGEST_TEXT


def _array(node: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    items = node.get("items", {})
    if "maxItems" not in node:
        yield place, "an array without a limit"
    elif "$ref" not in items and items.get("type") != "string" and node["maxItems"] > MOST_NUMBERS:
        yield place, "an array of many numbers"
    yield from _places_for_a_picture(items, root, f"{place}[]")


def _object(node: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for name, child in node.get("properties", {}).items():
        yield from _places_for_a_picture(child, root, f"{place}.{name}")
    for pattern, child in node.get("patternProperties", {}).items():
        if "maxProperties" not in node or not _is_short({"type": "string", "pattern": pattern}):
            yield place, "a table without a limit"
        yield from _places_for_a_picture(child, root, f"{place}.*")
    others = node.get("additionalProperties", not node.get("properties"))
    if isinstance(others, dict):
        if "maxProperties" not in node or not _is_short({"type": "string", **node.get("propertyNames", {})}):
            yield place, "a table without a limit"
        yield from _places_for_a_picture(others, root, f"{place}.*")
    elif others:
        yield place, "a table of anything"
