"""``smile.lift_cm``: how far the mouth corners rise while smiling, at the median."""

from central.scoring.absence import no_smile, not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.lift_cm"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the median lift against the limits; against a resting face still being learnt it decides nothing."""
    limits, smile = standard.smile.lift_cm, encounter.smile
    if smile is None:
        return not_measured(NAME, limits)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    lift = smile.median_lift_cm
    if lift is None:
        return indeterminate(NAME, limits, "the lift of the mouth corners could not be measured")
    if smile.baseline == "learning":
        return indeterminate(NAME, limits, "the resting face was not known yet", lift.value)
    return judge_quantity(NAME, lift, limits)


CLAUSE = Clause(NAME, Encounter, judge)
