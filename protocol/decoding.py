"""Reading what came over the wire: one function, one error that says in a line what was wrong with it."""

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

MAX_PAYLOAD_BYTES = 65536
"""The longest message either side reads: a thousand times a usual one, and a tenth of a small photograph."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character NUL, as JSON has to write it: an odd number of backslashes stands before its digits."""

MODEL = TypeVar("MODEL", bound=BaseModel)


class BadMessageError(ValueError):
    """A payload that is not the message it should be; its text says where and why."""


def decode(model: type[MODEL], payload: bytes | bytearray) -> MODEL:
    """Read one JSON message.

    Args:
        model: The message that is expected, such as ``Birth``.
        payload: The bytes as they came from the broker.

    Raises:
        BadMessageError: The payload is too long, not JSON, or not such a message.
    """
    name = model.model_config.get("title") or model.__name__
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise BadMessageError(f"no valid {name}: {len(payload)} bytes long, {MAX_PAYLOAD_BYTES} are allowed")
    if b"u0000" in payload and _NUL.search(payload):
        raise BadMessageError(f"no valid {name}: it holds the character NUL, which no database takes")
    try:
        return model.model_validate_json(payload, strict=True)
    except ValidationError as error:
        raise BadMessageError(f"no valid {name}: {_in_words(error)}") from None


def _in_words(error: ValidationError) -> str:
    """The first few faults, each with its place; a payload of garbage has no claim to a longer answer."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    said = [f"{'.'.join(map(str, fault['loc'])) or 'payload'}: {fault['msg']}" for fault in faults[:3]]
    if len(faults) > len(said):
        said.append(f"and {len(faults) - len(said)} more")
    return "; ".join(said)
