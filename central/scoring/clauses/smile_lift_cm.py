"""``smile.lift_cm``: how far the mouth corners rise while smiling, at the median."""

from central.scoring.absence import mouth_covered, no_smile, smile_not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import MIN_COVERAGE, Verdict, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.lift_cm"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the median lift against the limits; against a resting face still being learnt it decides nothing."""
    limits, smile = standard.smile.lift_cm, encounter.smile
    if smile is None:
        return smile_not_measured(NAME, limits, encounter)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    lift = smile.median_lift_cm
    covered = mouth_covered(encounter)
    if covered and (lift is None or lift.coverage < MIN_COVERAGE):
        return indeterminate(NAME, limits, covered, None if lift is None else lift.value)
    if lift is None:
        return indeterminate(NAME, limits, "the lift of the mouth corners could not be measured")
    if smile.baseline == "learning":
        return indeterminate(NAME, limits, "the resting face was not known yet", lift.value)
    return judge_quantity(NAME, lift, limits)


CLAUSE = Clause(NAME, Encounter, judge)
