"""Writes the protocol down for others: JSON Schemas and an AsyncAPI document, made from the code (``make docs``)."""

import json
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DictSchema

from protocol.envelope import CONTENT_TYPE, TYPES, Event, channel_of, schema_id
from protocol.measurements import Gap
from protocol.standard_plan import SignedPlan, StandardPlan
from protocol.state import Ack, Birth, Command, Refusal, State
from protocol.topics import DEVICE_PATTERN, MAJOR, ROOT, Channel

DOCS = Path(__file__).resolve().parents[1] / "docs"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = "event.v1"

_TALK: dict[Channel, tuple[type[BaseModel], ...]] = {
    "state": (State,),
    "birth": (Birth,),
    "ack": (Ack,),
    "cmd": (Command,),
    "standard": (SignedPlan,),
}
_TO_THE_DESK: tuple[Channel, ...] = ("ack", "cmd", "standard")
_RETAINED: tuple[Channel, ...] = ("state", "standard")
_ABOUT: dict[Channel, str] = {
    "state": "Whether the desk is there. Retained, QoS 1; `lost` is the last will.",
    "birth": "What the desk is: its first word in a session. QoS 1, not retained.",
    "event": "What the desk measured, one event a message. QoS 1, never retained.",
    "health": "How the appliance itself is doing, as an event. QoS 1, never retained.",
    "ack": "What the central database holds; the desk deletes only that. QoS 1, not retained.",
    "cmd": "What the central service asks of the desk. QoS 1, not retained.",
    "standard": "The service standards that the desk is to work by, each from a moment on. Signed; retained, QoS 1.",
}


def documents() -> dict[Path, str]:
    """Every document, as its path below ``docs`` and its text."""
    schemas = {_kind_and_version(name): _schema(TYPES[name], schema_id(name)) for name in TYPES}
    schemas[ENVELOPE] = _envelope_schema()
    for model in (State, Birth, Ack, Command, Refusal, SignedPlan, StandardPlan):
        schemas[_file_of(model)] = _schema(model, f"urn:deskside:schema:{model.__name__.lower()}:v1")
    written = {Path("schemas") / f"{name}.json": schema for name, schema in schemas.items()}
    written[Path("asyncapi.json")] = _asyncapi()
    return {
        path: json.dumps(content, indent=2, ensure_ascii=False) + "\n" for path, content in written.items()
    }


def write(docs: Path = DOCS) -> None:
    """Write every document anew, and remove schemas of what no longer exists."""
    (docs / "schemas").mkdir(parents=True, exist_ok=True)
    current = documents()
    for stale in {path.relative_to(docs) for path in (docs / "schemas").glob("*.json")} - set(current):
        (docs / stale).unlink()
    for path, text in current.items():
        (docs / path).write_text(text, encoding="utf-8")


class _Plain(GenerateJsonSchema):
    """Leaves out the titles that would only repeat the fields' names, and closes tables to keys of another form."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # the signature is pydantic's
        return False

    def dict_schema(self, schema: DictSchema) -> JsonSchemaValue:
        """A table whose keys have a form takes no others."""
        plain = super().dict_schema(schema)
        return {**plain, "additionalProperties": False} if "patternProperties" in plain else plain


def _schema(model: type[BaseModel], identifier: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": identifier, **model.model_json_schema(schema_generator=_Plain)}


def _envelope_schema() -> dict[str, Any]:
    """The attributes that every event has; what its data is, its ``type`` says."""
    schema = _schema(Event[Gap], "urn:deskside:schema:event:v1")
    del schema["$defs"]
    schema["title"] = "Event"
    schema["properties"]["type"] = {"enum": list(TYPES)}
    schema["properties"]["dataschema"] = {"enum": [schema_id(name) for name in TYPES]}
    schema["properties"]["data"] = {"type": "object"}
    return schema


def _asyncapi() -> dict[str, Any]:
    messages = {_kind(name): _event_message(name) for name in TYPES}
    for models in _TALK.values():
        messages |= {model.__name__.lower(): _plain_message(model) for model in models}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Deskside",
            "version": f"{MAJOR}.0.0",
            "description": "What a desk and the central service say to each other over MQTT. Events are CloudEvents 1.0.",
        },
        "defaultContentType": "application/json",
        "channels": {channel: _channel(channel) for channel in get_args(Channel)},
        "operations": {_operation_name(channel): _operation(channel) for channel in get_args(Channel)},
        "components": {"messages": messages},
    }


def _event_message(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": TYPES[name].__name__,
        "summary": (TYPES[name].__doc__ or "").split("\n")[0],
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": f"./schemas/{ENVELOPE}.json"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name},
                        "dataschema": {"const": schema_id(name)},
                        "data": {"$ref": f"./schemas/{_kind_and_version(name)}.json"},
                    },
                },
            ]
        },
    }


def _plain_message(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": model.__name__.lower(),
        "title": model.__name__,
        "summary": (model.__doc__ or "").split("\n")[0],
        "payload": {"$ref": f"./schemas/{_file_of(model)}.json"},
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": f"{ROOT}/{MAJOR}/{{device}}/{channel}",
        "description": _ABOUT[channel],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages_on(channel)},
        "parameters": {"device": {"description": f"The desk's name: {DEVICE_PATTERN}"}},
    }


def _operation(channel: Channel) -> dict[str, Any]:
    """What the desk does on a channel; the central service does the opposite."""
    return {
        "action": "receive" if channel in _TO_THE_DESK else "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in _messages_on(channel)],
        "bindings": {"mqtt": {"qos": 1, "retain": channel in _RETAINED}},
    }


def _operation_name(channel: Channel) -> str:
    return f"{'receive' if channel in _TO_THE_DESK else 'send'}{channel.capitalize()}"


def _messages_on(channel: Channel) -> list[str]:
    if channel in _TALK:
        return [model.__name__.lower() for model in _TALK[channel]]
    return [_kind(name) for name in TYPES if channel_of(name) == channel]


def _kind(name: str) -> str:
    return name.split(".")[1]


def _kind_and_version(name: str) -> str:
    """Such as ``encounter.v2``."""
    return name.partition(".")[2]


def _file_of(model: type[BaseModel]) -> str:
    return f"{model.__name__.lower()}.v1"


if __name__ == "__main__":
    write()
