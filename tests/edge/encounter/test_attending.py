"""How soon, and by what, a customer was attended to."""

from dataclasses import replace

import pytest

from edge.encounter.machine import EncounterMachine
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from protocol.standard import Respond
from tests.worlds.visits import NO_CAMERA, STANDARD, IdealScene, does, run, visitor

CUSTOMER = visitor(1, comes=10.0, leaves=40.0)


@pytest.mark.parametrize(
    ("state", "kind"), [("turned", "turned"), ("smiling", "smiled"), ("standing", "stood_up")]
)
def test_each_kind_of_reaction_ends_the_wait_at_its_own_time(state: str, kind: str) -> None:
    encounter = run(CUSTOMER, host=does((12.5, {state: True}))).only
    assert encounter.wait_ended_by == "reaction"
    assert encounter.reaction_kind == kind
    assert encounter.wait_s == pytest.approx(2.5, abs=0.11)
    assert [(each.kind, each.at_s) for each in encounter.reactions] == [(kind, 12.5)]


def test_the_standard_names_which_kinds_count() -> None:
    smiles_only = STANDARD.model_copy(update={"respond": Respond(within_s=5.0, counts=("smiled",))})
    host = does((12.0, {"turned": True}), (16.0, {"smiling": True}))
    encounter = run(CUSTOMER, host=host, standard=smiles_only).only
    assert [each.kind for each in encounter.reactions] == ["turned", "smiled"]
    assert encounter.reaction_kind == "smiled"
    assert encounter.wait_s == pytest.approx(6.0, abs=0.11)


def test_a_reaction_is_as_certain_as_the_looks_are_close() -> None:
    often = run(CUSTOMER, host=does((12.0, {"turned": True})), step_s=0.1).only.reactions[0]
    seldom = run(CUSTOMER, host=does((12.0, {"turned": True})), step_s=0.5).only.reactions[0]
    assert often.se_s == pytest.approx(0.1 * (2 / 12) ** 0.5, rel=0.01)
    assert seldom.se_s == pytest.approx(0.5 * (2 / 12) ** 0.5, rel=0.01)


def test_a_delay_is_no_surer_than_the_coming_near_and_the_reaction_it_lies_between() -> None:
    ideal = IdealScene(STANDARD, [CUSTOMER])
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    host = HostNow(0.0, observed=True, present=True, turned=False, smiling=False)
    for step in range(200):
        t_s = step * 0.1
        smiles = t_s > 11.95
        now = replace(
            host,
            t_s=t_s,
            smiling=smiles,
            smiling_since_s=12.0 if smiles else None,
            smiling_since_se_s=0.4 if smiles else None,
        )
        scene = ideal.at(t_s)
        unsure = tuple(replace(each, near_since_se_s=0.3) for each in scene.customers)
        machine.step(replace(scene, customers=unsure), now, None, t_s)
    (encounter,) = machine.finish(20.0)
    assert encounter.reactions[0].se_s == pytest.approx(0.5)


def test_a_reaction_before_the_visit_was_confirmed_keeps_its_time() -> None:
    told = run(CUSTOMER, host=does((10.8, {"smiling": True})))
    encounter = told.only
    assert encounter.confirmed_s > 12.5
    assert encounter.reactions[0].at_s == 10.8
    assert encounter.wait_s == pytest.approx(0.8, abs=0.11)


def test_a_host_who_rises_when_the_customer_comes_in_sight_reacted_before_they_were_near() -> None:
    encounter = run(CUSTOMER, host=does((9.0, {"standing": True}))).only
    assert encounter.reactions[0].delay_s == pytest.approx(-1.0, abs=0.11)
    assert encounter.wait_s == 0.0


def test_a_host_who_stands_all_day_has_not_stood_up_for_this_customer() -> None:
    encounter = run(CUSTOMER, host=does((2.0, {"standing": True}))).only
    assert encounter.reactions == ()


@pytest.mark.parametrize("state", ["turned", "smiling"])
def test_a_host_who_was_already_turned_or_smiling_did_not_keep_the_customer_waiting(state: str) -> None:
    encounter = run(CUSTOMER, host=does((4.0, {state: True}))).only
    assert encounter.reactions[0].delay_s == pytest.approx(-6.0, abs=0.11)
    assert encounter.wait_s == 0.0
    assert encounter.wait_ended_by == "reaction"


def test_a_host_who_has_been_turned_since_before_anybody_looked_reacted_without_delay() -> None:
    encounter = run(CUSTOMER, host=does((-1.0, {"turned": True}))).only
    assert encounter.reactions[0].delay_s == 0.0


def test_a_host_who_looked_away_before_the_customer_came_has_not_reacted() -> None:
    encounter = run(CUSTOMER, host=does((4.0, {"turned": True}), (9.0, {"turned": False}))).only
    assert encounter.reactions == ()


def test_a_customer_who_leaves_before_any_reaction_is_a_censored_wait() -> None:
    encounter = run(CUSTOMER).only
    assert encounter.wait_ended_by == "customer_left"
    assert encounter.reaction_kind is None
    assert encounter.wait_s == pytest.approx(30.0, abs=0.2)


def test_a_reaction_after_the_customer_left_is_none() -> None:
    encounter = run(CUSTOMER, host=does((41.0, {"turned": True, "smiling": True, "standing": True}))).only
    assert encounter.reactions == ()
    assert encounter.wait_ended_by == "customer_left"


def test_an_absent_host_keeps_the_customer_waiting_until_they_come() -> None:
    host = does((2.0, {"present": False}), (18.0, {"present": True, "turned": True}))
    encounter = run(CUSTOMER, host=host).only
    assert encounter.host_at_arrival == "absent"
    assert encounter.wait_s == pytest.approx(8.0, abs=0.11)


def test_a_host_who_never_comes_is_a_censored_wait_too() -> None:
    encounter = run(CUSTOMER, host=does((2.0, {"present": False}))).only
    assert encounter.host_at_arrival == "absent"
    assert encounter.wait_ended_by == "customer_left"
    assert encounter.coverage.host > 0.95


def test_a_present_host_is_told_apart() -> None:
    assert run(CUSTOMER).only.host_at_arrival == "present"


def test_a_host_on_the_phone_is_told_with_the_share_of_the_visit() -> None:
    encounter = run(CUSTOMER, on_phone=lambda t_s: 5.0 <= t_s < 25.0).only
    assert encounter.host_at_arrival == "on_phone"
    assert encounter.on_phone_share == pytest.approx(0.5, abs=0.02)


def test_without_a_hook_switch_nothing_is_said_about_the_phone() -> None:
    assert run(CUSTOMER).only.on_phone_share is None


def test_a_host_who_faces_the_customers_while_on_the_phone_reacts_by_turning_anew() -> None:
    host = does((2.0, {"turned": True}), (13.0, {"turned": False}), (14.0, {"turned": True}))
    encounter = run(CUSTOMER, host=host, on_phone=lambda t_s: 5.0 <= t_s < 25.0).only
    assert encounter.wait_s == pytest.approx(4.0, abs=0.11)


def test_a_host_who_faces_the_customers_while_on_the_phone_reacts_at_the_latest_by_hanging_up() -> None:
    host = does((2.0, {"turned": True}))
    encounter = run(CUSTOMER, host=host, on_phone=lambda t_s: 5.0 <= t_s < 25.0).only
    assert encounter.wait_s == pytest.approx(15.0, abs=0.11)


def test_a_host_with_another_customer_attends_to_the_next_when_the_first_has_left() -> None:
    first = visitor(1, comes=10.0, leaves=40.0, x=-1.2)
    second = visitor(2, comes=20.0, leaves=60.0, x=1.2)
    told = run(first, second, host=does((12.0, {"turned": True})), until=100.0)
    one, two = sorted(told.encounters, key=lambda each: each.came_near_s)
    assert one.host_at_arrival == "present"
    assert one.wait_s == pytest.approx(12.0 - one.came_near_s)
    assert two.host_at_arrival == "with_customer"
    assert one.left_s is not None
    assert two.wait_s == pytest.approx(one.left_s - two.came_near_s, abs=0.2)
    assert two.simultaneous_max == 2


def test_a_host_with_another_customer_attends_to_the_next_by_turning_to_them() -> None:
    first = visitor(1, comes=10.0, leaves=60.0, x=-1.2)
    second = visitor(2, comes=20.0, leaves=60.0, x=1.2)
    host = does(
        (12.0, {"turned": True, "turned_to": 1}),
        (23.0, {"turned_to": 2}),
        (23.1, {"turned_to": 1}),
        (24.0, {"turned_to": 2, "smiling": True}),
        (25.0, {"turned_to": 1}),
    )
    told = run(first, second, host=host, until=100.0)
    two = max(told.encounters, key=lambda each: each.came_near_s)
    assert two.host_at_arrival == "with_customer"
    assert two.wait_s == pytest.approx(24.0 - two.came_near_s)
    assert two.reaction_kind == "turned"
    assert {each.kind: each.at_s for each in two.reactions} == {"turned": 24.0, "smiled": 24.0}


def test_a_smile_at_one_customer_is_none_at_the_next() -> None:
    first = visitor(1, comes=10.0, leaves=40.0, x=-1.2)
    second = visitor(2, comes=20.0, leaves=60.0, x=1.2)
    host = does(
        (12.0, {"turned": True, "turned_to": 1}), (22.0, {"smiling": True}), (24.0, {"smiling": False})
    )
    two = max(run(first, second, host=host, until=100.0).encounters, key=lambda each: each.came_near_s)
    assert [each.kind for each in two.reactions] == ["turned"]
    assert two.wait_s > 15.0


def test_one_turn_attends_to_all_who_were_waiting() -> None:
    first = visitor(1, comes=10.0, leaves=40.0, x=-1.2)
    second = visitor(2, comes=11.0, leaves=40.0, x=1.2)
    told = run(first, second, host=does((14.0, {"turned": True})), until=100.0)
    assert sorted(round(each.wait_s) for each in told.encounters) == [3, 4]


def test_without_a_staff_camera_the_wait_is_not_observed() -> None:
    encounter = run(CUSTOMER, host=NO_CAMERA).only
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.wait_s == 0.0
    assert encounter.host_at_arrival == "unknown"
    assert encounter.coverage.host == 0.0


def test_a_wait_is_certain_only_as_long_as_the_host_was_seen() -> None:
    encounter = run(CUSTOMER, host=does(unseen=((14.0, 30.0),))).only
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.wait_s == pytest.approx(4.0, abs=0.2)
    assert encounter.coverage.host == pytest.approx(14.0 / 30.0, abs=0.02)


def test_a_reaction_that_began_while_the_host_was_out_of_sight_gets_no_time() -> None:
    encounter = run(CUSTOMER, host=does((20.0, {"turned": True}), unseen=((14.0, 30.0),))).only
    assert encounter.reactions == ()
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.wait_s == pytest.approx(4.0, abs=0.2)


def test_a_reaction_that_was_seen_to_begin_counts_whatever_was_missed_before() -> None:
    encounter = run(CUSTOMER, host=does((20.0, {"smiling": True}), unseen=((5.0, 19.0),))).only
    assert encounter.wait_ended_by == "reaction"
    assert encounter.wait_s == pytest.approx(10.0, abs=0.11)
    assert encounter.coverage.host < 0.8


def test_a_blink_of_the_staff_camera_hides_no_reaction() -> None:
    encounter = run(CUSTOMER, host=does((20.4, {"smiling": True}), unseen=((20.0, 21.0),))).only
    assert encounter.reactions[0].at_s == 20.4
    assert encounter.reactions[0].se_s > 0.25


def test_work_put_down_for_a_customer_is_told_with_their_distance() -> None:
    host = does((2.0, {"working": True}), (9.5, {"working": False}), (42.0, {"working": True}))
    encounter = run(CUSTOMER, host=host, until=80.0).only
    posture = encounter.posture
    assert posture is not None
    assert posture.working_at_arrival is False
    assert posture.stopped_work_s == pytest.approx(9.5, abs=0.11)
    assert posture.stopped_work_m is not None
    assert posture.stopped_work_m.value == pytest.approx(3.5, abs=0.15)


def test_work_is_resumed_when_it_is_taken_up_after_the_customer_left() -> None:
    host = does((2.0, {"working": True}), (11.0, {"working": False}), (40.8, {"working": True}))
    told = run(CUSTOMER, host=host, until=80.0)
    encounter = told.only
    posture = encounter.posture
    assert encounter.resumed_work_s == pytest.approx(40.8, abs=0.11)
    assert posture is not None
    assert posture.working_at_arrival is True
    assert posture.resumed_work_m is not None
    assert posture.resumed_work_m.value == pytest.approx(4.3, abs=0.15)
    assert told.reported_s[0] < 43.0


def test_work_resumed_when_the_customer_is_out_of_sight_is_beyond_the_leaving_distance() -> None:
    host = does((2.0, {"working": True}), (11.0, {"working": False}), (50.0, {"working": True}))
    posture = run(CUSTOMER, host=host, until=100.0).only.posture
    assert posture is not None
    assert posture.resumed_work_m is not None
    assert posture.resumed_work_m.value >= 3.5
    assert posture.resumed_work_m.coverage == 0.0


def test_distances_are_those_of_when_work_changed_not_of_when_that_was_certain() -> None:
    host = does((2.0, {"working": True}), (9.5, {"working": False}), (40.5, {"working": True}))

    def certain_later(t_s: float) -> HostNow:
        """Work put down is certain after 0.6 s, work taken up after 2 s; each is told with the time it began."""
        begun, stopped = host.at(t_s - 2.0).working, host.at(t_s - 0.6).working
        working = begun if t_s > 30.0 else stopped
        return replace(
            host.at(t_s), working=working, working_since_s=40.5 if t_s > 30.0 else 2.0, work_stopped_s=9.5
        )

    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    scene = IdealScene(STANDARD, [CUSTOMER])
    told = [
        each
        for index in range(900)
        for each in machine.step(scene.at(index / 10), certain_later(index / 10), None)
    ]
    posture = told[0].posture
    assert posture is not None
    assert posture.stopped_work_m is not None
    assert posture.stopped_work_s == 9.5
    assert posture.stopped_work_m.value == pytest.approx(3.5, abs=0.06)
    assert posture.resumed_work_m is not None
    assert posture.resumed_work_s == 40.5
    assert posture.resumed_work_m.value == pytest.approx(4.0, abs=0.06)


def test_typing_for_the_customer_is_not_yet_work_resumed() -> None:
    host = does(
        (11.0, {"working": True}),
        (20.0, {"working": False}),
        (22.0, {"working": True}),
        (30.0, {"working": False}),
    )
    assert run(CUSTOMER, host=host, until=100.0).only.resumed_work_s is None


def test_work_resumed_while_the_customer_still_stands_there_is_told_with_that_distance() -> None:
    host = does((2.0, {"working": True}), (11.0, {"working": False}), (30.0, {"working": True}))
    encounter = run(CUSTOMER, host=host, until=100.0).only
    assert encounter.resumed_work_s == pytest.approx(30.0, abs=0.11)
    assert encounter.posture is not None
    assert encounter.posture.resumed_work_m is not None
    assert encounter.posture.resumed_work_m.value == pytest.approx(1.0, abs=0.05)


def test_a_host_last_seen_turned_long_before_the_customer_came_was_not_seen_to_react() -> None:
    encounter = run(CUSTOMER, host=does((2.0, {"turned": True}), unseen=((4.0, 90.0),))).only
    assert encounter.reactions == ()
    assert encounter.wait_ended_by == "not_observed"
    assert encounter.wait_s == 0.0


def test_a_look_that_has_grown_old_is_no_look() -> None:
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    scene, turned = IdealScene(STANDARD, [CUSTOMER]), does((-1.0, {"turned": True})).at(5.0)
    told = [each for index in range(600) for each in machine.step(scene.at(index / 10), turned, None)]
    assert [(each.reactions, each.coverage.host, each.wait_ended_by) for each in told] == [
        ((), 0.0, "not_observed")
    ]


def test_a_host_found_turned_after_the_customer_came_is_attending_since_nobody_knows_when() -> None:
    told = run(CUSTOMER, host=does((11.0, {"turned": True}), unseen=((5.0, 14.0),)))
    assert told.only.wait_ended_by == "not_observed"
    assert told.only.reactions == ()
    assert [visit.attended_unseen for visit in told.view(13.0)] == [False]
    assert [visit.attended_unseen for visit in told.view(15.0)] == [True]


def test_work_put_down_or_taken_up_out_of_sight_gets_no_time() -> None:
    host = does(
        (2.0, {"working": True}),
        (13.0, {"working": False}),
        (44.0, {"working": True}),
        unseen=((11.5, 15.0), (43.0, 46.0)),
    )
    encounter = run(CUSTOMER, host=host, until=100.0).only
    assert encounter.resumed_work_s is None
    assert encounter.posture is not None
    assert encounter.posture.working_at_arrival is True
    assert encounter.posture.stopped_work_s is None
