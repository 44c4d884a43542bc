"""``gaze.following_lag_s``: how far the gaze lags behind a moving customer."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, judge_quantity, not_applicable
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "gaze.following_lag_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the lag against the limits; a customer who stood still shows none."""
    limits, gaze = standard.gaze.following_lag_s, encounter.gaze
    if gaze is None:
        return not_measured(NAME, limits)
    if gaze.following_lag_s is None:
        return not_applicable(NAME, limits, "the customer did not move enough to tell")
    return judge_quantity(NAME, gaze.following_lag_s, limits)


CLAUSE = Clause(NAME, Encounter, judge)
