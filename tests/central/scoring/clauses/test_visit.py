"""A visit, clause by clause."""

import pytest

from central.scoring.clauses.visit import judge_visit
from central.scoring.verdict import Verdict
from protocol.measurements import Encounter
from protocol.standard import Standard
from tests.central.desk_facts import NO_SMILE, STANDARD, gaze, posture, q, reaction, smile, visit, with_limits

PROMPT = reaction("turned", 1.0)


def verdict(seen: Encounter, clause: str, standard: Standard = STANDARD) -> Verdict:
    return next(verdict for verdict in judge_visit(seen, standard) if verdict.clause == clause)


def outcome(seen: Encounter, clause: str, standard: Standard = STANDARD) -> str:
    return verdict(seen, clause, standard).outcome


def test_a_visit_as_the_house_wants_it_meets_every_clause() -> None:
    seen = visit(PROMPT, smile=smile(), gaze=gaze(), posture=posture())
    outcomes = {each.clause: each.outcome for each in judge_visit(seen, STANDARD)}
    assert set(outcomes.values()) == {"pass"}
    assert len(outcomes) == 10


def test_what_the_standard_leaves_open_is_not_judged() -> None:
    only_response = Standard(name="plain", version=1, title="Plain")
    seen = visit(PROMPT, smile=smile(), gaze=gaze(), posture=posture())
    assert [each.clause for each in judge_visit(seen, only_response)] == ["respond.within_s"]


def test_what_a_desk_does_not_measure_does_not_apply() -> None:
    rest = judge_visit(visit(PROMPT), STANDARD)[1:]
    assert {each.outcome for each in rest} == {"not_applicable"}


def test_two_houses_want_different_smiles() -> None:
    seen = visit(PROMPT, smile=smile(teeth=q(9.0, 0.2)))
    assert outcome(seen, "smile.teeth") == "pass"
    assert outcome(seen, "smile.teeth", with_limits(smile={"teeth": {"max": 4}})) == "fail"


@pytest.mark.parametrize("clause", ["smile.lift_cm", "smile.teeth", "smile.hold_s"])
def test_no_smile_misses_every_minimum(clause: str) -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE), clause) == "fail"


def test_no_smile_does_not_break_a_maximum() -> None:
    quiet = with_limits(smile={"teeth": {"max": 4}})
    assert outcome(visit(PROMPT, smile=NO_SMILE), "smile.teeth", quiet) == "not_applicable"


def test_a_host_who_was_hardly_seen_may_have_smiled() -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE, host_coverage=0.3), "smile.hold_s") == "indeterminate"


def test_while_the_resting_face_is_being_learnt_lift_decides_nothing() -> None:
    learning = visit(PROMPT, smile=smile(baseline="learning"))
    assert outcome(learning, "smile.lift_cm") == "indeterminate"
    assert outcome(learning, "smile.teeth") == "pass"
    unsmiling = NO_SMILE.model_copy(update={"baseline": "learning"})
    assert outcome(visit(PROMPT, smile=unsmiling), "smile.hold_s") == "indeterminate"


def test_teeth_that_were_too_small_to_count_decide_nothing() -> None:
    assert outcome(visit(PROMPT, smile=smile(teeth=None)), "smile.teeth") == "indeterminate"


def test_a_short_smile_is_judged_by_its_longest_stretch() -> None:
    seen = visit(PROMPT, smile=smile(held_s=3.0, longest_s=1.0))
    assert outcome(seen, "smile.hold_s") == "fail"


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


def test_work_resumed_when_the_customer_was_out_of_sight_was_not_resumed_too_early() -> None:
    away = posture(resumed_work_m=q(3.5, 0.2, coverage=0.0))
    assert outcome(visit(PROMPT, posture=away), "work.resume_work_m") == "pass"
    both = with_limits(work={"resume_work_m": {"min": 2.0, "max": 5.0}})
    assert outcome(visit(PROMPT, posture=away), "work.resume_work_m", both) == "indeterminate"


def test_work_is_resumed_within_seconds_of_the_leaving() -> None:
    soon = with_limits(work={"resume_within_s": {"max": 10}})
    seen = visit(PROMPT, posture=posture(), resumed_work_s=130.0)
    assert verdict(seen, "work.resume_within_s", soon).value == 5.0
    assert outcome(seen, "work.resume_within_s", soon) == "pass"
    late = visit(PROMPT, posture=posture(), resumed_work_s=160.0)
    assert outcome(late, "work.resume_within_s", soon) == "fail"
    assert outcome(visit(PROMPT, posture=posture()), "work.resume_within_s", soon) == "indeterminate"


@pytest.mark.parametrize(
    ("lean_deg", "expected"),
    [(0.5, "pass"), (-1.0, "pass"), (8.0, "pass"), (14.0, "indeterminate"), (20.0, "fail"), (-9.0, "fail")],
)
def test_sitting_upright_is_no_leaning_back(lean_deg: float, expected: str) -> None:
    seen = visit(PROMPT, posture=posture(forward_lean_deg=q(lean_deg, 1.5)))
    assert outcome(seen, "posture.forward_lean_deg") == expected


def test_a_customer_who_stood_still_shows_nothing_of_following() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(following_lag_s=None)), "gaze.following_lag_s") == "not_applicable"


def test_eyes_that_were_away_for_too_long_fail() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(longest_away_s=9.0)), "gaze.longest_away_s") == "fail"
    assert (
        outcome(visit(PROMPT, gaze=gaze(on_customer_share=q(0.3, 0.05))), "gaze.on_customer_share") == "fail"
    )
    assert (
        outcome(visit(PROMPT, gaze=gaze(on_customer_share=None)), "gaze.on_customer_share") == "indeterminate"
    )
