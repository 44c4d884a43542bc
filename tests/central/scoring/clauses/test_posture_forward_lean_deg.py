"""How far the host leans."""

import pytest

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import posture, q, visit


@pytest.mark.parametrize(
    ("lean_deg", "expected"),
    [(0.5, "pass"), (-1.0, "pass"), (8.0, "pass"), (14.0, "indeterminate"), (20.0, "fail"), (-9.0, "fail")],
)
def test_sitting_upright_is_no_leaning_back(lean_deg: float, expected: str) -> None:
    seen = visit(PROMPT, posture=posture(forward_lean_deg=q(lean_deg, 1.5)))
    assert outcome(seen, "posture.forward_lean_deg") == expected
