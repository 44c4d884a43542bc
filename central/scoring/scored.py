"""One encounter, and one call, with the verdicts on it under one standard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from central.records.measured import Measured
from central.scoring.absence import not_measured
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
    def has_a_judged_wait(self) -> bool:
        """Whether the wait of a customer is judged: of a visit that may have been one of the staff only where they were attended to."""
        judged = self.response.outcome != "not_applicable"
        return judged and (self.wait.end == "reaction" or self.measured.data.may_be_staff is None)

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

    @property
    def is_judged(self) -> bool:
        """Whether it counts: not where whoever was on duty is exempt from the clauses on calls."""
        return not self.verdicts or any(each.outcome != "not_applicable" for each in self.verdicts)


def score_encounter(
    item: Measured[Encounter],
    standard: Standard,
    exempt: Collection[str] = (),
    kept: tuple[Verdict, ...] | None = None,
) -> ScoredEncounter:
    """Judge an encounter by every clause about encounters that the standard sets; of ``exempt`` ones nothing is said.

    Args:
        item: The encounter.
        standard: To judge by.
        exempt: Clauses.
        kept: The verdicts, where they were made before under the same standard; None to make them.
    """
    wait = wait_under(item.data, standard.respond)
    return ScoredEncounter(item, wait, leaving_out(_verdicts(item, standard, kept), exempt))


def score_call(
    item: Measured[Call],
    standard: Standard,
    exempt: Collection[str] = (),
    kept: tuple[Verdict, ...] | None = None,
) -> ScoredCall:
    """Judge a call by every clause about calls that the standard sets, as `score_encounter` does."""
    return ScoredCall(item, leaving_out(_verdicts(item, standard, kept), exempt))


def _verdicts(
    item: Measured[Encounter] | Measured[Call], standard: Standard, kept: tuple[Verdict, ...] | None
) -> tuple[Verdict, ...]:
    return verdicts_on(item.data, standard, (item.id,)) if kept is None else kept


def leaving_out(verdicts: Sequence[Verdict], exempt: Collection[str]) -> tuple[Verdict, ...]:
    """The verdicts, those on some clauses as if nothing had been measured: nobody is told who is exempt."""
    return tuple(
        replace(not_measured(each.clause, each.limits), measurements=each.measurements)
        if each.clause in exempt
        else each
        for each in verdicts
    )
