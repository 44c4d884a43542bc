"""``work.resume_work_m``: how far away the leaving customer is when the host takes work up again."""

from central.scoring.absence import not_measured, work_not_resumed
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_quantity, within
from protocol.measurements import Encounter, Quantity
from protocol.standard import Limits, Standard

NAME = "work.resume_work_m"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the distance at that moment against the limits."""
    limits, posture = standard.work.resume_work_m, encounter.posture
    if posture is None:
        return not_measured(NAME, limits)
    if posture.resumed_work_m is not None:
        return _resumed_at(posture.resumed_work_m, limits)
    if posture.stopped_work_s is None or posture.resumed_work_s is None:
        return work_not_resumed(NAME, limits, posture)
    return indeterminate(NAME, limits, "the customer's distance was not known when work was resumed")


def _resumed_at(distance: Quantity, limits: Limits) -> Verdict:
    """A distance that no look covers is a customer who was out of sight: at least so far away."""
    if distance.coverage > 0.0:
        return judge_quantity(NAME, distance, limits)
    outcome = within(distance.value, float("inf"), limits)
    reason = "the customer was out of sight by then, at least this far away"
    return Verdict(NAME, outcome, reason, limits, distance.value, distance.se)


CLAUSE = Clause(NAME, Encounter, judge)
