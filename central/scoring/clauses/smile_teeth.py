"""``smile.teeth``: how many teeth are shown while smiling."""

from central.scoring.absence import no_smile, not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, as_count, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "smile.teeth"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the teeth shown against the limits, as a whole number that was estimated."""
    limits, smile = standard.smile.teeth, encounter.smile
    if smile is None:
        return not_measured(NAME, limits)
    if smile.onset_s is None:
        return no_smile(NAME, limits, encounter, smile)
    if smile.teeth is None:
        return indeterminate(NAME, limits, "too few pixels to count teeth")
    return judge_quantity(NAME, smile.teeth, limits, as_count(limits))


CLAUSE = Clause(NAME, Encounter, judge)
