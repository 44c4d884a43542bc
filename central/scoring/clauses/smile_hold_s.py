"""``smile.hold_s``: how long the longest smile of an encounter is held."""

from central.scoring.absence import no_smile, not_measured
from central.scoring.clause import Clause
from central.scoring.moments import smile_se_s
from central.scoring.verdict import Verdict, judge_value
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.hold_s"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the longest stretch of smiling against the limits."""
    limits, smile = standard.smile.hold_s, encounter.smile
    if smile is None:
        return not_measured(NAME, limits)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    return judge_value(NAME, smile.longest_s, smile_se_s(smile), limits)


CLAUSE = Clause(NAME, Encounter, judge)
