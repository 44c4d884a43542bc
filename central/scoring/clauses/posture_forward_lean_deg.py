"""``posture.forward_lean_deg``: how far the host leans towards the customer."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import K_SIGMA, Verdict, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Limits, Standard

NAME = "posture.forward_lean_deg"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the largest sustained lean against the limits."""
    limits, posture = standard.posture.forward_lean_deg, encounter.posture
    if posture is None:
        return not_measured(NAME, limits)
    lean = posture.forward_lean_deg
    if lean is None:
        return indeterminate(NAME, limits, "the host's lean could not be measured")
    upright = limits.min == 0.0 and lean.value + K_SIGMA * lean.se >= 0.0
    # A minimum of 0 means "do not lean back". Whoever sits upright measures 0 within the error, and keeps to it.
    return judge_quantity(NAME, lean, limits, Limits(max=limits.max) if upright else None)


CLAUSE = Clause(NAME, Encounter, judge)
