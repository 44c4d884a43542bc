"""When a party came to a stand, and what becomes of a stand that was none."""

from dataclasses import replace

import pytest

from edge.encounter.machine import EncounterMachine
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import Box, Estimate, Place
from edge.scene.scene_now import SceneNow, Track
from protocol.measurements import Encounter
from tests.worlds.visits import STANDARD, Walker, does, run, visitor

STEP_S = 0.1


def standing(id_: int, t_s: float, since_s: float | None, until_s: float | None = None) -> Track:
    """Somebody near since 1 s at a moment, who is said to stand since then."""
    return Track(
        id=id_,
        first_seen_s=0.0,
        last_seen_s=t_s,
        box=Box(0.4, 0.1, 0.6, 0.9),
        place=Place(0.4 * id_, 1.5, 0.1),
        distance_m=Estimate(1.5, 0.1),
        speed_m_s=None,
        near=True,
        near_since_s=1.0,
        gone_since_s=None,
        stands=since_s is not None,
        stood_since_s=since_s,
        visible=True,
        stood_since_se_s=0.2,
        stood_until_s=until_s,
    )


def encounters(*script: tuple[float, dict[int, tuple[float | None, float | None]]]) -> list[Encounter]:
    """What is reported of people of whom is said, from each moment on, since when and until when they stood."""
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    until_s = script[-1][0]
    for step in range(round(until_s / STEP_S)):
        t_s = step * STEP_S
        said = [people for from_s, people in script if from_s <= t_s]
        tracks = tuple(standing(id_, t_s, *stood) for id_, stood in (said[-1] if said else {}).items())
        machine.step(SceneNow(t_s, True, tracks, ()), HostNow(t_s, observed=False), None, t_s)
    return machine.finish(until_s)


def test_a_party_stopped_when_the_last_of_it_did() -> None:
    (encounter,) = encounters(
        (1.2, {1: (None, None), 2: (None, None)}),
        (2.0, {1: (2.0, None), 2: (None, None)}),
        (3.1, {1: (2.0, None), 2: (3.1, None)}),
        (9.0, {}),
    )
    assert encounter.party_size == 2
    assert encounter.stopped_s == pytest.approx(3.1)


def test_one_of_a_party_who_wanders_on_does_not_date_its_stop() -> None:
    (encounter,) = encounters(
        (1.2, {1: (None, None), 2: (None, None)}),
        (2.0, {1: (2.0, None), 2: (2.2, None)}),
        (4.0, {1: (2.0, None), 2: (None, 4.0)}),
        (12.0, {1: (2.0, None), 2: (12.0, None)}),
        (20.0, {}),
    )
    assert encounter.stopped_s == pytest.approx(2.2)


def test_a_stand_that_is_dated_anew_is_reported_by_its_new_date() -> None:
    (encounter,) = encounters((1.2, {1: (1.5, None)}), (4.0, {1: (3.6, None)}), (9.0, {}))
    assert encounter.stopped_s == pytest.approx(3.6)
    assert encounter.confirmed_s < 3.6


def test_a_stand_that_was_walking_is_replaced_by_the_stand_that_followed() -> None:
    (encounter,) = encounters(
        (1.2, {1: (1.5, None)}), (4.0, {1: (None, 1.6)}), (6.0, {1: (6.0, None)}), (9.0, {})
    )
    assert encounter.stopped_s == pytest.approx(6.0)


def test_somebody_whose_only_stand_was_a_slow_walk_is_no_visit() -> None:
    assert encounters((1.2, {1: (1.5, None)}), (4.0, {1: (None, 1.6)}), (8.0, {})) == []


def test_visits_are_numbered_without_a_hole_where_one_was_taken_back() -> None:
    reported = encounters(
        (1.2, {1: (1.5, None)}),
        (4.0, {1: (None, 1.6)}),
        (8.0, {}),
        (60.0, {2: (58.0, None)}),
        (70.0, {}),
    )
    assert [each.visit for each in reported] == [1]


def test_a_second_stand_of_the_same_visit_leaves_the_first_its_date() -> None:
    (encounter,) = encounters(
        (1.2, {1: (1.5, None)}), (6.0, {1: (None, 6.0)}), (8.0, {1: (8.0, None)}), (12.0, {})
    )
    assert encounter.stopped_s == pytest.approx(1.5)


@pytest.mark.parametrize("speed_m_s", [0.25, 0.4])
def test_a_customer_who_passes_slowly_is_no_visitor_however_long_it_takes(speed_m_s: float) -> None:
    past = Walker(1, ((5.0, -4.0, 2.0), (5.0 + 8.0 / speed_m_s, 4.0, 2.0)))
    assert run(past, until=60.0).encounters == []


def test_a_customer_who_passes_slowly_where_the_floor_is_unknown_is_none_either() -> None:
    past = Walker(1, ((5.0, -3.0, 2.0), (30.0, 3.0, 2.0)))
    assert run(replace(past, floor_known=False), until=60.0).encounters == []


def test_how_long_somebody_waits_who_was_there_before_the_desk_could_see_is_not_known() -> None:
    there = Walker(1, ((0.0, 0.0, 1.5), (30.0, 0.0, 1.5)))
    told = run(there, host=does(), until=30.0)
    assert told.only.wait_ended_by == "not_observed"
    assert all(now.wait_unknown for t_s, views in told.views if t_s > 2.0 for now in views)


def test_how_long_somebody_waits_while_the_host_is_out_of_sight_for_long_is_not_known() -> None:
    told = run(visitor(1, comes=10.0, leaves=40.0), host=does(unseen=((20.0, 25.0),)))
    assert [now.wait_unknown for now in told.view(19.0)] == [False]
    assert [now.wait_unknown for now in told.view(30.0)] == [True]
