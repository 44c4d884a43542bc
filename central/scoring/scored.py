"""One encounter, and one call, with the verdicts on it under one standard."""

from dataclasses import dataclass

from central.records.measured import Measured
from central.scoring.clauses.respond_within_s import NAME as RESPOND
from central.scoring.judging import verdicts_on
from central.scoring.verdict import Verdict
from central.scoring.wait import Wait, wait_under
from protocol.measurements import Call, Encounter
from protocol.standard import Standard


@dataclass(frozen=True, slots=True)
class ScoredEncounter:
    """An encounter with its verdicts."""

    measured: Measured[Encounter]
    wait: Wait
    verdicts: tuple[Verdict, ...]
    on_duty: str = "unknown"
    """Who was signed in when it began, by their pseudonym."""

    @property
    def is_surely_a_wait(self) -> bool:
        """Whether a customer waited: of a visit that may have been one of the staff only where they were attended to."""
        return self.wait.end == "reaction" or self.measured.data.may_be_staff is None

    @property
    def response(self) -> Verdict:
        """The verdict on the wait; every standard sets that clause."""
        return next(verdict for verdict in self.verdicts if verdict.clause == RESPOND)


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """A call with its verdicts."""

    measured: Measured[Call]
    verdicts: tuple[Verdict, ...]
    on_duty: str = "unknown"
    """Who was signed in when it began to ring, by their pseudonym."""


def score_encounter(item: Measured[Encounter], standard: Standard) -> ScoredEncounter:
    """Judge an encounter by every clause about encounters that the standard sets."""
    wait = wait_under(item.data, standard.respond)
    return ScoredEncounter(item, wait, verdicts_on(item.data, standard, (item.id,)))


def score_call(item: Measured[Call], standard: Standard) -> ScoredCall:
    """Judge a call by every clause about calls that the standard sets."""
    return ScoredCall(item, verdicts_on(item.data, standard, (item.id,)))
