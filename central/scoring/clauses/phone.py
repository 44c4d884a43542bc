"""One call held against the standard's rings, and a day's calls counted by the two usual service-level formulas."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from central.scoring.verdict import Verdict, asks_nothing, indeterminate, judge
from protocol.measurements import Call
from protocol.standard import Phone

CLAUSE = "phone.rings"


def judge_call(call: Call, phone: Phone) -> tuple[Verdict, ...]:
    """Whether a call was answered in the rings that the standard allows.

    Counting ``begun``, the ring in progress at the pick-up counts: "by the third ring". Counting ``completed``, only rings
    that had ended do: "after three rings". Without an answer the count is how long the caller was left ringing: over the
    maximum that is a failure whoever ended it, below it nothing can be told. Nor is an unknown outcome ever guessed.
    """
    limits = phone.rings
    if asks_nothing(limits):
        return ()
    rings = _rings(call, phone.counting)
    if call.outcome == "answered":
        return (judge(CLAUSE, rings, 0.0, limits),)
    if limits.max is not None and rings > limits.max:
        reason = (
            "rang out unanswered"
            if call.outcome == "abandoned"
            else "still ringing past the last allowed ring; how it ended is unknown"
        )
        return (Verdict(CLAUSE, "fail", reason, limits, rings, 0.0),)
    reason = (
        "the caller gave up before the last allowed ring"
        if call.outcome == "abandoned"
        else "no hook switch is fitted: answered, or given up"
    )
    return (replace(indeterminate(CLAUSE, limits, reason, rings), se=0.0),)


def _rings(call: Call, counting: Literal["begun", "completed"]) -> int:
    if counting == "completed":
        return call.rings_completed
    return call.rings_begun if call.answered_ring is None else call.answered_ring


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Raw counts of a day's calls, and both formulas in use, named.

    "In time" is within the standard's maximum of rings; with none set, every call is in time.
    """

    answered_in_time: int
    answered_late: int
    abandoned_in_time: int
    abandoned_late: int
    unknown: int

    @property
    def of_answered(self) -> float | None:
        """Answered in time, of all answered."""
        answered = self.answered_in_time + self.answered_late
        return self.answered_in_time / answered if answered else None

    @property
    def of_offered(self) -> float | None:
        """Answered or abandoned in time, of all answered or abandoned."""
        in_time = self.answered_in_time + self.abandoned_in_time
        offered = in_time + self.answered_late + self.abandoned_late
        return in_time / offered if offered else None


def service_level(calls: Iterable[Call], phone: Phone) -> ServiceLevel:
    """Count calls by outcome and by whether they ended within the allowed rings."""

    def late(call: Call) -> bool:
        return phone.rings.max is not None and _rings(call, phone.counting) > phone.rings.max

    counted = Counter((call.outcome, late(call)) for call in calls)
    return ServiceLevel(
        answered_in_time=counted["answered", False],
        answered_late=counted["answered", True],
        abandoned_in_time=counted["abandoned", False],
        abandoned_late=counted["abandoned", True],
        unknown=counted["unknown", False] + counted["unknown", True],
    )
