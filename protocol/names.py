"""The rule for names that stand in topics, certificates and measurements, answered in words where it is broken."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

LONGEST = 63
"""As long as one label of a name in the DNS may be (RFC 1035, section 2.3.4)."""


def checked_name(text: str) -> str:
    """The name, if it is one.

    Raises:
        ValueError: It is none; the text says the rule, and what comes near.
    """
    if re.fullmatch(rf"[a-z0-9](?:[a-z0-9-]{{0,{LONGEST - 2}}}[a-z0-9])?", text):
        return text
    near = nearest_name(text)
    such = f"; {near!r} would be one" if near else ""
    raise ValueError(
        f"must be 1 to {LONGEST} lower-case letters, digits and inner hyphens, not {text!r}{such}"
    )


def nearest_name(text: str) -> str:
    """A name that looks like the text; empty where none does.

    >>> nearest_name("Türe links 2")
    'ture-links-2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


Name = Annotated[str, AfterValidator(checked_name)]
"""A name that can stand in an MQTT topic and in a certificate."""
