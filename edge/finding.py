"""What a check of one part of the desk comes to: each room checks its own part, `deskside doctor` prints."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    part: str
    verdict: Verdict
    found: str
    """What the part did, or why it does not work."""
    to_do: str = ""
    """What to do about it; empty when it is good."""
