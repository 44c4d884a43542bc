"""The host is told the one thing that matters most."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.feedback.cue import URGENCY, CueKind
from edge.host.host_now import HostNow
from protocol.standard import Limits, Phone
from tests.worlds.moments import HOUSE, T_S, host, served, shown, smiling, visit

UNSEEN = HostNow(t_s=0.0, observed=False)


def test_an_empty_room_needs_nothing() -> None:
    assert shown().kind is CueKind.READY


def test_somebody_who_is_near_but_may_only_pass_is_announced() -> None:
    assert shown(visit(number=None)).kind is CueKind.COMING
    assert shown(visit(number=None, waited_s=30.0)).kind is CueKind.COMING


def test_a_customer_who_stands_there_waits() -> None:
    cue = shown(visit(waited_s=1.0))
    assert cue.kind is CueKind.WAITING
    assert cue.encounter == 1
    assert cue.seconds_left == 5.0


@pytest.mark.parametrize(
    ("waited_s", "kind"),
    [
        (3.9, CueKind.WAITING),
        (4.0, CueKind.RUNNING_OUT),
        (6.0, CueKind.RUNNING_OUT),
        (6.1, CueKind.TOO_LATE),
        (600.0, CueKind.TOO_LATE),
    ],
)
def test_the_light_presses_in_the_last_third_and_then_says_that_it_is_too_late(
    waited_s: float, kind: CueKind
) -> None:
    assert shown(visit(waited_s=waited_s)).kind is kind


def test_attending_in_time_ends_it() -> None:
    assert shown(served(attended_s=T_S)).kind is CueKind.ATTENDED


def test_attending_too_late_is_told_for_a_moment_only() -> None:
    assert shown(served(waited_s=8.0, attended_s=T_S - 1.0)).kind is CueKind.ATTENDED_LATE
    assert shown(served(waited_s=8.0, attended_s=T_S - 5.0)).kind is CueKind.ATTENDED


def test_a_customer_whom_the_host_was_found_attending_to_does_not_wait() -> None:
    assert shown(visit(waited_s=30.0, attended_unseen=True, smiled=True)).kind is CueKind.ATTENDED


def test_a_customer_who_has_left_is_no_longer_shown() -> None:
    assert shown(visit(waited_s=30.0, left_s=T_S - 1.0)).kind is CueKind.READY


def test_a_customer_out_of_sight_is_no_longer_shown() -> None:
    assert shown(visit(waited_s=30.0, visible=False)).kind is CueKind.READY


def test_without_sight_of_the_host_nobody_is_told_to_be_late() -> None:
    assert shown(visit(waited_s=1.0), by=UNSEEN).kind is CueKind.COMING
    assert shown(visit(waited_s=5.0), by=UNSEEN).kind is CueKind.COMING
    assert shown(visit(waited_s=30.0), by=UNSEEN).kind is CueKind.READY


def test_a_wait_that_nobody_can_tell_any_more_is_never_too_late() -> None:
    assert shown(visit(waited_s=4.5, wait_unknown=True)).kind is CueKind.WAITING
    assert shown(visit(waited_s=600.0, wait_unknown=True)).kind is CueKind.READY
    late = served(waited_s=8.0, attended_s=T_S - 1.0, wait_unknown=True)
    assert shown(late).kind is CueKind.ATTENDED


def test_of_two_who_wait_the_one_with_less_time_is_shown() -> None:
    cue = shown(visit(number=1, waited_s=4.5), visit(number=2, waited_s=5.5))
    assert cue.encounter == 2


def test_the_one_who_still_waits_comes_before_the_one_who_is_served() -> None:
    cue = shown(served(number=1), visit(number=2, waited_s=1.0))
    assert (cue.kind, cue.encounter) == (CueKind.WAITING, 2)


@pytest.mark.parametrize(
    ("rings", "kind"), [(1, "phone_ringing"), (2, "phone_ringing"), (3, "phone_urgent"), (9, "phone_urgent")]
)
def test_the_telephone_is_calm_until_the_last_allowed_ring(rings: int, kind: str) -> None:
    cue = shown(rings=rings)
    assert (cue.kind, cue.rings) == (kind, rings)


def test_where_completed_rings_count_the_last_one_is_a_ring_later() -> None:
    house = HOUSE.model_copy(update={"phone": Phone(rings=Limits(min=3, max=5), counting="completed")})
    assert shown(rings=5, standard=house).kind is CueKind.PHONE_RINGING
    assert shown(rings=6, standard=house).kind is CueKind.PHONE_URGENT


def test_a_house_without_a_limit_of_rings_is_never_pressed() -> None:
    house = HOUSE.model_copy(update={"phone": Phone()})
    assert shown(rings=20, standard=house).kind is CueKind.PHONE_RINGING


def test_what_can_still_be_saved_comes_before_what_is_lost() -> None:
    assert shown(visit(waited_s=5.0), rings=3).kind is CueKind.RUNNING_OUT
    assert shown(visit(waited_s=30.0), rings=3).kind is CueKind.PHONE_URGENT
    assert shown(visit(waited_s=30.0), rings=1).kind is CueKind.TOO_LATE


def test_the_desks_own_state_is_told_when_nobody_needs_the_host() -> None:
    assert shown(online=False).kind is CueKind.OFFLINE
    assert shown(needs_help=True, online=False).kind is CueKind.NEEDS_HELP
    assert shown(measuring=False, needs_help=True, online=False).kind is CueKind.NOT_MEASURING
    assert shown(visit(), online=False).kind is CueKind.WAITING
    assert shown(rings=1, measuring=False).kind is CueKind.PHONE_RINGING


def test_the_measuring_light_follows_the_cameras_whatever_else_is_shown() -> None:
    assert shown(visit()).measuring is True
    assert shown(visit(), measuring=False).measuring is False


@pytest.mark.parametrize(
    ("lift_cm", "teeth", "kind"),
    [
        (1.0, 9.0, CueKind.SMILE_WITHIN),
        (1.8, 9.0, CueKind.SMILE_TOO_MUCH),
        (0.2, 9.0, CueKind.SMILE_TOO_LITTLE),
        (1.0, 5.0, CueKind.SMILE_TOO_LITTLE),
        (1.55, 7.5, CueKind.SMILE_WITHIN),
    ],
)
def test_a_smile_is_told_to_be_within_the_limits_or_beyond_them_by_more_than_the_error(
    lift_cm: float, teeth: float, kind: CueKind
) -> None:
    assert shown(served(), by=smiling(lift_cm, teeth)).kind is kind


def test_a_smile_is_asked_for_once_in_a_visit() -> None:
    assert shown(served(smiled=False)).kind is CueKind.SMILE_TOO_LITTLE
    assert shown(served(smiled=True)).kind is CueKind.ATTENDED


def test_nothing_is_said_about_a_smile_while_the_resting_face_is_unknown() -> None:
    assert shown(served(smiled=False), by=host(baseline_known=False)).kind is CueKind.ATTENDED


def test_nothing_is_said_about_a_smile_that_is_not_measured() -> None:
    assert shown(served(smiled=False), by=host(smiling=None)).kind is CueKind.ATTENDED


def test_a_house_that_asks_for_no_smile_gets_no_hint() -> None:
    house = HOUSE.model_copy(update={"smile": type(HOUSE.smile)()})
    assert shown(served(smiled=False), standard=house).kind is CueKind.ATTENDED
    assert shown(served(), by=smiling(3.0, 2.0), standard=house).kind is CueKind.ATTENDED


def test_looking_away_is_told_before_it_has_lasted_too_long() -> None:
    assert shown(served(unturned_since_s=T_S - 3.9)).kind is CueKind.ATTENDED
    assert shown(served(unturned_since_s=T_S - 4.0)).kind is CueKind.GAZE_AWAY


def test_a_house_that_asks_for_no_gaze_gets_no_hint() -> None:
    house = HOUSE.model_copy(update={"gaze": type(HOUSE.gaze)()})
    assert shown(served(unturned_since_s=T_S - 60.0), standard=house).kind is CueKind.ATTENDED


MOMENTS = {
    CueKind.RUNNING_OUT: visit(waited_s=5.0),
    CueKind.TOO_LATE: visit(waited_s=9.0),
    CueKind.WAITING: visit(waited_s=1.0),
    CueKind.COMING: visit(number=None),
    CueKind.ATTENDED_LATE: served(waited_s=8.0, attended_s=T_S - 1.0),
    CueKind.GAZE_AWAY: served(unturned_since_s=T_S - 60.0),
    CueKind.ATTENDED: served(),
}


@pytest.mark.parametrize(("one", "other"), list(combinations(MOMENTS, 2)))
def test_of_two_things_at_once_the_table_says_which_is_shown(one: CueKind, other: CueKind) -> None:
    cue = shown(MOMENTS[other], MOMENTS[one])
    assert cue.kind is min(one, other, key=URGENCY.__getitem__)


@given(
    st.lists(st.sampled_from(list(MOMENTS.values())), max_size=4),
    st.integers(0, 10),
    st.booleans(),
    st.booleans(),
)
def test_every_moment_has_a_cue_and_the_order_of_the_visits_does_not_matter(
    visits: list[object],
    rings: int,
    online: bool,  # noqa: FBT001
    measuring: bool,  # noqa: FBT001
) -> None:
    there = [each for each in MOMENTS.values() if each in visits]
    forwards = shown(*there, rings=rings, online=online, measuring=measuring)
    backwards = shown(*reversed(there), rings=rings, online=online, measuring=measuring)
    assert forwards == backwards
