"""``smile.teeth``: how many teeth are shown while smiling."""

from central.scoring.absence import mouth_covered, no_smile, smile_not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import MIN_COVERAGE, Verdict, as_count, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.teeth"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the teeth shown against the limits, as a whole number that was estimated."""
    limits, smile = standard.smile.teeth, encounter.smile
    if smile is None:
        return smile_not_measured(NAME, limits, encounter)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    teeth, covered = smile.teeth, mouth_covered(encounter)
    if covered and (teeth is None or teeth.coverage < MIN_COVERAGE):
        return indeterminate(NAME, limits, covered, None if teeth is None else teeth.value)
    if teeth is None:
        return indeterminate(NAME, limits, "too few pixels to count teeth")
    return judge_quantity(NAME, teeth, limits, as_count(limits))


CLAUSE = Clause(NAME, Encounter, judge)
