"""What the customers' camera did not see is not invented."""

import pytest

from edge.encounter.machine import EncounterMachine
from edge.host.host_meter import HostMeter
from tests.worlds.visits import STANDARD, IdealScene, Walker, does, run, visitor

STAYS = visitor(1, comes=10.0, leaves=60.0)


def test_a_customer_found_again_in_the_same_spot_after_a_short_failure_is_one_visit() -> None:
    encounter = run(STAYS, blind=((20.0, 30.0),), until=100.0).only
    assert encounter.ended_by == "left"
    assert encounter.left_s == pytest.approx(60.0, abs=0.2)
    assert encounter.coverage.customer == pytest.approx(0.8, abs=0.03)


def test_a_visit_during_which_the_camera_fails_for_long_ends_with_a_gap() -> None:
    told = run(STAYS, blind=((20.0, 55.0),), until=100.0)
    first = told.encounters[0]
    assert first.ended_by == "gap"
    assert first.left_s is None
    assert first.end_s == first.last_seen_s == pytest.approx(20.0, abs=0.2)
    assert first.wait_ended_by == "not_observed"
    assert first.wait_s == pytest.approx(10.0, abs=0.3)


def test_who_is_near_when_the_camera_is_back_was_not_seen_coming() -> None:
    told = run(STAYS, blind=((20.0, 50.0),), until=100.0, host=does((52.0, {"turned": True})))
    second = told.encounters[1]
    assert second.came_near_s == pytest.approx(50.0, abs=0.2)
    assert second.wait_ended_by == "not_observed"
    assert second.wait_s == 0.0
    assert second.left_s == pytest.approx(60.0, abs=0.2)


def test_who_stands_there_when_the_desk_is_switched_on_was_not_seen_coming() -> None:
    stands = Walker(1, ((0.0, 0.0, 1.0), (20.0, 0.0, 1.0), (25.0, 0.0, 6.0)))
    encounter = run(stands, host=does((3.0, {"smiling": True}))).only
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.reactions == ()


def test_a_customer_who_left_during_the_failure_is_not_seen_leaving() -> None:
    leaves = visitor(1, comes=10.0, leaves=25.0)
    encounter = run(leaves, blind=((20.0, 35.0),), until=100.0).only
    assert encounter.ended_by == "gap"
    assert encounter.left_s is None


def test_a_failure_told_at_once_ends_no_visit_at_once() -> None:
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    scene, host = IdealScene(STANDARD, [STAYS]), does()
    for index in range(200):
        assert machine.step(scene.at(index / 10), host.at(index / 10), None) == []
    machine.gap(19.9)
    assert [each.number for each in machine.current()] == [1]
    for index in range(200, 405):
        over = machine.step(scene.at(index / 10, observed=False), host.at(index / 10), None)
        if over:
            break
    assert [each.ended_by for each in over] == ["gap"]
    assert index / 10 == pytest.approx(40.0, abs=0.3)
    assert machine.finish(50.0) == []


def test_a_candidate_lost_in_a_failure_is_no_encounter() -> None:
    assert run(visitor(1, comes=10.0, leaves=60.0), blind=((11.0, 70.0),), until=100.0).encounters == []


def test_the_host_camera_failing_invents_no_reaction_and_no_absence() -> None:
    host = does((12.0, {"present": False}), (20.0, {"present": True, "turned": True}), unseen=((11.0, 70.0),))
    encounter = run(STAYS, host=host, until=100.0).only
    assert encounter.reactions == ()
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.wait_s == pytest.approx(1.0, abs=0.2)
    assert encounter.host_at_arrival == "present"
    assert encounter.posture is None or encounter.posture.resumed_work_s is None


def test_time_passes_though_neither_camera_delivers() -> None:
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    scene, host = IdealScene(STANDARD, [STAYS]), does()
    for index in range(200):
        machine.step(scene.at(index / 10), host.at(index / 10), None)
    dark, last = scene.at(20.0, observed=False), host.at(19.9)
    assert machine.step(dark, last, None, t_s=30.0) == []
    over = machine.step(dark, last, None, t_s=41.0)
    assert [each.ended_by for each in over] == ["gap"]
    assert over[0].end_s == pytest.approx(19.9)
