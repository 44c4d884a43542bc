"""Staff who come out in front of the desk: no customers, and told as uncertain where it cannot be told."""

from edge.desk import Desk
from edge.observation import End, FrameSeen, Observation
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from protocol.measurements import Encounter
from protocol.standard import Near, Respond, Standard
from tests.worlds.people import ON_THE_DESK
from tests.worlds.walkers import Walk, people_at

RIGHT_HALF = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
HOUSE = Standard(
    name="house",
    version=1,
    title="A house",
    near=Near(approach_m=4.0, leave_m=4.5),
    respond=Respond(within_s=5.0),
)
RATE_HZ = 7.5
COMES_FROM_BEHIND = Walk([(0.0, 1.6, 3.0), (1.0, 1.6, 3.0), (2.5, -0.6, 3.0), (30.0, -0.6, 3.0)])
COMES_FROM_THE_DOOR = Walk([(3.0, -2.0, 6.5), (6.0, -1.2, 3.2), (30.0, -1.2, 3.2)])
GOES_BEHIND_LATER = Walk(
    [(0.0, -0.8, 6.5), (3.0, -0.8, 3.2), (25.0, -0.8, 3.2), (26.5, 0.9, 3.0), (40.0, 0.9, 2.9)]
)
ARRIVES_AND_GOES_BEHIND = Walk(
    [(0.0, -0.8, 6.5), (2.5, -0.8, 3.2), (6.0, -0.8, 3.2), (7.5, 0.9, 3.0), (40.0, 0.9, 2.9)]
)


def visits(*walks: Walk, until_s: float, zone: bool = True) -> list[Encounter]:
    """The visits of people before a camera in whose picture the right half is the staff's."""
    camera = ON_THE_DESK.model_copy(update={"staff_zone": RIGHT_HALF if zone else None})
    frames: list[Observation] = [
        FrameSeen(
            number / RATE_HZ,
            camera.name,
            tuple(people_at(number / RATE_HZ, walks, ON_THE_DESK, camera, number, 2.0)),
        )
        for number in range(int(until_s * RATE_HZ))
    ]
    desk = Desk(Configuration(Settings(cameras=(Camera.model_validate(camera.model_dump()),)), HOUSE))
    told = [each for observation in (*frames, End(until_s)) for each in desk.observe(observation)]
    return [each for each in told if isinstance(each, Encounter)]


def test_a_host_who_steps_round_the_desk_and_stands_there_is_no_visit() -> None:
    assert visits(COMES_FROM_BEHIND, until_s=30.0) == []


def test_a_customer_beside_the_host_in_front_is_a_visit_of_one() -> None:
    (visit,) = visits(COMES_FROM_BEHIND, COMES_FROM_THE_DOOR, until_s=30.0)
    assert visit.party_size == visit.simultaneous_max == 1
    assert visit.may_be_staff is None


def test_a_colleague_who_arrives_stops_for_a_moment_and_goes_behind_is_no_visit() -> None:
    assert visits(ARRIVES_AND_GOES_BEHIND, until_s=40.0) == []


def test_whoever_goes_behind_after_a_long_stand_is_a_visit_that_says_it_may_be_staff() -> None:
    (visit,) = visits(GOES_BEHIND_LATER, until_s=40.0)
    assert visit.may_be_staff == "went_behind"


def test_without_a_zone_everybody_is_a_customer_and_nothing_is_said_of_staff() -> None:
    said = visits(COMES_FROM_BEHIND, until_s=30.0, zone=False)
    assert [each.may_be_staff for each in said] == [None]
    assert "may_be_staff" not in said[0].model_dump_json()
