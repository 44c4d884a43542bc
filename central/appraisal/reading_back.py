"""A frozen appraisal read again, and recomputed from its own text; pure."""

import json
from typing import Any

from central.appraisal.appraised_work import CIRCUMSTANCES, DrawnFrom, JudgedWork, in_order
from central.appraisal.figures import appraisal_text
from central.appraisal.frozen_text import canonical, digest_of_text

SHOWN_AS: dict[str, str] = {"met": "p", "not_met": "f", "open": "i", "not_applicable": "n"}
"""How a page names an outcome, and how a measurement has it."""


def drawn_of(text: str) -> DrawnFrom:
    """What an appraisal was drawn from, of its text."""
    return DrawnFrom.model_validate_json(canonical(json.loads(text)["drawn_from"]))


def figures_of(text: str) -> dict[str, Any]:
    """Every figure of an appraisal, of its text."""
    found: dict[str, Any] = json.loads(text)["figures"]
    return found


def holds(text: str, sha256: str) -> bool:
    """Whether a text is still the one that was signed, and its figures are what its measurements come to, byte for byte."""
    return digest_of_text(text) == sha256 and appraisal_text(drawn_of(text)) == text


def behind(
    drawn: DrawnFrom, *, clause: str = "", outcome: str = "", circumstance: str = "", before: bool = False
) -> tuple[JudgedWork, ...]:
    """The measurements behind a figure, in order of time.

    Args:
        drawn: What the appraisal was drawn from.
        clause: Only those of which the clause says something.
        outcome: Only those with this outcome, by `SHOWN_AS`; ``decided`` for both of those that a share counts.
        circumstance: Only those of which it is known, one of `CIRCUMSTANCES`; after a ``not-`` those in which it did not hold, and after an
            ``unknown-`` those of which it is not known.
        before: Of the period before.
    """
    work = in_order(drawn.before if before else drawn.work)
    letters = (
        {"p", "f"} if outcome == "decided" else {SHOWN_AS[outcome]} if outcome in SHOWN_AS else set("pfin")
    )
    if clause:
        work = tuple(each for each in work if each.outcomes.get(clause) in letters)
    kind, _, name = circumstance.rpartition("-")
    if name in CIRCUMSTANCES:
        wanted = {"": True, "not": False, "unknown": None}.get(kind, True)
        work = tuple(each for each in work if getattr(each, name) is wanted)
    return work
