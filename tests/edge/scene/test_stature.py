"""How large somebody is is learnt while their feet are in view, and tells how near they are when the desk hides them."""

import math

import pytest

from edge.observation import PEOPLE_SIZE_SE, Box, Estimate, Person
from edge.scene.stature import Stature
from tests.worlds.walkers import Sight, Walk, film

SIGMA_90 = 1.645
BOX = Box(0.4, 0.2, 0.6, 0.9)


def sighting(size_m: float, floor_m: float | None) -> Person:
    cues = ("body",) if floor_m is None else ("body", "floor")
    floor = None if floor_m is None else Estimate(floor_m, 0.15)
    return Person(BOX, 0.5, cues=cues, size_m=Estimate(size_m, 0.1), floor_m=floor)


def test_before_the_feet_are_seen_a_person_may_be_of_any_size() -> None:
    stature = Stature()
    stature.learn(sighting(3.0, None))
    assert stature.log_size == Estimate(0.0, PEOPLE_SIZE_SE)
    assert stature.range_m(sighting(3.0, None)) is None


def test_a_tall_person_is_known_to_be_one_when_their_feet_are_hidden_again() -> None:
    stature = Stature()
    for _ in range(20):
        stature.learn(sighting(2.6, 3.0))
    told = stature.range_m(sighting(1.3, None))
    assert told is not None
    assert abs(told.value - 1.5) < SIGMA_90 * told.se
    assert told.value == pytest.approx(1.5, rel=0.05)
    assert told.se < 0.15


def test_sightings_take_nothing_from_what_the_camera_is_tilted_by() -> None:
    stature = Stature()
    for _ in range(1000):
        stature.learn(sighting(2.6, 3.0))
    assert stature.log_size.se > 0.04


def test_feet_that_disagreed_with_everything_else_teach_nothing() -> None:
    stature = Stature()
    behind_a_bench = Person(BOX, 0.5, cues=("body",), size_m=Estimate(3.0, 0.1), floor_m=Estimate(6.0, 0.3))
    stature.learn(behind_a_bench)
    assert stature.range_m(behind_a_bench) is None


@pytest.mark.parametrize("stature_m", [1.2, 1.5, 1.69, 1.9, 2.0])
def test_the_distance_of_a_tall_or_a_short_customer_holds_all_the_way_to_the_desk(stature_m: float) -> None:
    walk = Walk([(0.0, 0.2, 5.0), (3.5, 0.2, 1.2), (7.0, 0.2, 1.2)], stature_m=stature_m)
    held = []
    for t_s, track in film([walk], 7.0, Sight(rate_hz=5.0)).only():
        who = walk.at(t_s)
        if who is not None and track.visible and track.distance_m is not None and t_s > 1.0:
            off_m = track.distance_m.value - math.hypot(who.x_m, who.y_m)
            held.append(abs(off_m) <= SIGMA_90 * track.distance_m.se)
    assert sum(held) >= 0.85 * len(held)
