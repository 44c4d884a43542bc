"""``work.stop_work_m``: how far away the customer is when the host puts work down."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import (
    K_SIGMA,
    MIN_COVERAGE,
    Verdict,
    indeterminate,
    judge_quantity,
    not_applicable,
    within,
)
from protocol.measurements import Encounter, Posture
from protocol.standard import Limits, Standard

NAME = "work.stop_work_m"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the distance at that moment against the limits; without one, the encounter's range of distances bounds it."""
    limits, posture = standard.work.stop_work_m, encounter.posture
    if posture is None:
        return not_measured(NAME, limits)
    if posture.stopped_work_m is not None:
        return judge_quantity(NAME, posture.stopped_work_m, limits)
    if posture.stopped_work_s is None:
        return _never_stopped(encounter, posture, limits)
    if encounter.came_near_m is None or encounter.closest_m is None:
        return indeterminate(NAME, limits, "the customer's distance was not known when work stopped")
    farthest = encounter.came_near_m.value + K_SIGMA * encounter.came_near_m.se
    nearest = encounter.closest_m.value - K_SIGMA * encounter.closest_m.se
    if posture.stopped_work_s < encounter.came_near_s:
        nearest, farthest = farthest, float("inf")
    outcome = within(nearest, farthest, limits)
    reason = "the customer's distance at that moment is known only to lie within the visit's range"
    return Verdict(NAME, outcome, reason, limits)


def _never_stopped(encounter: Encounter, posture: Posture, limits: Limits) -> Verdict:
    """Work that never stopped fails once the customer was surely nearer than the minimum."""
    if posture.working_at_arrival is False:
        return not_applicable(NAME, limits, "the host had no work in hand when the customer came")
    if posture.working_at_arrival is None:
        return indeterminate(NAME, limits, "whether the host was at work could not be told")
    if limits.min is None:
        reason = "work did not stop, and this clause asks only that it not stop early"
        return not_applicable(NAME, limits, reason)
    if encounter.closest_m is None or encounter.coverage.host < MIN_COVERAGE:
        return indeterminate(NAME, limits, "work was not seen to stop, but too little was visible to be sure")
    closest = encounter.closest_m
    if closest.value + K_SIGMA * closest.se < limits.min:
        return Verdict(NAME, "fail", "work went on throughout the visit", limits, closest.value, closest.se)
    reason = "work went on, but the customer may never have come nearer than the limit"
    return indeterminate(NAME, limits, reason, closest.value)


CLAUSE = Clause(NAME, Encounter, judge)
