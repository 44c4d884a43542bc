"""``posture.hand_at_face_share``: for what share of the encounter a hand is at the face."""

from central.scoring.absence import not_measured
from central.scoring.clause import Clause
from central.scoring.verdict import Verdict, indeterminate, judge_quantity
from protocol.measurements import Encounter
from protocol.standard import Standard

NAME = "posture.hand_at_face_share"


def judge(encounter: Encounter, standard: Standard) -> Verdict:
    """Hold the share against the limits; a receiver at the ear may be the hand."""
    limits, posture = standard.posture.hand_at_face_share, encounter.posture
    if posture is None or posture.hand_at_face_share is None:
        return not_measured(NAME, limits)
    verdict = judge_quantity(NAME, posture.hand_at_face_share, limits)
    if verdict.outcome == "fail" and encounter.on_phone_share:
        held = "the host was on the telephone, and a hand that holds a receiver is at the face"
        return indeterminate(NAME, limits, held, verdict.value)
    return verdict


CLAUSE = Clause(NAME, Encounter, judge)
