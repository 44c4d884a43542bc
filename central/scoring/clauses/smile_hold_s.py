"""``smile.hold_s``: how long the longest smile of an encounter is held."""

from central.scoring.absence import mouth_covered, no_smile, smile_not_measured
from central.scoring.clause import Clause
from central.scoring.moments import smile_se_s
from central.scoring.verdict import Verdict, indeterminate, judge_value
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.hold_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the longest stretch of smiling against the limits."""
    limits, smile = standard.smile.hold_s, encounter.smile
    if smile is None:
        return smile_not_measured(NAME, limits, encounter)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    held, covered = judge_value(NAME, smile.longest_s, smile_se_s(smile), limits), mouth_covered(encounter)
    if covered and held.outcome == "fail" and limits.min is not None and smile.longest_s < limits.min:
        return indeterminate(NAME, limits, f"{covered}: a smile may have lasted behind it", smile.longest_s)
    return held


CLAUSE = Clause(NAME, Encounter, judge)
