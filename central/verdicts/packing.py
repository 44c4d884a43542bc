"""All verdicts on one visit or call as two short texts, and back: pure.

The first has a letter for each clause, so that many are counted by counting like texts; the second has value, error and reason.
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence

from central.scoring.judging import JUDGED
from central.scoring.verdict import Outcome, Verdict
from central.statistics.rehearsal import Kept
from protocol.measurements import Call, Encounter
from protocol.standard import Standard, limits_of

PLACES = tuple(clause.name for clause in JUDGED)
"""Which clause each letter is about, after the first one."""
LETTERS: dict[Outcome, str] = {"pass": "p", "fail": "f", "indeterminate": "i", "not_applicable": "n"}
OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}
NOTHING = "-"
"""The standard does not set the clause, or it is about something else."""


def packed(data: Encounter | Call, verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """The outcomes, with ``v`` before those of a visit and ``c`` before those of a call; and the rest as JSON."""
    by_clause = {each.clause: each for each in verdicts}
    found = [by_clause.get(clause) for clause in PLACES]
    letters = "".join(NOTHING if each is None else LETTERS[each.outcome] for each in found)
    said = [[each.value, each.se, each.reason] for each in found if each is not None]
    kind = "v" if isinstance(data, Encounter) else "c"
    return kind + letters, json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def unpacked(outcomes: str, said: str, standard: Standard, measurement: str) -> tuple[Verdict, ...]:
    """The verdicts, as they were given to `packed`.

    Args:
        outcomes: The first text.
        said: The second one.
        standard: Under which they were made.
        measurement: Id of the visit or call.
    """
    set_ = [(clause, OUTCOMES[letter]) for clause, letter in letters_of(outcomes) if letter != NOTHING]
    return tuple(
        Verdict(clause, outcome, reason, limits_of(standard, clause), value, se, (measurement,))
        for (clause, outcome), (value, se, reason) in zip(set_, json.loads(said), strict=True)
    )


def letters_of(outcomes: str) -> tuple[tuple[str, str], ...]:
    """Each clause with its letter."""
    return tuple(zip(PLACES, outcomes[1:], strict=True))


def without(outcomes: str, exempt: Collection[str]) -> str:
    """The outcomes, with nothing to say where somebody is exempt.

    Example:
        >>> without("v" + "p" * len(PLACES), PLACES[1:]) == "vp" + "n" * (len(PLACES) - 1)
        True
    """
    if not exempt:
        return outcomes
    return outcomes[0] + "".join(
        "n" if clause in exempt and letter != NOTHING else letter for clause, letter in letters_of(outcomes)
    )


def counts_without(counts: Counter[str], clauses: Collection[str]) -> Counter[str]:
    """Outcomes and how many there are of each, with nothing to say of some clauses: what becomes alike is counted together."""
    if not clauses:
        return counts
    found: Counter[str] = Counter()
    for outcomes, count in counts.items():
        found[without(outcomes, clauses)] += count
    return found


def kept_of(outcomes: str) -> Kept:
    """What a visit or call came to by all of its verdicts."""
    if "f" in outcomes[1:]:
        return "failed"
    return "kept" if "p" in outcomes[1:] else "open"
