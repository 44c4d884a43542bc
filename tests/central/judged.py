"""What one clause says of one measurement."""

from central.scoring.judging import verdicts_on
from central.scoring.verdict import Verdict
from protocol.standard import Standard
from tests.worlds.desk_facts import STANDARD, reaction

PROMPT = reaction("turned", 1.0)


def verdict(seen: object, clause: str, standard: Standard = STANDARD) -> Verdict:
    """The verdict of a clause that the standard sets."""
    return next(verdict for verdict in verdicts_on(seen, standard, ()) if verdict.clause == clause)


def outcome(seen: object, clause: str, standard: Standard = STANDARD) -> str:
    return verdict(seen, clause, standard).outcome
