"""How long customers waited, under whichever standard is asked."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from central.scoring.verdict import Verdict
from central.scoring.wait import wait_under
from protocol.measurements import Encounter, ReactionKind
from protocol.standard import Respond
from tests.central.judged import verdict
from tests.worlds.desk_facts import NO_SMILE, reaction, visit, with_limits

ANY = Respond(within_s=5.0)
SMILE_ONLY = Respond(within_s=5.0, counts=("smiled",))


def judge_wait(seen: Encounter, respond: Respond) -> Verdict:
    return verdict(seen, "respond.within_s", with_limits(respond=respond))


KINDS: tuple[ReactionKind, ...] = ("turned", "smiled", "stood_up")


def test_a_customer_attended_to_soon_enough_passes() -> None:
    verdict = judge_wait(visit(reaction("turned", 2.0)), ANY)
    assert (verdict.outcome, verdict.value, verdict.se) == ("pass", 2.0, 0.03)


def test_a_customer_attended_to_too_late_fails() -> None:
    assert judge_wait(visit(reaction("turned", 6.0)), ANY).outcome == "fail"


def test_a_reaction_at_the_limit_cannot_be_told() -> None:
    assert judge_wait(visit(reaction("turned", 5.02)), ANY).outcome == "indeterminate"


def test_a_reaction_is_judged_with_the_error_of_the_coming_near_it_counts_from() -> None:
    seen = visit(reaction("turned", 4.6), came_near_se_s=0.3)
    assert judge_wait(visit(reaction("turned", 4.6)), ANY).outcome == "pass"
    assert (judge_wait(seen, ANY).outcome, judge_wait(seen, ANY).se) == ("indeterminate", 0.3)
    assert judge_wait(visit(reaction("turned", 4.6, se_s=0.4), came_near_se_s=0.3), ANY).se == 0.4


def test_a_customer_who_left_is_judged_with_the_errors_of_coming_and_leaving() -> None:
    exact = visit(wait_s=5.4, ended="customer_left", came_near_se_s=0.06, left_se_s=0.08)
    rough = visit(wait_s=5.4, ended="customer_left", came_near_se_s=0.3, left_se_s=0.4)
    assert judge_wait(exact, ANY).outcome == "fail"
    assert judge_wait(rough, ANY).outcome == "indeterminate"
    assert judge_wait(exact, ANY).se == pytest.approx(0.1)
    assert judge_wait(visit(wait_s=5.4, ended="customer_left"), ANY).se == 0.35


def test_a_host_who_was_turned_long_before_made_nobody_wait_however_unsure_the_coming_near_is() -> None:
    soon = with_limits(respond=Respond(within_s=0.5))
    long_before = visit(reaction("turned", -6.0), came_near_se_s=0.4)
    just_before = visit(reaction("turned", -0.1), came_near_se_s=0.4)
    assert verdict(long_before, "respond.within_s", soon).outcome == "pass"
    assert verdict(just_before, "respond.within_s", soon).outcome == "indeterminate"


def test_a_host_who_was_already_turned_made_nobody_wait() -> None:
    assert wait_under(visit(reaction("turned", -1.5)), ANY).seconds == 0.0


def test_which_reactions_count_is_decided_by_the_standard_asked_not_by_the_desks() -> None:
    seen = visit(reaction("turned", 2.0), reaction("smiled", 7.0))
    assert wait_under(seen, ANY).kind == "turned"
    assert wait_under(seen, SMILE_ONLY).kind == "smiled"
    assert judge_wait(seen, ANY).outcome == "pass"
    assert judge_wait(seen, SMILE_ONLY).outcome == "fail"


def test_a_reaction_that_does_not_count_leaves_the_customer_waiting_until_they_leave() -> None:
    wait = wait_under(visit(reaction("turned", 2.0)), SMILE_ONLY)
    assert (wait.seconds, wait.end, wait.censored) == (25.0, "left", True)
    assert judge_wait(visit(reaction("turned", 2.0), smile=NO_SMILE), SMILE_ONLY).outcome == "fail"


def test_where_smiles_are_not_measured_nobody_fails_a_standard_that_counts_nothing_else() -> None:
    unmeasured = judge_wait(visit(reaction("turned", 2.0)), SMILE_ONLY)
    assert (unmeasured.outcome, unmeasured.reason) == (
        "indeterminate",
        "only a smile counts as a reaction, and smiles are not measured here",
    )


def test_a_customer_who_left_after_the_limit_was_failed() -> None:
    verdict = judge_wait(visit(wait_s=12.0, ended="customer_left"), ANY)
    assert verdict.outcome == "fail"
    assert "left" in verdict.reason


def test_a_customer_who_left_before_the_limit_tells_nothing_and_is_not_dropped() -> None:
    gone = visit(wait_s=3.0, ended="customer_left")
    assert judge_wait(gone, ANY).outcome == "indeterminate"
    assert judge_wait(gone, ANY).value == 3.0
    assert wait_under(gone, ANY).censored


def test_an_unseen_host_is_neither_passed_nor_failed() -> None:
    unseen = visit(wait_s=20.0, ended="not_observed", host_coverage=0.1)
    assert judge_wait(unseen, ANY).outcome == "indeterminate"
    assert not wait_under(unseen, ANY).censored


def test_a_reaction_in_time_passes_although_the_host_was_hardly_seen() -> None:
    assert judge_wait(visit(reaction("smiled", 2.0), host_coverage=0.2), ANY).outcome == "pass"


@pytest.mark.parametrize(
    "late", [visit(reaction("smiled", 9.0), host_coverage=0.2), visit(host_coverage=0.2)]
)
def test_too_late_needs_a_host_who_was_seen(late: Encounter) -> None:
    assert judge_wait(late, ANY).outcome == "indeterminate"


def test_a_desk_switched_off_while_somebody_had_waited_too_long_still_failed_them() -> None:
    long = visit(wait_s=20.0, ended="not_observed", ended_by="end", left_s=None)
    short = visit(wait_s=2.0, ended="not_observed", ended_by="end", left_s=None)
    assert wait_under(long, ANY).end == "cut"
    assert judge_wait(long, ANY).outcome == "fail"
    assert judge_wait(short, ANY).outcome == "indeterminate"


@given(
    st.dictionaries(st.sampled_from(KINDS), st.floats(-5, 30), max_size=3),
    st.sets(st.sampled_from(KINDS), min_size=1),
    st.sets(st.sampled_from(KINDS), min_size=1),
)
@example({"smiled": 1.3e-54, "turned": 0.0}, {"turned"}, {"smiled"})
def test_a_standard_that_counts_more_kinds_never_makes_a_wait_longer(
    delays: dict[ReactionKind, float], few: set[ReactionKind], more: set[ReactionKind]
) -> None:
    seen = visit(*(reaction(kind, delay_s) for kind, delay_s in delays.items()))
    narrow, wide = Respond(counts=tuple(few)), Respond(counts=tuple(few | more))
    assert (
        wait_under(seen, wide).seconds <= wait_under(seen, narrow).seconds
        or wait_under(seen, narrow).censored
    )
