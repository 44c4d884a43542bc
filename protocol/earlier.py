"""Types of events that desks sent before, read as what they are called and hold today."""

import json
from typing import Any

_NOW = {"deskside.encounter.v1": "deskside.encounter.v2"}
"""What each earlier type became."""


def type_now(name: str) -> str:
    """The type that an earlier one became; any other name is its own.

    Example:
        >>> type_now("deskside.encounter.v1"), type_now("deskside.gap.v1")
        ('deskside.encounter.v2', 'deskside.gap.v1')
    """
    return _NOW.get(name, name)


def data_now(name: str, data: bytes | str) -> bytes | str:
    """The JSON of a measurement of some type, as its type of today has it.

    ``encounter.v1`` told how much more one corner of the mouth rose than the other. That is about somebody's health and nobody's
    business: it is dropped wherever it is met.
    """
    if name not in _NOW:
        return data
    measured = json.loads(data)
    _without_asymmetry(measured)
    return json.dumps(measured, ensure_ascii=False)


def event_now(payload: bytes | bytearray) -> bytes | bytearray:
    """An event of an earlier type as one of today's; whatever else it is given back as it came."""
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        return payload
    if not isinstance(event, dict) or not isinstance(event.get("type"), str) or event["type"] not in _NOW:
        return payload
    before, now = event["type"], _NOW[event["type"]]
    event["type"] = now
    if event.get("dataschema") == _schema(before):
        event["dataschema"] = _schema(now)
    _without_asymmetry(event.get("data"))
    try:
        return json.dumps(event, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return payload


def _without_asymmetry(encounter: Any) -> None:
    smile = encounter.get("smile") if isinstance(encounter, dict) else None
    if isinstance(smile, dict):
        smile.pop("asymmetry_cm", None)


def _schema(name: str) -> str:
    _, kind, version = name.split(".")
    return f"urn:deskside:schema:{kind}:{version}"
