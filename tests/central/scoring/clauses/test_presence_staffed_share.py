"""A staffed desk, and what was not seen of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.scoring.staffing import Stretch, staffing
from protocol.standard import Limits, Presence
from tests.central.judged import verdict
from tests.worlds.desk_facts import with_limits

NINETEEN_OF_TWENTY = with_limits(presence=Presence(staffed_share=Limits(min=0.95)))


def outcome(*stretches: Stretch) -> str:
    return verdict(staffing(stretches), "presence.staffed_share", NINETEEN_OF_TWENTY).outcome


def staffed(seconds: float, coverage: float = 1.0) -> Stretch:
    return Stretch("desk-1/b/1", seconds, staffed=True, coverage=coverage)


def empty(seconds: float, coverage: float = 1.0) -> Stretch:
    return Stretch("desk-1/b/2", seconds, staffed=False, coverage=coverage)


def test_a_desk_staffed_for_long_enough_passes() -> None:
    assert outcome(staffed(96), empty(4)) == "pass"
    assert outcome(staffed(94), empty(6)) == "fail"


def test_time_that_was_not_seen_counts_for_neither_side() -> None:
    seen = staffing((staffed(90, coverage=0.9), empty(2)))
    unsure = verdict(seen, "presence.staffed_share", NINETEEN_OF_TWENTY)
    assert unsure.outcome == "indeterminate"
    assert unsure.value == pytest.approx(81 / 83)


def test_an_unseen_remainder_that_cannot_change_the_outcome_leaves_it_standing() -> None:
    assert outcome(staffed(50, coverage=0.98), empty(50)) == "fail"


def test_a_day_without_attendance_has_no_verdict_on_it() -> None:
    assert outcome() == "not_applicable"
    assert outcome(staffed(100, coverage=0.0)) == "not_applicable"


@given(st.floats(1, 1e5), st.floats(0, 1e5), st.floats(0, 1), st.sampled_from(["staffed", "empty"]))
def test_seeing_more_never_turns_one_verdict_into_the_other(
    staffed_s: float, empty_s: float, coverage: float, unseen_was: str
) -> None:
    before = outcome(staffed(staffed_s, coverage), empty(empty_s))
    unseen_s = staffed_s * (1 - coverage)
    seen = Stretch("desk-1/b/3", unseen_s, staffed=unseen_was == "staffed", coverage=1.0)
    after = outcome(staffed(staffed_s * coverage), empty(empty_s), seen)
    assert {before, after} != {"pass", "fail"}
