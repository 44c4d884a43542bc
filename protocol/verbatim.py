"""Events that stand word for word as a desk writes them: held against the schema of their class, and not built. For whoever only keeps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema, to_json

from protocol.decoding import MAX_PAYLOAD_BYTES
from protocol.envelope import EVENTS, TYPE_HINT, TYPES, Identity, schema_id
from protocol.measurements import TIDYING, Health
from protocol.state import MOST_SEQUENCE, ClockQuality

_LEAVES = frozenset({"bool", "datetime", "definition-ref", "float", "int", "literal", "str"})


class Verbatim(NamedTuple):
    """What an event says of itself, in the words of `protocol.envelope.Event`."""

    identity: Identity
    type: str
    time: datetime
    clock: ClockQuality
    historical: bool
    timeline: float
    end_s: float
    """Of its data."""
    text: str
    """The event as it came, which is how `Event.to_json` writes it."""


def read_verbatim(payload: bytes) -> Verbatim | None:
    """Read an event in which nothing is to be changed, in a third of the time that it takes to build it.

    Returns:
        None for everything else, a health among it: `protocol.envelope.parse` tells what is wrong, or drops what nobody agreed on.
    """
    hint = TYPE_HINT.search(payload)
    validator = None if hint is None else _VALIDATORS.get(hint[1])
    # What is escaped may be something that no database or no terminal takes; so may be what is not printable, and of ASCII that is DEL.
    if validator is None or len(payload) > MAX_PAYLOAD_BYTES or b"\\" in payload or b"\x7f" in payload:
        return None
    try:
        text = payload.decode()
        event = validator.validate_json(payload, strict=True)
    except (UnicodeDecodeError, ValidationError):
        return None
    if not (text.isascii() or text.isprintable()) or to_json(event) != payload:
        return None
    bootid, number, data = event["bootid"], int(event["sequence"]), event["data"]
    if (
        not 1 <= number <= MOST_SEQUENCE
        or event["id"] != f"{bootid}-{number}"
        or event["timeline"] != repr(data["start_s"])
    ):
        return None
    return Verbatim(
        Identity(event["source"], bootid, number),
        event["type"],
        event["time"],
        event["clock"],
        event["historical"],
        data["start_s"],
        data["end_s"],
        text,
    )


class _UnknownSchemaError(TypeError):
    """Something that the schemas of the protocol did not hold when this was written."""


def _validator(name: str) -> SchemaValidator:
    """One for events of a type, as mappings; it is made of the schema of their class, so that it is never out of step with it."""
    schema: Any = EVENTS[name].__pydantic_core_schema__
    definitions = []
    if schema["type"] == "definitions":
        definitions, schema = [_unbuilt(part) for part in schema["definitions"]], schema["schema"]
    # Whether the attributes agree is asked above.
    fields = schema["schema"]["schema"]["fields"]
    own = {
        "type": core_schema.literal_schema([name]),
        "dataschema": core_schema.literal_schema([schema_id(name)]),
        "sequence": core_schema.str_schema(pattern="^[0-9]{10}$"),
        "timeline": core_schema.str_schema(),
    }
    event = _mapping(fields, own)
    return SchemaValidator(core_schema.definitions_schema(event, definitions) if definitions else event)


def _mapping(fields: Mapping[str, Any], own: Mapping[str, Any] | None = None, ref: str | None = None) -> Any:
    """A mapping of such fields, in their order; each of ``own`` instead of the one of its name."""
    made = {}
    for name, field in fields.items():
        later = "serialization_exclude_if" in field
        if own is not None and name in own:
            schema = own[name]
        elif later:
            # Left out while absent: where it stands, it is not null.
            schema = _unbuilt(field["schema"]["schema"]["schema"])
        else:
            schema = _unbuilt(field["schema"])
        made[name] = core_schema.typed_dict_field(schema, required=not later)
    config = core_schema.CoreConfig(allow_inf_nan=False)
    return core_schema.typed_dict_schema(made, extra_behavior="forbid", ref=ref, config=config)


def _unbuilt(schema: Any) -> Any:
    """The same schema with a mapping for each class."""
    kind = schema["type"]
    if "serialization" in schema:
        raise _UnknownSchemaError(kind)
    rest = {key: value for key, value in schema.items() if key != "metadata"}
    if kind in _LEAVES:
        return rest
    if kind == "model":
        return _mapping(schema["schema"]["fields"], ref=schema.get("ref"))
    if kind == "default" or (kind == "function-before" and schema["function"]["function"] in TIDYING):
        return _unbuilt(schema["schema"])
    if kind == "nullable":
        return rest | {"schema": _unbuilt(schema["schema"])}
    if kind == "tuple":
        return rest | {"items_schema": [_unbuilt(item) for item in schema["items_schema"]]}
    if kind == "dict":
        return rest | {name: _unbuilt(schema[name]) for name in ("keys_schema", "values_schema")}
    raise _UnknownSchemaError(kind)


_VALIDATORS = {
    name.encode(): _validator(name) for name, measurement in TYPES.items() if measurement is not Health
}
