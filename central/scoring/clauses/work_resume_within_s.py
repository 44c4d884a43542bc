"""``work.resume_within_s``: how soon after the customer's leaving the host takes work up again."""

from math import hypot

from central.scoring.absence import not_measured, work_not_resumed
from central.scoring.clause import Clause
from central.scoring.moments import departure_se_s
from central.scoring.verdict import MOMENT_SE_S, Verdict, indeterminate, judge_value
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "work.resume_within_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the seconds from leaving to work against the limits."""
    limits, posture = standard.work.resume_within_s, encounter.posture
    if posture is None:
        return not_measured(NAME, limits)
    if encounter.resumed_work_s is None:
        return work_not_resumed(NAME, limits, posture)
    if encounter.left_s is None:
        return indeterminate(NAME, limits, "the customer was not seen leaving")
    se_s = hypot(departure_se_s(encounter), MOMENT_SE_S)
    return judge_value(NAME, encounter.resumed_work_s - encounter.left_s, se_s, limits)


CLAUSE = Clause(NAME, Encounter, judge)
