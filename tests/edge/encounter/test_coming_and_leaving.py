"""Who is a visitor, from when to when."""

from dataclasses import replace

import pytest

from protocol.measurements import Encounter
from tests.worlds.visits import Walker, run, visitor


def test_a_customer_who_walks_up_stands_and_leaves_is_one_encounter() -> None:
    encounter = run(visitor(1, comes=10.0, leaves=30.0), until=80.0).only
    assert encounter.visit == 1
    assert encounter.came_near_s == pytest.approx(10.0, abs=0.11)
    assert encounter.stopped_s == pytest.approx(12.0, abs=0.11)
    assert encounter.left_s == pytest.approx(30.0, abs=0.11)
    assert encounter.ended_by == "left"
    assert encounter.end_s == encounter.left_s
    assert encounter.last_seen_s == pytest.approx(31.5, abs=0.11)


def test_the_visit_begins_at_the_standards_approach_distance() -> None:
    encounter = run(visitor(1, comes=10.0, leaves=30.0)).only
    assert encounter.came_near_m is not None
    assert encounter.came_near_m.value == pytest.approx(3.0, abs=0.1)
    assert encounter.closest_m is not None
    assert encounter.closest_m.value == pytest.approx(1.0, abs=0.01)
    assert encounter.standard == "house@1"


def test_a_visit_is_confirmed_when_the_customer_has_stood_for_the_dwell_time() -> None:
    told = run(visitor(1, comes=10.0, leaves=30.0))
    encounter = told.only
    assert encounter.confirmed_s == pytest.approx(13.0, abs=0.21)
    assert [visit.confirmed for visit in told.view(11.0)] == [False]
    assert [visit.confirmed for visit in told.view(13.5)] == [True]


def test_a_customer_who_walks_past_is_no_encounter() -> None:
    past = Walker(1, ((5.0, -5.0, 2.0), (13.0, 5.0, 2.0)))
    told = run(past)
    assert told.encounters == []
    assert [visit.confirmed for visit in told.view(9.0)] == [False]
    assert told.view(14.0) == ()


def test_a_customer_who_lingers_outside_is_no_encounter() -> None:
    lingers = Walker(1, ((5.0, 0.0, 6.0), (8.0, 0.0, 3.3), (40.0, 0.0, 3.3), (43.0, 0.0, 6.0)))
    told = run(lingers)
    assert told.encounters == []
    assert all(view == () for _, view in told.views)


def test_a_customer_who_pauses_for_less_than_the_dwell_time_is_no_encounter() -> None:
    pauses = Walker(1, ((5.0, -4.0, 2.0), (9.0, 0.0, 2.0), (9.6, 0.0, 2.0), (13.6, 4.0, 2.0)))
    assert run(pauses).encounters == []


def test_a_customer_who_shuffles_about_near_the_desk_is_an_encounter_that_never_stood() -> None:
    shuffles = [(10.0 + index, 0.5 * (-1) ** index, 2.0) for index in range(20)]
    encounter = run(Walker(1, ((8.0, 0.0, 5.0), *shuffles, (33.0, 0.0, 5.0)))).only
    assert encounter.stopped_s is None
    assert encounter.confirmed_s == pytest.approx(encounter.came_near_s + 10.0, abs=0.2)


def test_a_customer_who_sways_across_the_leaving_line_has_not_left() -> None:
    sways = Walker(
        1,
        (
            (5.0, 0.0, 5.0),
            (9.0, 0.0, 2.0),
            (20.0, 0.0, 2.0),
            (22.0, 0.0, 3.6),
            (22.7, 0.0, 2.0),
            (30.0, 0.0, 2.0),
            (34.0, 0.0, 6.0),
        ),
    )
    encounter = run(sways).only
    assert encounter.left_s == pytest.approx(31.5, abs=0.2)


def test_a_customer_who_comes_back_later_is_a_second_visit() -> None:
    returns = Walker(
        1,
        (
            (5.0, 0.0, 5.0),
            (9.0, 0.0, 2.0),
            (20.0, 0.0, 2.0),
            (24.0, 0.0, 6.0),
            (30.0, 0.0, 6.0),
            (34.0, 0.0, 2.0),
            (50.0, 0.0, 2.0),
            (54.0, 0.0, 6.0),
        ),
    )
    told = run(returns, until=100.0)
    assert [encounter.visit for encounter in told.encounters] == [1, 2]
    assert [round(encounter.came_near_s) for encounter in told.encounters] == [8, 33]


def test_customers_one_after_another_are_separate_visits() -> None:
    told = run(
        visitor(1, comes=5.0, leaves=15.0),
        visitor(2, comes=18.0, leaves=30.0),
        visitor(3, comes=34.0, leaves=45.0),
        until=90.0,
    )
    assert [encounter.visit for encounter in told.encounters] == [1, 2, 3]
    assert [encounter.simultaneous_max for encounter in told.encounters] == [1, 1, 1]


def test_customers_at_once_who_stand_apart_are_separate_visits() -> None:
    told = run(visitor(1, comes=5.0, leaves=30.0, x=-1.2), visitor(2, comes=6.0, leaves=25.0, x=1.2))
    assert {encounter.visit for encounter in told.encounters} == {1, 2}
    assert [encounter.party_size for encounter in told.encounters] == [1, 1]
    assert [encounter.simultaneous_max for encounter in told.encounters] == [2, 2]


def test_people_who_come_together_and_stay_together_are_one_party() -> None:
    encounter = run(
        visitor(1, comes=5.0, leaves=30.0, x=-0.4), visitor(2, comes=5.8, leaves=30.4, x=0.4)
    ).only
    assert encounter.party_size == 2
    assert encounter.simultaneous_max == 1
    assert encounter.came_near_s == pytest.approx(5.0, abs=0.2)
    assert encounter.left_s == pytest.approx(30.4, abs=0.3)


def test_a_party_is_told_by_the_picture_where_the_floor_is_unknown() -> None:
    # The scripts' boxes are 0.06 of the picture wide, and a person 0.5 m: 1 m of theirs is 0.125 of it.
    def two(apart_m: float) -> int:
        one = visitor(1, comes=5.0, leaves=30.0, x=-apart_m / 2)
        other = visitor(2, comes=5.4, leaves=30.0, x=apart_m / 2)
        return len(run(replace(one, floor_known=False), replace(other, floor_known=False)).encounters)

    assert two(0.8) == 1
    assert two(2.4) == 2


def test_one_of_a_party_leaving_early_does_not_end_the_visit() -> None:
    encounter = run(
        visitor(1, comes=5.0, leaves=15.0, x=-0.4), visitor(2, comes=5.5, leaves=40.0, x=0.4)
    ).only
    assert encounter.party_size == 2
    assert encounter.left_s == pytest.approx(40.0, abs=0.2)


def test_somebody_who_walks_past_beside_a_customer_is_no_party() -> None:
    past = Walker(2, ((3.5, 0.6, 5.0), (5.5, 0.6, 3.0), (6.5, 0.6, 2.0), (10.5, 5.0, 2.0)))
    encounter = run(visitor(1, comes=5.0, leaves=30.0), past).only
    assert encounter.party_size == 1


def test_somebody_who_comes_later_has_a_wait_of_their_own_however_close_they_stand() -> None:
    told = run(visitor(1, comes=5.0, leaves=40.0, x=0.0), visitor(2, comes=20.0, leaves=40.0, x=0.6))
    assert [encounter.party_size for encounter in told.encounters] == [1, 1]
    came_near_s = sorted(encounter.came_near_s for encounter in told.encounters)
    assert came_near_s == pytest.approx([5.0, 20.0], abs=0.11)


def test_somebody_who_queues_behind_a_customer_is_a_visit_of_their_own() -> None:
    told = run(visitor(1, comes=5.0, leaves=30.0), visitor(2, comes=15.0, leaves=40.0, stands_at=2.2))
    assert len(told.encounters) == 2
    assert all(isinstance(each, Encounter) and each.party_size == 1 for each in told.encounters)


def test_a_customer_hidden_for_a_while_is_one_visit() -> None:
    hidden = Walker(1, visitor(1, comes=5.0, leaves=40.0).waypoints, hidden=((15.0, 22.0), (30.0, 31.0)))
    encounter = run(hidden).only
    assert encounter.party_size == 1
    assert encounter.left_s == pytest.approx(40.0, abs=0.2)
    assert encounter.coverage.customer == pytest.approx(1 - 6.0 / 35.0, abs=0.05)


def test_a_customer_whose_track_breaks_while_walking_up_is_one_visit() -> None:
    broken = Walker(1, visitor(1, comes=5.0, leaves=40.0).waypoints, hidden=((6.0, 6.5),))
    encounter = run(broken).only
    assert encounter.came_near_s == pytest.approx(5.0, abs=0.11)


def test_a_customer_who_is_not_seen_again_is_lost_when_last_seen() -> None:
    vanishes = Walker(1, ((3.0, 0.0, 5.0), (7.0, 0.0, 1.0), (20.0, 0.0, 1.0)))
    encounter = run(vanishes, until=90.0).only
    assert encounter.ended_by == "lost"
    assert encounter.left_s is None
    assert encounter.end_s == encounter.last_seen_s == pytest.approx(20.0, abs=0.11)
    assert encounter.wait_s == pytest.approx(15.0, abs=0.3)
    assert encounter.wait_ended_by == "customer_left"


def test_another_customer_who_walks_up_to_the_same_spot_is_another_visit() -> None:
    told = run(
        Walker(1, ((3.0, 0.0, 5.0), (7.0, 0.0, 1.0), (20.0, 0.0, 1.0))),
        visitor(2, comes=24.0, leaves=40.0),
        until=90.0,
    )
    assert [encounter.visit for encounter in told.encounters] == [1, 2]


def test_a_visit_in_progress_at_the_days_end_is_measured_until_then() -> None:
    encounter = run(visitor(1, comes=5.0, leaves=40.0), until=20.0).only
    assert encounter.ended_by == "end"
    assert encounter.left_s is None
    assert encounter.end_s == pytest.approx(20.0, abs=0.11)


def test_a_candidate_at_the_days_end_is_no_encounter() -> None:
    assert run(visitor(1, comes=5.0, leaves=40.0), until=6.0).encounters == []
