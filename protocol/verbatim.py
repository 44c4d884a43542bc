"""Events that stand word for word as a desk writes them: held against the schema of their class by a reader that makes no such class of them.

For whoever only keeps them. `protocol.envelope` says what an event is; what is written here of it is read off there.
"""

import types
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Protocol, cast

import msgspec

from protocol.decoding import MAX_PAYLOAD_BYTES
from protocol.envelope import EVENTS, TYPE_HINT, TYPES, Identity, schema_id
from protocol.manner import Manner, told_manner
from protocol.measurements import MOST, TIDYING, Encounter, Health
from protocol.state import MOST_SEQUENCE, ClockQuality

LARGEST = float(MOST)
"""Below 1e16 all writers of JSON write a number alike, from there on as ``1e16`` or ``1e+16``; nothing that a desk measures comes near it."""


_ENCOUNTER = next(name for name, kind in TYPES.items() if kind is Encounter)


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
    manner: tuple[Manner, ...]
    """What `protocol.manner.told_manner` finds in its data; nothing but an encounter tells of any."""


def read_verbatim(payload: bytes) -> Verbatim | None:
    """Read an event in which nothing is to be changed, in a sixth of the time that it takes to build it.

    Returns:
        None for everything else, a health among it: `protocol.envelope.parse` tells what is wrong, or drops what nobody agreed on.
    """
    hint = TYPE_HINT.search(payload)
    decode = None if hint is None else _READERS.get(hint[1])
    # What is escaped may be something that no database or no terminal takes; so may be what is not printable, and of ASCII that is DEL.
    if decode is None or len(payload) > MAX_PAYLOAD_BYTES or b"\\" in payload or b"\x7f" in payload:
        return None
    try:
        text = payload.decode()
        event = decode(payload)
    except (UnicodeDecodeError, msgspec.DecodeError):
        return None
    # What was written twice, in another order, with blanks, or as another number than it is read as is written otherwise.
    if not (text.isascii() or text.isprintable()) or _write(event) != payload:
        return None
    number, data = int(event.sequence), event.data
    if (
        not 1 <= number <= MOST_SEQUENCE
        or event.id != f"{event.bootid}-{number}"
        or event.timeline != repr(data.start_s)
    ):
        return None
    return Verbatim(
        Identity(event.source, event.bootid, number),
        event.type,
        event.time,
        event.clock,
        event.historical,
        data.start_s,
        data.end_s,
        text,
        told_manner(cast("Encounter", data)) if event.type == _ENCOUNTER else (),
    )


class _Data(Protocol):
    start_s: float
    end_s: float


class _Event(Protocol):
    """What the readers give: the fields of `protocol.envelope.Event`, the numbers of CloudEvents as they are written."""

    id: str
    source: str
    type: str
    time: datetime
    bootid: str
    sequence: str
    clock: ClockQuality
    historical: bool
    timeline: str
    data: _Data


_write = msgspec.json.Encoder().encode


class _UnknownSchemaError(TypeError):
    """Something that the schemas of the protocol did not hold when this was written."""


def _reader(name: str) -> Callable[[bytes], _Event]:
    """One for events of a type; it is made of the schema of their class, so that it is never out of step with it."""
    schema: Any = EVENTS[name].__pydantic_core_schema__
    definitions: list[Any] = []
    if schema["type"] == "definitions":
        definitions, schema = schema["definitions"], schema["schema"]
    # Whether the attributes agree is asked above.
    fields = schema["schema"]["schema"]["fields"]
    own = {
        "type": Literal[name],
        "dataschema": Literal[schema_id(name)],
        "sequence": Annotated[str, msgspec.Meta(pattern="^[0-9]{10}$")],
        "timeline": str,
    }
    kind = _Kinds({part["ref"]: part for part in definitions}).of_fields("Event", fields, own)
    return cast("Callable[[bytes], _Event]", msgspec.json.Decoder(kind).decode)


class _Kinds:
    """The types by which msgspec reads what some schemas of pydantic describe."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._made: dict[str, Any] = {}

    def of_fields(self, name: str, fields: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        """A mapping of such fields, in their order; each of ``own`` instead of the one of its name."""
        made: list[tuple[str, Any, Any]] = []
        for field, schema in fields.items():
            if field in own:
                made.append((field, own[field], msgspec.NODEFAULT))
            elif "serialization_exclude_if" in schema:
                # Left out while absent: where it stands, it is not null.
                kind = self._of(schema["schema"]["schema"]["schema"])
                made.append((field, kind | msgspec.UnsetType, msgspec.UNSET))
            else:
                made.append((field, self._of(schema["schema"]), msgspec.NODEFAULT))
        return msgspec.defstruct(name, made, kw_only=True, forbid_unknown_fields=True, gc=False)

    def _of(self, schema: Any) -> Any:
        kind = schema["type"]
        limits = {key: value for key, value in schema.items() if key not in {"type", "metadata"}}
        if kind in _PLAIN:
            return _limited(_PLAIN[kind], limits)
        if kind == "float":
            least, most = max(-LARGEST, limits.get("ge", -LARGEST)), min(LARGEST, limits.get("le", LARGEST))
            return _limited(float, {**limits, "ge": least, "le": most})
        return self._compound(kind, schema)

    def _compound(self, kind: str, schema: Any) -> Any:
        """What is made of other kinds."""
        match kind:
            case "literal":
                return Literal[tuple(schema["expected"])]
            case "nullable":
                return self._of(schema["schema"]) | None
            case "model":
                return self._class(schema)
            case "definition-ref":
                return self._defined(schema["schema_ref"])
            case "tuple":
                return self._list(schema)
        if kind == "default" or (kind == "function-before" and schema["function"]["function"] in TIDYING):
            return self._of(schema["schema"])
        raise _UnknownSchemaError(kind)

    def _list(self, schema: Any) -> Any:
        """Any number of items of one kind, or as many as the schema allows."""
        (items,) = schema["items_schema"]
        whole = {"type", "metadata", "items_schema", "variadic_item_index"}
        return _limited(
            types.GenericAlias(tuple, (self._of(items), ...)),
            {key: value for key, value in schema.items() if key not in whole},
        )

    def _defined(self, ref: str) -> Any:
        if ref not in self._made:
            self._made[ref] = self._of(self._definitions[ref])
        return self._made[ref]

    def _class(self, schema: Any) -> Any:
        inner = schema["schema"]
        if inner["type"] != "model-fields":
            raise _UnknownSchemaError(inner["type"])
        return self.of_fields(schema["cls"].__name__, inner["fields"], {})


_PLAIN: dict[str, Any] = {
    "bool": bool,
    "int": int,
    "str": str,
    "datetime": Annotated[datetime, msgspec.Meta(tz=True)],
}
"""What a value is read as."""
_LIMITS = frozenset({"ge", "le", "min_length", "max_length", "pattern"})
"""Limits by which pydantic and msgspec mean the same; any other is none that would be held here."""
_HELD = {"tz_constraint": "aware", "microseconds_precision": "truncate", "allow_inf_nan": False}
"""What else a schema may ask, which the kinds of here hold in any case."""


def _limited(kind: Any, limits: Mapping[str, Any]) -> Any:
    asked = {key: value for key, value in limits.items() if _HELD.get(key) != value}
    if unknown := asked.keys() - _LIMITS:
        raise _UnknownSchemaError(f"{kind}: {sorted(unknown)}")
    return Annotated[kind, msgspec.Meta(**asked)] if asked else kind


_READERS = {name.encode(): _reader(name) for name, measurement in TYPES.items() if measurement is not Health}
