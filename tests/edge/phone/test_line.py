"""One telephone line, told as it happens at a desk."""

import pytest

from edge.cadence.cadence import known_cadences
from edge.phone.events import LineFault, OffHook, OnHook, Ringing, RingingStopped
from tests.worlds.phone_scripts import Script, line_with


def test_a_call_answered_in_the_pause_after_the_second_ring() -> None:
    script = Script()
    script.ring(1)
    script.sound(1.0)
    script.wait(1.5)
    script.lift()
    script.wait(30.0)
    script.hang_up()
    script.wait(2.0)
    call = script.call
    assert (call.rings_begun, call.rings_completed, call.answered_ring, call.outcome) == (2, 2, 2, "answered")
    assert call.start_s == 0.0
    assert call.pickup_delay_s == pytest.approx(7.5)
    assert call.ring_s == pytest.approx(7.5)
    assert call.talk_s == pytest.approx(30.0)
    assert call.end_s == pytest.approx(37.5)


def test_a_call_answered_while_the_third_ring_sounds_has_two_whole_rings() -> None:
    script = Script()
    script.ring(2)
    script.ring_pin(10.0, active=True)
    script.t_s = 10.4
    script.lift()
    script.ring_pin(10.45, active=False)
    script.wait(5.0)
    script.hang_up()
    script.wait(2.0)
    assert (script.call.rings_begun, script.call.rings_completed, script.call.answered_ring) == (3, 2, 3)


def test_each_ring_is_an_event_as_it_begins() -> None:
    script = Script()
    for number in (1, 2, 3):
        script.ring_pin(script.t_s, active=True)
        script.wait(0.15)
        assert script.events_of(Ringing)[-1] == Ringing(5.0 * (number - 1), "1", number)
        script.ring_pin(script.t_s + 0.85, active=False)
        script.wait(4.85)


def test_a_caller_who_gives_up_is_told_from_one_who_was_answered() -> None:
    script = Script()
    script.ring(3)
    script.wait(10.0)
    assert (script.call.rings_begun, script.call.outcome, script.call.answered_ring) == (3, "abandoned", None)
    assert script.call.pickup_delay_s is script.call.talk_s is None
    assert script.call.end_s == pytest.approx(11.0)
    assert [event.reason for event in script.events_of(RingingStopped)] == ["silence"]


def test_without_a_hook_switch_the_outcome_is_unknown_and_never_guessed() -> None:
    script = line_with(hook_pin=None)
    script.ring(3)
    script.wait(10.0)
    assert (script.call.outcome, script.call.answered_ring, script.call.rings_begun) == ("unknown", None, 3)


def test_the_ringing_is_over_after_six_seconds_of_silence_and_not_before() -> None:
    script = Script()
    script.sound(1.0)
    script.wait(5.9)
    assert script.calls == []
    script.wait(0.2)
    assert len(script.calls) == 1


def test_the_host_is_on_the_phone_from_lifting_to_hanging_up() -> None:
    script = Script()
    script.sound(1.0)
    script.wait(1.0)
    script.lift()
    script.wait(10.0)
    script.hang_up()
    script.wait(2.0)
    assert script.events_of(OffHook) == [OffHook(2.0, "1", incoming=True)]
    assert script.events_of(OnHook) == [OnHook(12.0, "1", incoming=True)]


def test_dialling_out_is_no_call_and_still_keeps_the_host_on_the_phone() -> None:
    script = Script()
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(10.0)
    assert script.calls == []
    assert [event.incoming for event in script.events_of(OffHook)] == [False]
    assert [event.incoming for event in script.events_of(OnHook)] == [False]


def test_a_hook_flash_does_not_end_the_call() -> None:
    script = Script()
    script.sound(1.0)
    script.wait(1.0)
    script.lift()
    script.wait(10.0)
    script.hang_up()
    script.wait(0.5)
    script.lift()
    script.wait(10.0)
    script.hang_up()
    script.wait(2.0)
    assert script.call.talk_s == pytest.approx(20.5)
    assert len(script.events_of(OnHook)) == 1


def test_what_the_ring_pin_sees_of_a_hook_flash_is_no_ring() -> None:
    script = Script()
    script.lift()
    script.wait(5.0)
    script.hang_up()
    script.sound(0.4)
    script.lift()
    script.wait(10.0)
    script.hang_up()
    script.wait(10.0)
    assert script.calls == []
    assert script.events_of(Ringing) == []


def test_ringing_that_begins_right_after_hanging_up_is_a_call() -> None:
    script = Script()
    script.lift()
    script.wait(5.0)
    script.hang_up()
    script.wait(0.2)
    script.ring(2)
    script.wait(10.0)
    assert script.call.rings_begun == 2
    assert script.call.start_s == pytest.approx(5.2)


def test_lifting_after_the_caller_has_gone_is_no_answer() -> None:
    script = Script()
    script.ring(2)
    script.wait(1.5)
    script.lift()
    script.wait(3.0)
    script.hang_up()
    script.wait(2.0)
    assert script.call.outcome == "abandoned"
    assert [event.incoming for event in script.events_of(OffHook)] == [False]


def test_a_message_waiting_splash_is_no_call_and_the_light_knows_it() -> None:
    script = Script()
    script.sound(0.5)
    script.wait(20.0)
    assert script.calls == []
    assert [event.reason for event in script.events_of(RingingStopped)] == ["no_call"]
    assert script.line.tally.splashes == 1


def test_where_no_message_waits_every_ring_is_a_call() -> None:
    script = line_with(message_waiting_splash_s=0.0)
    script.sound(0.5)
    script.wait(20.0)
    assert script.call.rings_begun == 1


def test_a_first_ring_cut_short_by_the_exchange_counts() -> None:
    script = Script()
    script.sound(0.15)
    script.wait(4.0)
    script.ring(2)
    script.wait(10.0)
    assert script.call.rings_begun == 3


def test_a_short_first_ring_that_is_answered_counts() -> None:
    script = Script()
    script.sound(0.3)
    script.wait(0.5)
    script.lift()
    script.wait(5.0)
    script.hang_up()
    script.wait(2.0)
    assert (script.call.answered_ring, script.call.rings_begun) == (1, 1)


def test_a_line_reversal_before_the_first_ring_is_no_ring() -> None:
    script = line_with(cadence="UK")
    script.sound(0.06)
    script.wait(0.5)
    script.ring(2, (0.4, 0.2, 0.4, 2.0))
    script.wait(10.0)
    assert script.call.rings_begun == 2
    assert script.call.start_s == pytest.approx(0.56)
    assert script.call.noise_rejected == 1


def test_british_ringing_has_two_bursts_a_ring() -> None:
    script = line_with(cadence="UK")
    script.ring(4, (0.4, 0.2, 0.4, 2.0))
    script.wait(10.0)
    assert (script.call.rings_begun, script.call.pattern) == (4, None)


def test_picking_up_between_the_two_bursts_of_a_ring_leaves_that_ring_incomplete() -> None:
    script = line_with(cadence="UK")
    script.ring(1, (0.4, 0.2, 0.4, 2.0))
    script.sound(0.4)
    script.wait(0.1)
    script.lift()
    script.wait(5.0)
    script.hang_up()
    script.wait(2.0)
    assert (script.call.answered_ring, script.call.rings_completed) == (2, 1)


@pytest.mark.parametrize(
    "cadence", [c for c in known_cadences() if c.kind == "distinctive"], ids=lambda c: c.text
)
@pytest.mark.parametrize("profile", ["DE", "auto"])
def test_distinctive_ringing_is_one_ring_a_cycle_and_its_pattern_is_named(
    cadence: object, profile: str
) -> None:
    script = line_with(cadence=profile, input="contact")
    script.ring(4)
    script.wait(20.0)
    for number in range(3):
        once_s = cadence.once_s if number == 0 else ()  # type: ignore[attr-defined]
        script.ring(1, (*once_s, *cadence.cycle_s))  # type: ignore[attr-defined]
    script.wait(20.0)
    usual, distinctive = script.calls
    assert (usual.rings_begun, usual.pattern) == (4, None)
    assert distinctive.rings_begun == 3
    expected = "/".join(f"{time:g}" for time in (*cadence.once_s, *cadence.cycle_s))  # type: ignore[attr-defined]
    assert distinctive.pattern == expected


def test_a_pattern_of_nobody_is_written_as_it_rang() -> None:
    script = line_with(input="contact")
    script.ring(3, (0.6, 0.3, 0.2, 0.3, 0.9, 3.0))
    script.wait(20.0)
    assert script.call.rings_begun == 3
    assert script.call.pattern == "0.6/0.3/0.2/0.3/0.9/3"


def test_auto_learns_the_cadence_from_the_first_calls_and_says_how_sure_it_is() -> None:
    script = line_with(cadence="auto", input="contact")
    for _ in range(4):
        script.ring(3, (2.0, 4.0))
        script.wait(20.0)
    assert [call.cadence for call in script.calls] == ["2/4"] * 4
    sure = [call.cadence_confidence for call in script.calls]
    assert sure == sorted(sure)
    assert sure[0] < 0.75
    assert sure[-1] > 0.8


def test_ringing_current_seen_while_the_receiver_is_lifted_points_at_the_hook_switch() -> None:
    script = Script()
    script.lift()
    script.wait(10.0)
    script.ring(3)
    script.wait(20.0)
    assert [fault.fault for fault in script.events_of(LineFault)] == ["hook_inverted"]
    assert (script.call.rings_begun, script.call.outcome) == (3, "unknown")


def test_a_stuck_input_is_reported_once_and_makes_no_call() -> None:
    script = Script()
    script.sound(60.0)
    script.wait(20.0)
    assert [fault.fault for fault in script.events_of(LineFault)] == ["ring_stuck"]
    assert [event.reason for event in script.events_of(RingingStopped)] == ["no_call"]
    assert script.calls == []


def test_an_input_that_gets_stuck_during_a_call_leaves_the_rings_before() -> None:
    script = Script()
    script.ring(2)
    script.sound(60.0)
    script.wait(20.0)
    assert script.call.rings_begun == 2


def test_at_the_end_of_the_timeline_a_call_in_progress_is_measured_as_far_as_it_went() -> None:
    script = Script()
    script.ring(2)
    script.finish()
    assert script.call.outcome == "unknown"
    talking = Script()
    talking.sound(1.0)
    talking.lift()
    talking.wait(5.0)
    talking.finish()
    assert (talking.call.outcome, talking.call.talk_s) == ("answered", None)


def test_a_hook_switch_that_the_settings_do_not_name_changes_nothing() -> None:
    script = line_with(hook_pin=None)
    script.ring(1)
    script.lift()
    script.wait(10.0)
    assert script.call.outcome == "unknown"


def test_edges_that_come_late_count_as_simultaneous_and_are_counted() -> None:
    script = Script()
    script.sound(1.0)
    script.ring_pin(0.5, active=True)
    script.ring_pin(1.5, active=False)
    assert script.line.inspect().noise.late == 1
    script.wait(10.0)
    assert script.call.rings_begun == 1


def test_what_is_no_time_is_refused() -> None:
    script = Script()
    with pytest.raises(ValueError, match="is no time"):
        script.ring_pin(float("nan"), active=True)


@pytest.mark.parametrize("ring_active_high", [True, False])
@pytest.mark.parametrize("hook_active_high", [True, False])
def test_pins_may_be_active_high_or_low(ring_active_high: bool, hook_active_high: bool) -> None:  # noqa: FBT001
    script = line_with(ring_active_high=ring_active_high, hook_active_high=hook_active_high)
    for t_s, pin, active in (
        (0.0, "ring", True),
        (1.0, "ring", False),
        (2.0, "hook", True),
        (9.0, "hook", False),
    ):
        if pin == "ring":
            script.ring_pin(t_s, active=active)
        else:
            script.hook_pin(t_s, off_hook=active)
    script.events += script.line.advance(20.0)
    assert script.call.outcome == "answered"
    assert script.call.talk_s == pytest.approx(7.0)
