"""``phone.rings``: in which ring the telephone is answered."""

from dataclasses import replace
from typing import Literal

from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_value
from protocol.measurements import Call
from protocol.standard import Standard

NAME = "phone.rings"


def judge(call: Call, standard: Standard) -> Verdict:
    """Whether a call was answered in the rings that the standard allows.

    Counting ``begun``, the ring in progress at the pick-up counts: "by the third ring". Counting ``completed``, only rings
    that had ended do: "after three rings". Without an answer the count is how long the caller was left ringing: over the
    maximum that is a failure whoever ended it, below it the outcome is indeterminate. An unknown outcome is never guessed.
    """
    limits = standard.phone.rings
    rings = rings_counted(call, standard.phone.counting)
    if call.outcome == "answered":
        return judge_value(NAME, rings, 0.0, limits)
    if limits.max is not None and rings > limits.max:
        reason = (
            "rang out unanswered"
            if call.outcome == "abandoned"
            else "still ringing past the last allowed ring; how it ended is unknown"
        )
        return Verdict(NAME, "fail", reason, limits, rings, 0.0)
    reason = (
        "the caller gave up before the last allowed ring"
        if call.outcome == "abandoned"
        else "no hook switch is fitted: answered, or given up"
    )
    return replace(indeterminate(NAME, limits, reason, rings), se=0.0)


def rings_counted(call: Call, counting: Literal["begun", "completed"]) -> int:
    """The rings of a call as a standard counts them: up to the pick-up, or all that there were."""
    if counting == "completed":
        return call.rings_completed
    return call.rings_begun if call.answered_ring is None else call.answered_ring


CLAUSE = Clause(NAME, Call, judge)
