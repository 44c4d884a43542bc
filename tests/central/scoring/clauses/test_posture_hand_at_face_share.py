"""How much of the time a hand is at the face."""

import pytest

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import posture, q, visit, with_limits

CLAUSE = "posture.hand_at_face_share"
AT_MOST_A_TENTH = with_limits(posture={"hand_at_face_share": {"max": 0.1}})


@pytest.mark.parametrize(("share", "expected"), [(0.0, "pass"), (0.12, "indeterminate"), (0.4, "fail")])
def test_a_hand_is_kept_from_the_face(share: float, expected: str) -> None:
    seen = visit(PROMPT, posture=posture(hand_at_face_share=q(share, 0.03)))
    assert outcome(seen, CLAUSE, AT_MOST_A_TENTH) == expected


def test_a_receiver_at_the_ear_is_no_hand_to_blame() -> None:
    seen = visit(PROMPT, posture=posture(hand_at_face_share=q(0.4, 0.03)), on_phone_share=0.4)
    assert outcome(seen, CLAUSE, AT_MOST_A_TENTH) == "indeterminate"


def test_a_desk_from_before_the_measurement_is_not_judged_by_it() -> None:
    assert outcome(visit(PROMPT, posture=posture()), CLAUSE, AT_MOST_A_TENTH) == "not_applicable"
