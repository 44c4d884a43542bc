"""``gaze.on_customer_share``: for what share of the encounter the eyes are on the customer."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "gaze.on_customer_share"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the share against the limits."""
    limits, gaze = standard.gaze.on_customer_share, encounter.gaze
    if gaze is None:
        return not_measured(NAME, limits)
    if gaze.on_customer_share is None:
        return indeterminate(NAME, limits, "the gaze could not be measured")
    return judge_quantity(NAME, gaze.on_customer_share, limits)


CLAUSE = Clause(NAME, Encounter, judge)
