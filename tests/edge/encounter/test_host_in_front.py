"""A host who has come round the desk, where no staff zone is drawn."""

from edge.desk import Desk
from edge.encounter.host_in_front import BACK_BEHIND_S, SaidInFront
from edge.observation import Observation, SignedIn, Tick, to_json
from edge.settings.desk_toml import Settings
from edge.settings.last_good import Configuration
from protocol.measurements import Duty
from protocol.standards_folder import find_standard
from tests.worlds.visits import NO_CAMERA, does, run, visitor

LEAVES_AND_IS_BACK = does((6.0, {"present": False}), (33.0, {"present": True}))
"""The person is in sight from 8 to 31.5 s."""
SOMEBODY = visitor(1, 10.0, 30.0)


def test_a_host_who_left_as_somebody_came_and_was_back_as_they_went_may_be_them() -> None:
    assert run(SOMEBODY, host=LEAVES_AND_IS_BACK).only.may_be_staff == "stepped_round"


def test_a_host_who_stays_away_longer_is_somebody_else() -> None:
    stays_away = does((6.0, {"present": False}), (45.0, {"present": True}))
    assert run(SOMEBODY, host=stays_away).only.may_be_staff is None


def test_a_host_who_had_left_long_before_is_somebody_else() -> None:
    left_long_before = does((1.0, {"present": False}), (53.0, {"present": True}))
    assert run(visitor(1, 30.0, 50.0), host=left_long_before).only.may_be_staff is None


def test_whoever_is_seen_together_with_the_host_behind_the_desk_is_a_customer() -> None:
    back_early = does((6.0, {"present": False}), (20.0, {"present": True}))
    assert run(SOMEBODY, host=back_early).only.may_be_staff is None
    assert run(SOMEBODY, host=does()).only.may_be_staff is None


def test_two_who_came_together_are_not_the_host() -> None:
    told = run(SOMEBODY, visitor(2, 10.2, 30.0, x=0.5), host=LEAVES_AND_IS_BACK)
    assert told.only.party_size == 2
    assert told.only.may_be_staff is None


def test_while_the_host_says_that_they_are_in_front_whoever_is_there_may_be_them() -> None:
    told = run(SOMEBODY, host=NO_CAMERA, in_front=lambda t_s: t_s >= 5.0)
    assert told.only.may_be_staff == "in_front"
    assert all(each.wait_unknown for each in told.view(20.0))


def test_whoever_came_while_the_host_sat_behind_the_desk_is_a_customer_whatever_is_said_later() -> None:
    goes_in_front = does((20.0, {"present": False}))
    assert run(SOMEBODY, host=goes_in_front, in_front=lambda t_s: t_s >= 18.0).only.may_be_staff is None


def test_whoever_forgot_to_say_that_they_are_back_is_back_once_they_have_sat_there() -> None:
    said = SaidInFront()
    said.sign(in_front=True)
    assert said.now(0.0, behind=None)
    assert said.now(1.0, behind=True)
    assert said.now(20.0, behind=False)
    assert said.now(21.0, behind=True)
    assert not said.now(21.0 + BACK_BEHIND_S, behind=True)
    assert not said.now(60.0, behind=None)


def test_whoever_says_where_they_are_goes_on_with_the_same_duty() -> None:
    desk = Desk(Configuration(Settings(), find_standard("eight-teeth")))
    said: tuple[Observation, ...] = (
        SignedIn(1.0, "lin"),
        SignedIn(20.0, "lin", in_front=True),
        Tick(30.0),
        SignedIn(40.0, "lin", in_front=False),
        SignedIn(50.0),
    )
    measured = [each for observation in said for each in desk.observe(observation)]
    assert measured == [
        Duty(start_s=1.0, end_s=1.0, person="lin", ongoing=True),
        Duty(start_s=1.0, end_s=50.0, person="lin"),
    ]


def test_a_sign_in_that_says_nothing_of_it_is_recorded_as_ever() -> None:
    assert to_json(SignedIn(1.0, "lin")) == '{"t_s":1.0,"person":"lin","kind":"signed_in"}'
