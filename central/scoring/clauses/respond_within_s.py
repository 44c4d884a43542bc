"""``respond.within_s``: how soon a customer who came near is attended to."""

from dataclasses import replace

from central.scoring.clause import Clause
from central.scoring.verdict import K_SIGMA, MIN_COVERAGE, Verdict, indeterminate, judge_value
from central.scoring.wait import Wait, wait_under
from protocol.manner import answerable
from protocol.measurements import Encounter
from protocol.standard import Limits, Standard, limits_of

NAME = "respond.within_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Whether the customer was attended to in time.

    A reaction that was seen is a late bound on the true one: in time is in time, but "too late" needs the host to have
    been seen. A customer who left after the limit was failed; one who left before it decides nothing.
    """
    limits = limits_of(standard, NAME)
    wait = wait_under(encounter, standard.respond)
    if (
        wait.end != "reaction"
        and encounter.smile is None
        and not answerable(standard.respond.counts, {"smile"})
    ):
        reason = "only a smile counts as a reaction, and smiles are not measured here"
        return indeterminate(NAME, limits, reason)
    if wait.end == "unseen":
        reason = "the host could not be seen while the customer waited"
        return indeterminate(NAME, limits, reason, wait.seconds)
    verdict = _attended(wait, limits) if wait.end == "reaction" else _not_attended(wait, limits)
    missed = wait.end == "reaction" and encounter.wait_ended_by == "not_observed"
    if verdict.outcome == "fail" and (missed or encounter.coverage.host < MIN_COVERAGE):
        seen = f"the host was visible for only {encounter.coverage.host:.0%} of the visit"
        return replace(verdict, outcome="indeterminate", reason=f"no reaction was seen in time, but {seen}")
    return verdict


def _attended(wait: Wait, limits: Limits) -> Verdict:
    verdict = judge_value(NAME, wait.seconds, wait.se_s, limits)
    reasons = {"pass": "attended to in time", "fail": "attended to too late"}
    return replace(verdict, reason=reasons.get(verdict.outcome, verdict.reason))


def _not_attended(wait: Wait, limits: Limits) -> Verdict:
    left = wait.end == "left"
    if limits.max is not None and wait.seconds - K_SIGMA * wait.se_s > limits.max:
        reason = "the customer left without being attended to" if left else "not attended to in time"
        return Verdict(NAME, "fail", reason, limits, wait.seconds, wait.se_s)
    reason = "the customer left before the time was up" if left else "watching stopped before the time was up"
    return Verdict(NAME, "indeterminate", reason, limits, wait.seconds, wait.se_s)


CLAUSE = Clause(NAME, Encounter, judge)
