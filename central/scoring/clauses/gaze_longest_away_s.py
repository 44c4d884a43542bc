"""``gaze.longest_away_s``: how long the eyes are away from the customer at most."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import DURATION_SE_S, Verdict, indeterminate, judge_value
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "gaze.longest_away_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the longest look away against the limits."""
    limits, gaze = standard.gaze.longest_away_s, encounter.gaze
    if gaze is None:
        return not_measured(NAME, limits)
    if gaze.longest_away_s is None:
        return indeterminate(NAME, limits, "the gaze could not be measured")
    return judge_value(NAME, gaze.longest_away_s, DURATION_SE_S, limits)


CLAUSE = Clause(NAME, Encounter, judge)
