"""A value as the one text that it has, and the hash of that text: what is signed can be compared byte for byte; pure."""

import hashlib
import json
from typing import Any

DIGITS = 6
"""Decimals of every figure that is no whole number: far more than any page shows, and fewer than in which two machines differ."""


def canonical(value: Any) -> str:
    """JSON with sorted keys, no space, and figures rounded to `DIGITS`: the same value is the same text.

    >>> canonical({"b": 1 / 3, "a": (1, None)})
    '{"a":[1,null],"b":0.333333}'

    Raises:
        ValueError: A figure is not finite.
    """
    return json.dumps(
        _rounded(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_of_text(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(value: Any) -> Any:
    match value:
        case float():
            # No minus zero: it equals zero and would be another text.
            return round(value, DIGITS) + 0.0
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
    return value
