"""Hands who is on duty from a desk that starts itself anew to the program that follows: nobody has to sign in again for it."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

from edge.observation import SignedIn
from protocol.program import refusal

log = logging.getLogger(__name__)

WITHIN_S = 300.0
"""A desk is back within so many seconds or was switched off meanwhile, and then nobody knows who serves it; systemd gives it 150 s to start."""
NAME = "on-duty.json"
"""Of the file; it is there between the end of one program and the start of the next."""


def hand_over(folder: Path, on_duty: SignedIn | None, now_s: float, boot: str) -> None:
    """Leave word of who is on duty.

    Args:
        folder: Where the desk keeps what it must not lose.
        on_duty: The last sign-in; None where nobody is on duty.
        now_s: The present on the timeline.
        boot: Names this boot of the machine, in which alone the timeline goes on.
    """
    if on_duty is None or on_duty.person is None:
        return
    words = {"person": on_duty.person, "in_front": on_duty.in_front, "at_s": now_s, "boot": boot}
    try:
        (folder / NAME).write_text(json.dumps(words), encoding="utf-8")
    except OSError as error:
        log.warning("whoever is on duty has to sign in again: %s", refusal(error))


def taken_over(folder: Path, now_s: Callable[[], float], boot: str) -> SignedIn | None:
    """Who was left on duty a moment ago, in this boot; the word of it is gone then."""
    file = folder / NAME
    try:
        words = json.loads(file.read_bytes())
        file.unlink()
        at_s = now_s()
        if words["boot"] != boot or not 0.0 <= at_s - float(words["at_s"]) <= WITHIN_S:
            return None
        return SignedIn(at_s, str(words["person"]), words["in_front"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("who was on duty cannot be read from %s: %s", file, type(error).__name__)
        return None
