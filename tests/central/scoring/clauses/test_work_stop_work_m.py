"""Where work is put down."""

import pytest

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import posture, q, visit, with_limits


@pytest.mark.parametrize(
    ("metres", "expected"), [(2.4, "pass"), (1.0, "fail"), (4.0, "fail"), (1.6, "indeterminate")]
)
def test_work_stops_while_the_customer_is_within_the_range(metres: float, expected: str) -> None:
    seen = visit(PROMPT, posture=posture(stopped_work_m=q(metres, 0.15)))
    assert outcome(seen, "work.stop_work_m") == expected


def test_work_that_never_stopped_for_a_customer_at_the_desk_fails() -> None:
    seen = visit(PROMPT, posture=posture(stopped_work_s=None, stopped_work_m=None))
    assert outcome(seen, "work.stop_work_m") == "fail"


def test_who_had_no_work_in_hand_had_none_to_stop() -> None:
    idle = posture(working_at_arrival=False, stopped_work_s=None, stopped_work_m=None)
    assert outcome(visit(PROMPT, posture=idle), "work.stop_work_m") == "not_applicable"
    unknown = posture(working_at_arrival=None, stopped_work_s=None, stopped_work_m=None)
    assert outcome(visit(PROMPT, posture=unknown), "work.stop_work_m") == "indeterminate"


def test_without_the_distance_at_that_moment_the_visits_range_bounds_it() -> None:
    seen = visit(PROMPT, posture=posture(stopped_work_m=None))
    assert outcome(seen, "work.stop_work_m") == "indeterminate"
    wide = with_limits(work={"stop_work_m": {"min": 0.5, "max": 3.5}})
    assert outcome(seen, "work.stop_work_m", wide) == "pass"
