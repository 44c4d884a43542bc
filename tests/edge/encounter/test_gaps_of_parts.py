"""What could not be measured is said, from when to when and why."""

from edge.desk import Desk
from edge.feedback.cue import CueKind
from edge.observation import CameraBack, CameraLost, Edge, End, FrameSeen, LineBack, LineLost, SignedIn
from edge.settings.desk_toml import Camera, PhoneLine, Settings
from edge.settings.last_good import Configuration
from protocol.measurements import Call, Duty, Gap, Measurement
from protocol.standards_folder import find_standard

SETTINGS = Settings(
    cameras=(Camera(name="door", watches="customers"), Camera(name="desk", watches="staff")),
    phone=(
        PhoneLine(name="1", ring_pin=23, hook_pin=24, input="envelope", ring_active_high=True, cadence="DE"),
    ),
)


def desk() -> Desk:
    return Desk(Configuration(SETTINGS, find_standard("eight-teeth")))


def told(*observations: object) -> list[Measurement]:
    it = desk()
    return [measured for each in observations for measured in it.observe(each)]  # type: ignore[arg-type]


def test_a_camera_that_stops_and_comes_back_leaves_one_gap() -> None:
    measured = told(
        FrameSeen(1.0, "door", people=()),
        CameraLost(1.0, "door", "unplugged"),
        CameraBack(8.5, "door"),
        End(9.0),
    )
    assert [each for each in measured if isinstance(each, Gap)] == [
        Gap(start_s=1.0, end_s=8.5, what="camera door", reason="unplugged")
    ]


def test_a_camera_that_never_comes_back_is_a_gap_to_the_end() -> None:
    assert told(CameraLost(2.0, "desk", "unplugged"), End(9.0)) == [
        Gap(start_s=2.0, end_s=9.0, what="camera desk", reason="unplugged")
    ]


def test_a_line_whose_pins_cannot_be_had_is_a_gap() -> None:
    assert told(LineLost(0.0, "1", "no such pin"), End(5.0)) == [
        Gap(start_s=0.0, end_s=5.0, what="phone 1", reason="no such pin")
    ]


def test_a_line_whose_pins_are_had_later_leaves_a_gap_until_then_and_its_calls_are_measured() -> None:
    rings = [Edge(t_s, "1", "ring", level=t_s % 5.0 == 0.0) for t_s in (30.0, 31.0, 35.0, 36.0)]
    idle = [Edge(20.5, "1", "ring", level=False), Edge(20.5, "1", "hook", level=True)]
    measured = told(LineLost(1.0, "1", "busy"), LineBack(20.5, "1"), *idle, *rings, End(60.0))
    assert measured[0] == Gap(start_s=1.0, end_s=20.5, what="phone 1", reason="busy")
    (call,) = (each for each in measured if isinstance(each, Call))
    assert call.rings_begun == 2
    assert not [each for each in measured[1:] if isinstance(each, Gap)]


def test_who_signed_in_is_told_at_once_and_is_on_duty_until_somebody_else_is() -> None:
    measured = told(SignedIn(1.0, "lin"), SignedIn(60.0, "wu"), SignedIn(90.0), End(100.0))
    assert measured == [
        Duty(start_s=1.0, end_s=1.0, person="lin", ongoing=True),
        Duty(start_s=1.0, end_s=60.0, person="lin"),
        Duty(start_s=60.0, end_s=60.0, person="wu", ongoing=True),
        Duty(start_s=60.0, end_s=90.0, person="wu"),
    ]


def test_a_call_is_measured_beside_everything_else() -> None:
    rings = [
        Edge(at, "1", "ring", level)
        for n in range(3)
        for at, level in ((5.0 * n, True), (5.0 * n + 1.0, False))
    ]
    idle = [Edge(0.0, "1", "ring", level=False), Edge(0.0, "1", "hook", level=True)]
    lifted = [Edge(11.5, "1", "hook", level=False), Edge(40.0, "1", "hook", level=True)]
    (call,) = (each for each in told(*idle, *rings, *lifted, End(60.0)) if isinstance(each, Call))
    assert (call.outcome, call.answered_ring, call.rings_begun) == ("answered", 3, 3)
    assert call.pickup_delay_s is not None
    assert abs(call.pickup_delay_s - 11.5) < 0.05


def test_the_light_says_whether_every_camera_delivers() -> None:
    it = desk()
    assert not it.cue(online=True).measuring
    it.observe(FrameSeen(0.0, "door", people=()))
    it.observe(FrameSeen(0.0, "desk", host_sought=True))
    assert it.cue(online=True).kind is CueKind.READY
    it.observe(CameraLost(1.0, "desk", "unplugged"))
    assert it.cue(online=True).kind is CueKind.NOT_MEASURING
    it.observe(CameraBack(2.0, "desk"))
    assert it.cue(online=True).measuring


def test_a_desk_with_a_telephone_only_has_no_camera_to_miss() -> None:
    it = Desk(Configuration(Settings(phone=SETTINGS.phone), find_standard("eight-teeth")))
    assert it.cue(online=True).kind is CueKind.READY
