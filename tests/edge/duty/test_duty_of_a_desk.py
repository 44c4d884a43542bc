"""What a desk measures of sign-ins, and shows of them."""

from gpiozero.pins import mock as mock_pins

from edge.desk import Desk
from edge.feedback.cue import Cue, CueKind
from edge.feedback.lights import DeskLights
from edge.observation import End, SignedIn, Tick, from_json, to_json
from edge.settings.desk_toml import Lights, Settings
from edge.settings.last_good import Configuration
from protocol.measurements import Duty
from protocol.standards_folder import find_standard


def desk() -> Desk:
    return Desk(Configuration(Settings(), find_standard("eight-teeth")))


def test_the_duty_of_somebody_who_went_home_ends_when_they_were_last_seen() -> None:
    at_work = desk()
    at_work.observe(SignedIn(10.0, "lin"))
    assert at_work.observe(SignedIn(2000.0, since_s=200.0)) == (
        Duty(start_s=10.0, end_s=200.0, person="lin"),
    )
    assert at_work.on_duty is None
    assert not [each for each in at_work.observe(End(3000.0)) if isinstance(each, Duty)]


def test_a_duty_never_ends_before_it_began() -> None:
    at_work = desk()
    at_work.observe(SignedIn(10.0, "lin"))
    assert at_work.observe(SignedIn(2000.0, since_s=5.0)) == (Duty(start_s=10.0, end_s=10.0, person="lin"),)


def test_a_sign_out_that_is_dated_back_is_recorded_and_read_again() -> None:
    told = SignedIn(2000.0, since_s=200.0)
    assert from_json(to_json(told)) == told
    assert to_json(SignedIn(1.0, "lin")) == '{"t_s":1.0,"person":"lin","kind":"signed_in"}'


def test_the_light_says_that_somebody_is_signed_in() -> None:
    at_work = desk()
    at_work.observe(Tick(1.0))
    assert not at_work.cue(online=True).signed_in
    at_work.observe(SignedIn(2.0, "lin"))
    assert at_work.cue(online=True).signed_in
    pins = mock_pins.MockFactory()  # type: ignore[no-untyped-call]
    with DeskLights(Lights(measuring=5, signed_in=6), pins) as lights:
        lights.show(Cue(CueKind.READY, measuring=False, signed_in=True), 0.0)
        assert [pins.pin(number).state for number in (5, 6)] == [0, 1]  # type: ignore[no-untyped-call]
        lights.show(Cue(CueKind.READY, measuring=True), 1.0)
        assert [pins.pin(number).state for number in (5, 6)] == [1, 0]  # type: ignore[no-untyped-call]
        lights.show(Cue(CueKind.READY, measuring=True, signed_in=True), 2.0)
        lights.darken(3.0)
        assert [pins.pin(number).state for number in (5, 6)] == [0, 0]  # type: ignore[no-untyped-call]
