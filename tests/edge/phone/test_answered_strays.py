"""A receiver that is lifted by chance while something strays onto the pin answered nobody: no exchange rings a line in use."""

import pytest

from edge.phone.events import LineFault
from tests.worlds.phone_scripts import (
    Script,
    answered,
    answered_levels,
    hang_up_after,
    line_with,
    pulses,
    rings,
)
from tests.worlds.phone_signals.judge import is_claimed


def outcomes(script: Script) -> list[str]:
    return [call.outcome for call in script.calls]


@pytest.mark.parametrize("calls_before", [2, 5])
def test_what_rings_on_in_its_cadence_after_the_pick_up_is_a_neighbours(calls_before: int) -> None:
    script = line_with(input="pulses")
    for _ in range(calls_before):
        answered(script)
    pulses(script, 1.0, width=0.35)
    script.wait(4.0)
    pulses(script, 1.0, width=0.35)
    script.wait(1.0)
    script.lift()
    script.wait(3.0)
    rings(script, 3, 0.35)
    script.wait(15.0)
    script.hang_up()
    script.wait(30.0)
    assert outcomes(script) == ["answered"] * calls_before
    assert [fault.fault for fault in script.events_of(LineFault)] == []
    answered(script)
    assert outcomes(script) == ["answered"] * (calls_before + 1)


def test_what_rings_on_over_the_first_lift_of_all_does_not_turn_the_hook_switch_round() -> None:
    script = line_with(input="pulses")
    pulses(script, 1.0, width=0.4)
    script.wait(1.0)
    script.lift()
    script.wait(3.0)
    rings(script, 4, 0.4)
    script.wait(20.0)
    script.hang_up()
    script.wait(30.0)
    assert "hook_inverted" not in [fault.fault for fault in script.events_of(LineFault)]
    answered(script)
    assert script.calls[-1].outcome == "answered"


def test_noise_in_the_first_talk_of_all_does_not_turn_the_hook_switch_round() -> None:
    script = line_with(input="envelope")
    script.ring(2)
    script.lift()
    script.wait(10.0)
    for seconds, pause_s in ((1.0, 4.0), (1.0, 4.0)):
        script.sound(seconds)
        script.wait(pause_s)
    script.wait(20.0)
    script.hang_up()
    script.wait(10.0)
    assert script.events_of(LineFault) == []
    assert script.call.outcome == "answered"
    assert script.call.talk_s == pytest.approx(40.0)


def test_a_line_whose_voltage_fell_for_good_is_learnt_anew_by_its_answered_calls() -> None:
    script = line_with(input="pulses")
    for width in (0.6,) * 4 + (0.35,) * 5:
        answered(script, width)
    assert outcomes(script) == ["answered"] * 4 + ["unknown"] * 3 + ["answered"] * 2
    rings(script, 3, 0.35)
    script.wait(20.0)
    assert script.calls[-1].outcome == "abandoned"


def test_a_level_that_lasts_longer_than_any_ring_of_the_line_answered_nobody() -> None:
    script = line_with(input="envelope")
    for _ in range(2):
        answered_levels(script)
    script.sound_over_a_lift(2.2, 2.0)
    assert outcomes(script) == ["answered"] * 2


def test_a_lift_after_the_next_ring_was_due_answered_nobody_on_a_line_that_has_shown_its_pause() -> None:
    script = line_with(input="envelope", cadence="auto")
    for _ in range(4):
        answered_levels(script)
    script.ring(1)
    script.wait(0.7)
    hang_up_after(script, 20.0)
    assert outcomes(script)[:4] == ["answered"] * 4
    assert "answered" not in outcomes(script)[4:]


@pytest.mark.parametrize("seconds", [0.4, 0.7, 2.5, 4.0])
def test_one_level_on_a_line_of_which_nothing_is_known_has_no_outcome(seconds: float) -> None:
    script = line_with(input="envelope", cadence="auto")
    script.sound(seconds)
    script.wait(30.0)
    assert not any(is_claimed(call) for call in script.calls)


def test_ripple_at_the_mains_rate_is_hum_on_an_envelope_that_never_ripples() -> None:
    script = line_with(input="envelope")
    for _ in range(4):
        answered_levels(script)
    pulses(script, 1.0, width=0.6)
    script.wait(1.0)
    hang_up_after(script, 10.0)
    assert outcomes(script) == ["answered"] * 4
    assert [fault.fault for fault in script.events_of(LineFault)] == ["ring_hum"]


def test_strength_tells_a_neighbours_ringing_though_it_is_open_how_many_pulses_make_a_cycle() -> None:
    script = line_with(input="pulses", cadence="auto")
    for width in (0.6, 0.6, 0.6, 0.3, 0.25):
        rings(script, 3, width, rate_hz=38.4)
        script.wait(30.0)
    assert [call.outcome for call in script.calls if is_claimed(call)] == ["abandoned"] * 3


def test_the_first_ringing_of_all_has_no_outcome_where_it_hardly_makes_the_detector_conduct() -> None:
    script = line_with(input="pulses")
    for width in (0.25, 0.25, 0.6):
        rings(script, 3, width)
        script.wait(30.0)
    assert [call.outcome for call in script.calls if is_claimed(call)] == ["abandoned"]
