"""What an encounter says of how the host looked, in three parts, each of which a law may have left out: pure, and the same at both ends."""

import re
from collections.abc import Collection
from typing import Literal, get_args

from protocol.measurements import Encounter, ReactionKind
from protocol.standard import GazeLimits, PostureLimits, SmileLimits, Standard, WorkLimits

Manner = Literal["smile", "gaze", "posture"]
MANNER: tuple[Manner, ...] = get_args(Manner)
"""The parts of an encounter that tell of the host's manner."""
REACTIONS: dict[ReactionKind, Manner] = {"smiled": "smile", "stood_up": "posture"}
"""Reactions that are seen in one of these parts. Having turned to a customer is where the host stands towards them, and no look of the eyes."""

_OPEN: dict[Manner, dict[str, object]] = {
    "smile": {"smile": SmileLimits()},
    "gaze": {"gaze": GazeLimits()},
    "posture": {"posture": PostureLimits(), "work": WorkLimits()},
}
"""The tables of a standard that ask for each part, asking for nothing: work put down and taken up is told with the posture."""
WRITTEN: dict[Manner, tuple[str, ...]] = {
    "smile": ('"smile":{', '"smiled"', '"mouth_covered_share"'),
    "gaze": ('"gaze":{',),
    "posture": ('"posture":{', '"stood_up"'),
}
"""What the JSON of an encounter has in it where it tells of each part, as we write it; others may put blanks beside the colon."""
_TOLD = {
    part: re.compile("|".join(re.escape(words).replace(":", r"\s*:\s*") for words in spelt))
    for part, spelt in WRITTEN.items()
}


def may_tell(raw: str) -> tuple[Manner, ...]:
    """The parts of which the JSON of an encounter may say anything: found without reading it, and none is missed."""
    return tuple(part for part in MANNER if _TOLD[part].search(raw))


def told_manner(encounter: Encounter) -> tuple[Manner, ...]:
    """The parts of which an encounter says anything."""
    kinds = {reaction.kind for reaction in encounter.reactions} | {encounter.reaction_kind}
    reacted = {part for kind, part in REACTIONS.items() if kind in kinds}
    return tuple(
        part
        for part in MANNER
        if getattr(encounter, part) is not None
        or part in reacted
        # A part that came later may be unset where the encounter is only read (protocol.verbatim).
        or (part == "smile" and isinstance(encounter.mouth_covered_share, float))
    )


def left_out(encounter: Encounter, off: Collection[Manner]) -> Encounter:
    """The encounter as a desk reports it that does not measure these parts.

    A wait that ended by a reaction which is left out is one that was not observed: nothing tells any more when it ended.

    Example:
        >>> from protocol.manner import told_manner
        >>> told_manner(left_out(Encounter.model_construct(reactions=(), reaction_kind=None, smile=None,
        ...     gaze=None, posture=None, mouth_covered_share=0.5), {"smile"}))
        ()
    """
    gone = {kind for kind, part in REACTIONS.items() if part in off}
    changes: dict[str, object] = dict.fromkeys(part for part in MANNER if part in off)
    changes["reactions"] = tuple(each for each in encounter.reactions if each.kind not in gone)
    if "smile" in off:
        changes["mouth_covered_share"] = None
    if "posture" in off:
        changes["resumed_work_s"] = None
    if encounter.reaction_kind in gone:
        changes |= {"reaction_kind": None, "wait_ended_by": "not_observed", "wait_s": 0.0}
    return encounter.model_copy(update=changes)


def asking_without(standard: Standard, off: Collection[Manner]) -> Standard:
    """The standard as far as it can be held where these parts are left out; its name and version stay.

    A standard that counts nothing but a reaction which is left out goes on counting it: it never comes, and `answerable` says so.
    """
    if not off:
        return standard
    changes: dict[str, object] = {}
    for part in off:
        changes |= _OPEN[part]
    counts = tuple(kind for kind in standard.respond.counts if REACTIONS.get(kind) not in off)
    if counts:
        changes["respond"] = standard.respond.model_copy(update={"counts": counts})
    return standard.model_copy(update=changes)


def answerable(counts: Collection[ReactionKind], off: Collection[Manner]) -> bool:
    """Whether any of the reactions that count can be seen where these parts are left out."""
    return any(REACTIONS.get(kind) not in off for kind in counts)
