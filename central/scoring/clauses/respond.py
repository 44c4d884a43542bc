"""How long a customer waited to be attended to, decided again under any standard from what the desk saw."""

from dataclasses import dataclass, replace
from typing import Literal

from central.scoring.verdict import (
    DEPARTURE_SE_S,
    K_SIGMA,
    MIN_COVERAGE,
    Verdict,
    indeterminate,
    judge,
)
from protocol.measurements import Encounter, ReactionKind
from protocol.standard import Limits, Respond

CLAUSE = "respond.within_s"


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait and how it ended."""

    seconds: float
    """Until the reaction, or for as long as the wait is known to have lasted without one."""
    se_s: float
    end: Literal["reaction", "left", "cut", "unseen"]
    """``reaction``: attended to. ``left``: the customer went first. ``cut``: watching stopped while they waited.
    ``unseen``: the host could not be seen for long enough to tell."""
    kind: ReactionKind | None = None

    @property
    def censored(self) -> bool:
        """Whether the wait is only known to have lasted at least so long."""
        return self.end in {"left", "cut"}


def wait_under(visit: Encounter, respond: Respond) -> Wait:
    """The wait of a visit, counting the kinds of reaction that this standard counts.

    A reaction that came before the customer came near is a wait of nothing. The desk may have measured under a standard
    that counted other kinds: its own end of the wait is used only where it still holds.
    """
    counting = [reaction for reaction in visit.reactions if reaction.kind in respond.counts]
    if counting:
        # By the delay and not by `at_s`: added to a monotonic time, delays that differ by less than its last digit are one.
        first = min(counting, key=lambda reaction: reaction.delay_s)
        return Wait(max(0.0, first.delay_s), first.se_s, "reaction", first.kind)
    if visit.wait_ended_by == "not_observed":
        # Where the desk itself stopped watching, `wait_s` is how long it is certain that nobody reacted.
        stopped = visit.ended_by in {"end", "gap"}
        return Wait(visit.wait_s, DEPARTURE_SE_S, "cut" if stopped else "unseen")
    if visit.wait_ended_by == "customer_left":
        return Wait(visit.wait_s, DEPARTURE_SE_S, "left")
    until_s = visit.last_seen_s if visit.left_s is None else visit.left_s
    stayed_s = max(0.0, until_s - visit.came_near_s)
    return Wait(stayed_s, DEPARTURE_SE_S, "left" if visit.ended_by in {"left", "lost"} else "cut")


def judge_wait(visit: Encounter, respond: Respond) -> Verdict:
    """Whether the customer was attended to in time.

    A reaction that was seen is a late bound on the true one: in time is in time, but "too late" needs the host to have
    been seen. A customer who left after the limit was failed; one who left before it tells nothing.
    """
    wait = wait_under(visit, respond)
    if wait.end == "unseen":
        return indeterminate(
            CLAUSE, _limits(respond), "the host could not be seen while the customer waited", wait.seconds
        )
    verdict = _attended(wait, respond) if wait.end == "reaction" else _not_attended(wait, respond)
    missed = wait.end == "reaction" and visit.wait_ended_by == "not_observed"
    if verdict.outcome == "fail" and (missed or visit.coverage.host < MIN_COVERAGE):
        seen = f"the host was visible for only {visit.coverage.host:.0%} of the visit"
        return replace(verdict, outcome="indeterminate", reason=f"no reaction was seen in time, but {seen}")
    return verdict


def _attended(wait: Wait, respond: Respond) -> Verdict:
    verdict = judge(CLAUSE, wait.seconds, wait.se_s, _limits(respond))
    reason = {"pass": "attended to in time", "fail": "attended to too late"}.get(
        verdict.outcome, verdict.reason
    )
    return replace(verdict, reason=reason)


def _not_attended(wait: Wait, respond: Respond) -> Verdict:
    left = wait.end == "left"
    if wait.seconds - K_SIGMA * wait.se_s > respond.within_s:
        reason = "the customer left without being attended to" if left else "not attended to in time"
        return Verdict(CLAUSE, "fail", reason, _limits(respond), wait.seconds, wait.se_s)
    reason = "the customer left before the time was up" if left else "watching stopped before the time was up"
    return Verdict(CLAUSE, "indeterminate", reason, _limits(respond), wait.seconds, wait.se_s)


def _limits(respond: Respond) -> Limits:
    return Limits(max=respond.within_s)
