"""``auto`` learns how its line rings, and says how sure it is."""

from edge.cadence.cadence import find_profile
from edge.phone.learning import CALLS_KEPT, CadenceLearner
from edge.phone.measured_cadence import MeasuredCadence


def call(*ring_s: float, pause_s: float, pauses: int = 2) -> MeasuredCadence:
    return MeasuredCadence(ring_s, pause_s, (), pauses)


def learner(*calls: MeasuredCadence, profile: str = "auto") -> CadenceLearner:
    found = CadenceLearner(find_profile(profile), stretches=False)
    for one in calls:
        found.learn(one)
    return found


def test_before_the_first_call_nothing_is_claimed() -> None:
    estimate = learner().estimate()
    assert (estimate.name, estimate.confidence, estimate.calls) == ("auto", 0.0, 0)
    assert learner().typical is None


def test_the_cadence_is_named_by_its_times_with_everyone_who_rings_so() -> None:
    estimate = learner(call(2.0, pause_s=4.0)).estimate()
    assert estimate.name == "2/4"
    assert {"US", "CA", "MX"} <= set(estimate.profiles)


def test_more_pauses_make_surer() -> None:
    once = learner(call(2.0, pause_s=4.0, pauses=1)).estimate()
    often = learner(*[call(2.0, pause_s=4.0)] * 4).estimate()
    assert once.confidence < 0.5
    assert often.confidence > 0.8


def test_one_pause_is_not_enough_to_rely_on() -> None:
    assert learner(call(1.0, pause_s=4.0, pauses=1)).typical is None
    assert learner(call(1.0, pause_s=4.0, pauses=2)).typical is not None


def test_a_cadence_of_nobody_is_told_as_heard_with_no_confidence() -> None:
    estimate = learner(*[call(3.0, pause_s=6.5)] * 3).estimate()
    assert (estimate.name, estimate.confidence) == ("3/6.5", 0.0)


def test_a_few_distinctive_calls_do_not_change_what_the_line_usually_does() -> None:
    usual, distinctive = call(1.0, pause_s=4.0), call(0.8, 0.4, 0.8, pause_s=4.0)
    assert learner(usual, distinctive, usual, usual).estimate().name == "1/4"


def test_a_line_moved_to_another_exchange_is_learned_anew() -> None:
    moved = learner(*[call(2.0, pause_s=4.0)] * CALLS_KEPT, *[call(0.4, 0.2, 0.4, pause_s=2.0)] * CALLS_KEPT)
    assert moved.estimate().name == "0.4/0.2/0.4/2"


def test_a_named_profile_keeps_its_name_and_is_doubted_when_the_line_rings_otherwise() -> None:
    estimate = learner(*[call(0.4, 0.2, 0.4, pause_s=2.0)] * 3, profile="US").estimate()
    assert (estimate.name, estimate.fit, estimate.confidence) == ("US", 0.0, 0.0)
    assert estimate.measured == "0.4/0.2/0.4/2"


def test_calls_without_a_pause_teach_nothing() -> None:
    assert learner(MeasuredCadence((0.2,), None, (), 0)).estimate().calls == 0
