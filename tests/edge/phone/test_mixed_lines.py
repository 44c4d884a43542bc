"""Lines with calls, hum, floating wires and a neighbour's ringing on one pin, and what each kind of noise once became."""

import pytest

from tests.worlds.mixed_lines import mixed_lines
from tests.worlds.phone_scripts import answered_levels, hang_up_after, line_with, pulses
from tests.worlds.phone_signals.judge import decode, is_claimed, judge

LINES = 39
"""Every cadence of the table."""


def test_calls_on_lines_with_everything_on_one_pin_are_right_and_few_are_invented() -> None:
    claimed = undisturbed = right = 0
    for line in mixed_lines(LINES, hours=0.5, seed="held back"):
        judgement = judge(line.settings, decode(line.settings, line.trace()), line.calls)
        claimed += sum(
            is_claimed(call) and not line.explains(call.start_s, call.start_s + call.ring_s)
            for call in judgement.invented
        )
        clear = [verdict for verdict in judgement.verdicts if not line.disturbed(verdict.truth)]
        undisturbed += len(clear)
        right += sum(verdict.right for verdict in clear)
    assert undisturbed > 100
    assert right >= undisturbed - 2
    # Lines that have just begun know nothing of themselves yet, and have a stray a minute.
    assert claimed <= 5


def test_hum_does_not_tell_how_many_pulses_make_a_cycle() -> None:
    script = line_with(input="pulses", cadence="auto")
    for _ in range(5):
        pulses(script, 1.0, 100.0)
        script.wait(20.0)
    # A detector for one direction: 20 Hz in 20 pulses a second, deaf to which it would be if two of them made a cycle.
    for _ in range(3):
        pulses(script, 2.0, 20.0)
        script.wait(4.0)
    hang_up_after(script, 20.0)
    assert [call.rings_begun for call in script.calls if is_claimed(call)] == [3]


@pytest.mark.parametrize("kind", ["contact", "envelope"])
def test_two_levels_that_do_not_repeat_each_other_are_no_call(kind: str) -> None:
    script = line_with(input=kind, cadence="auto")
    for _ in range(4):
        answered_levels(script)
    script.sound(1.0)
    script.wait(2.6)
    script.sound(0.45)
    script.wait(40.0)
    assert [call.outcome for call in script.calls if is_claimed(call)] == ["answered"] * 4


def test_hum_before_a_lift_is_no_call_of_a_line_that_has_not_shown_its_frequency() -> None:
    script = line_with(input="pulses", cadence="auto", pulses_per_cycle=1)
    pulses(script, 1.4, 50.0)
    script.wait(2.2)
    hang_up_after(script, 20.0)
    assert [call.outcome for call in script.calls] == ["unknown"]


def test_a_contact_without_a_hook_switch_rings_once_among_much_noise_and_is_not_passed_over() -> None:
    script = line_with(input="contact", cadence="auto", hook_pin=None)
    for seconds in (3.1, 0.45, 2.7, 4.4, 0.3, 3.8, 2.2, 4.9) * 2:
        script.sound(seconds)
        script.wait(40.0)
    script.sound(0.9)
    script.wait(40.0)
    assert [round(call.ring_s, 2) for call in script.calls][-1:] == [0.9]


def test_a_caller_with_a_ring_of_their_own_does_not_cut_the_lines_own_rings_apart() -> None:
    script = line_with(input="contact", cadence="auto")
    script.ring(3, (1.6, 6.4))
    hang_up_after(script, 20.0)
    # Three bursts a ring, with a short pause, for longer than the line itself has rung so far.
    script.ring(7, (0.4, 0.2, 0.4, 0.2, 0.4, 2.4))
    hang_up_after(script, 20.0)
    script.ring(4, (1.6, 6.4))
    script.wait(30.0)
    assert [call.rings_begun for call in script.calls] == [3, 7, 4]
