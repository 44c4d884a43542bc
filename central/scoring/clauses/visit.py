"""One visit held against every clause of a standard that speaks about visits."""

from collections.abc import Iterator

from central.scoring.clauses.respond import judge_wait
from central.scoring.verdict import (
    DEPARTURE_SE_S,
    DURATION_SE_S,
    K_SIGMA,
    MIN_COVERAGE,
    Verdict,
    as_count,
    asks_nothing,
    indeterminate,
    judge,
    judge_quantity,
    not_applicable,
    within,
)
from protocol.measurements import Encounter, Gaze, Posture, Quantity, Smile
from protocol.standard import GazeClause, Limits, PostureClause, SmileClause, Standard, Work

NOT_MEASURED = "not measured at this desk during this visit"


def judge_visit(visit: Encounter, standard: Standard) -> tuple[Verdict, ...]:
    """The verdict of each clause that the standard sets, in the standard's order; clauses left open are not judged."""
    return (
        judge_wait(visit, standard.respond),
        *_smile(visit, standard.smile),
        *_work(visit, standard.work),
        *_posture(visit.posture, standard.posture),
        *_gaze(visit.gaze, standard.gaze),
    )


def _smile(visit: Encounter, clause: SmileClause) -> Iterator[Verdict]:
    smile = visit.smile
    asked = {"smile.lift_cm": clause.lift_cm, "smile.teeth": clause.teeth, "smile.hold_s": clause.hold_s}
    for name, limits in asked.items():
        if asks_nothing(limits):
            continue
        if smile is None:
            yield not_applicable(name, limits, NOT_MEASURED)
        elif smile.onset_s is None:
            yield _no_smile(name, limits, visit, smile)
        elif name == "smile.lift_cm":
            yield _lift(name, limits, smile)
        elif name == "smile.teeth":
            yield _teeth(name, limits, smile.teeth)
        else:
            yield judge(name, smile.longest_s, DURATION_SE_S, limits)


def _no_smile(name: str, limits: Limits, visit: Encounter, smile: Smile) -> Verdict:
    """No smile misses a minimum; a maximum asks only that a smile, if there is one, be no larger."""
    if limits.min is None or limits.min <= 0.0:
        return not_applicable(name, limits, "no smile was seen, and none is asked for by this clause")
    if smile.baseline == "learning":
        return indeterminate(name, limits, "no smile was seen, but the resting face was not known yet")
    if visit.coverage.host < MIN_COVERAGE:
        seen = f"the host was visible for only {visit.coverage.host:.0%} of the visit"
        return indeterminate(name, limits, f"no smile was seen, but {seen}")
    return Verdict(name, "fail", "no smile was seen", limits, 0.0)


def _lift(name: str, limits: Limits, smile: Smile) -> Verdict:
    lift = smile.median_lift_cm
    if lift is None:
        return indeterminate(name, limits, "the lift of the mouth corners could not be measured")
    if smile.baseline == "learning":
        return indeterminate(name, limits, "the resting face was not known yet", lift.value)
    return judge_quantity(name, lift, limits)


def _teeth(name: str, limits: Limits, teeth: Quantity | None) -> Verdict:
    if teeth is None:
        return indeterminate(name, limits, "too few pixels to count teeth")
    return judge_quantity(name, teeth, limits, as_count(limits))


def _work(visit: Encounter, clause: Work) -> Iterator[Verdict]:
    posture = visit.posture
    if not asks_nothing(clause.stop_work_m):
        name, limits = "work.stop_work_m", clause.stop_work_m
        yield not_applicable(name, limits, NOT_MEASURED) if posture is None else _stop(visit, posture, limits)
    if not asks_nothing(clause.resume_work_m):
        name, limits = "work.resume_work_m", clause.resume_work_m
        yield _resume_distance(name, limits, posture)
    if not asks_nothing(clause.resume_within_s):
        name, limits = "work.resume_within_s", clause.resume_within_s
        yield _resume_time(name, limits, visit)


def _stop(visit: Encounter, posture: Posture, limits: Limits) -> Verdict:
    name = "work.stop_work_m"
    if posture.stopped_work_m is not None:
        return judge_quantity(name, posture.stopped_work_m, limits)
    if posture.stopped_work_s is None:
        return _never_stopped(name, limits, visit, posture)
    if visit.came_near_m is None or visit.closest_m is None:
        return indeterminate(name, limits, "the customer's distance was not known when work stopped")
    farthest = visit.came_near_m.value + K_SIGMA * visit.came_near_m.se
    nearest = visit.closest_m.value - K_SIGMA * visit.closest_m.se
    if posture.stopped_work_s < visit.came_near_s:
        nearest, farthest = farthest, float("inf")
    outcome = within(nearest, farthest, limits)
    reason = "the customer's distance at that moment is known only to lie within the visit's range"
    return Verdict(name, outcome, reason, limits)


def _never_stopped(name: str, limits: Limits, visit: Encounter, posture: Posture) -> Verdict:
    if posture.working_at_arrival is False:
        return not_applicable(name, limits, "the host had no work in hand when the customer came")
    if posture.working_at_arrival is None:
        return indeterminate(name, limits, "whether the host was at work could not be told")
    if limits.min is None:
        return not_applicable(
            name, limits, "work did not stop, and this clause asks only that it not stop early"
        )
    if visit.closest_m is None or visit.coverage.host < MIN_COVERAGE:
        return indeterminate(name, limits, "work was not seen to stop, but too little was visible to be sure")
    closest = visit.closest_m
    if closest.value + K_SIGMA * closest.se < limits.min:
        return Verdict(name, "fail", "work went on throughout the visit", limits, closest.value, closest.se)
    return indeterminate(
        name,
        limits,
        "work went on, but the customer may never have come nearer than the limit",
        closest.value,
    )


def _resume_distance(name: str, limits: Limits, posture: Posture | None) -> Verdict:
    if posture is None:
        return not_applicable(name, limits, NOT_MEASURED)
    if posture.resumed_work_m is not None:
        return _resumed_at(name, limits, posture.resumed_work_m)
    if posture.stopped_work_s is None:
        return not_applicable(name, limits, "no work was put down")
    if posture.resumed_work_s is None:
        return indeterminate(name, limits, "work was not seen to be resumed before the visit's record closed")
    return indeterminate(name, limits, "the customer's distance was not known when work was resumed")


def _resumed_at(name: str, limits: Limits, distance: Quantity) -> Verdict:
    """A distance that no look covers is a customer who was out of sight: at least so far away."""
    if distance.coverage > 0.0:
        return judge_quantity(name, distance, limits)
    outcome = within(distance.value, float("inf"), limits)
    reason = "the customer was out of sight by then, at least this far away"
    return Verdict(name, outcome, reason, limits, distance.value, distance.se)


def _resume_time(name: str, limits: Limits, visit: Encounter) -> Verdict:
    posture = visit.posture
    if posture is None:
        return not_applicable(name, limits, NOT_MEASURED)
    if visit.resumed_work_s is None:
        if posture.stopped_work_s is None:
            return not_applicable(name, limits, "no work was put down")
        return indeterminate(name, limits, "work was not seen to be resumed before the visit's record closed")
    if visit.left_s is None:
        return indeterminate(name, limits, "the customer was not seen leaving")
    return judge(name, visit.resumed_work_s - visit.left_s, DEPARTURE_SE_S, limits)


def _posture(posture: Posture | None, clause: PostureClause) -> Iterator[Verdict]:
    name, limits = "posture.forward_lean_deg", clause.forward_lean_deg
    if asks_nothing(limits):
        return
    if posture is None:
        yield not_applicable(name, limits, NOT_MEASURED)
        return
    lean = posture.forward_lean_deg
    if lean is None:
        yield indeterminate(name, limits, "the host's lean could not be measured")
        return
    upright = limits.min == 0.0 and lean.value + K_SIGMA * lean.se >= 0.0
    # A minimum of 0 means "do not lean back". Whoever sits upright measures 0 within the error, and keeps to it.
    yield judge_quantity(name, lean, limits, Limits(max=limits.max) if upright else None)


def _gaze(gaze: Gaze | None, clause: GazeClause) -> Iterator[Verdict]:
    asked = {
        "gaze.on_customer_share": clause.on_customer_share,
        "gaze.longest_away_s": clause.longest_away_s,
        "gaze.following_lag_s": clause.following_lag_s,
    }
    for name, limits in asked.items():
        if asks_nothing(limits):
            continue
        yield not_applicable(name, limits, NOT_MEASURED) if gaze is None else _gaze_part(name, limits, gaze)


def _gaze_part(name: str, limits: Limits, gaze: Gaze) -> Verdict:
    if name == "gaze.following_lag_s":
        if gaze.following_lag_s is None:
            return not_applicable(name, limits, "the customer did not move enough to tell")
        return judge_quantity(name, gaze.following_lag_s, limits)
    if name == "gaze.on_customer_share" and gaze.on_customer_share is not None:
        return judge_quantity(name, gaze.on_customer_share, limits)
    if name == "gaze.longest_away_s" and gaze.longest_away_s is not None:
        return judge(name, gaze.longest_away_s, DURATION_SE_S, limits)
    return indeterminate(name, limits, "the gaze could not be measured")
