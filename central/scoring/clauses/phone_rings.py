"""``phone.rings``: in which ring the telephone is answered."""

from dataclasses import replace

from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_value
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS, rings_by_time
from protocol.standard import Phone, Standard

NAME = "phone.rings"
LEAST_SURE = 0.5
"""Below this confidence it is likelier that nobody called, and nobody is judged by it."""
TOO_LATE = {
    "abandoned": "rang out unanswered",
    "unknown": "still ringing past the last allowed ring; how it ended is unknown",
    "possible": "still ringing past the last allowed ring, here and at the telephones that share the line",
    "likely": "missed: left ringing past the last allowed ring, then answered elsewhere",
}
"""Why ringing failed that was not answered here, by how it ended."""
IN_TIME = {
    "abandoned": "the caller gave up before the last allowed ring",
    "unknown": "not known whether it was answered: no hook switch is fitted, or it cannot be believed",
    "possible": "the line is shared: answered at another telephone, or given up",
    "likely": "answered elsewhere before the last allowed ring: by a fax, a machine or another telephone",
}
"""Why nothing can be said of ringing that ended in time."""


def judge(call: Call, standard: Standard) -> Verdict:
    """Whether a call was answered in the rings that the standard allows.

    Counting ``begun``, the ring in progress at the pick-up counts: "by the third ring". Counting ``completed``, only rings
    that had ended do: "after three rings". Where it rang without a pause, seconds stand for rings. Without an answer the count is how
    long the caller was left ringing: over the maximum that is a failure whoever ended it, the caller, somebody at another telephone or
    an answering machine; below it the outcome is indeterminate. An unknown outcome is never guessed.
    """
    limits = standard.phone.rings
    if call.confidence is not None and call.confidence < LEAST_SURE:
        return replace(
            indeterminate(NAME, limits, "not sure that anybody called: it may have been noise"), se=0.0
        )
    rings = rings_counted(call, standard.phone)
    if call.outcome == "answered":
        return judge_value(NAME, rings, 0.0, limits)
    if limits.max is not None and rings > limits.max:
        return Verdict(NAME, "fail", TOO_LATE[_end_of(call)], limits, rings, 0.0)
    return replace(indeterminate(NAME, limits, IN_TIME[_end_of(call)], rings), se=0.0)


def rings_counted(call: Call, phone: Phone) -> int:
    """The rings of a call as a standard counts them: up to the pick-up, or all that there were."""
    if call.cadence == CONTINUOUS:
        # How long a ring is, is the standard's business, whatever the desk counted by.
        counted = rings_by_time(call.ring_s, phone.seconds_per_ring)
        return counted.completed if phone.counting == "completed" else counted.begun
    if phone.counting == "completed":
        return call.rings_completed
    return call.rings_begun if call.answered_ring is None else call.answered_ring


def _end_of(call: Call) -> str:
    """How ringing ended that was not answered here."""
    return call.outcome if call.answered_elsewhere is None else call.answered_elsewhere


CLAUSE = Clause(NAME, Call, judge)
