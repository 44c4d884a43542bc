"""The light counts the rings."""

from edge.phone.cue import RingLimits, RingUrgency, ring_urgency


def light(limits: RingLimits, rings: int = 5) -> list[RingUrgency]:
    return [ring_urgency(number, limits) for number in range(1, rings + 1)]


def test_by_the_third_ring_is_calm_then_urgent_at_the_third_then_late() -> None:
    assert light(RingLimits(max_rings=3)) == ["calm", "calm", "urgent", "late", "late"]


def test_within_three_completed_rings_the_fourth_is_the_last_chance() -> None:
    assert light(RingLimits(max_rings=3, counting="completed")) == ["calm", "calm", "calm", "urgent", "late"]


def test_after_three_rings_is_early_until_three_are_over() -> None:
    assert light(RingLimits(min_rings=3, counting="completed")) == ["early", "early", "early", "calm", "calm"]


def test_not_before_the_second_and_by_the_third() -> None:
    assert light(RingLimits(min_rings=2, max_rings=3)) == ["early", "calm", "urgent", "late", "late"]


def test_a_single_allowed_ring_is_urgent_at_once() -> None:
    assert light(RingLimits(max_rings=1), 2) == ["urgent", "late"]


def test_without_limits_the_light_stays_calm() -> None:
    assert set(light(RingLimits())) == {"calm"}
