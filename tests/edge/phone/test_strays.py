"""Hum, floating wires and a neighbour's ringing on a telephone's pin are noise, named by their cause, and never a call."""

import random

import pytest

from edge.phone.events import CallEnded, LineFault, LineHealed
from edge.phone.faults import NOISE_GONE_S
from tests.worlds.phone_scripts import Script, answered, answered_levels, line_with, pulses, rings
from tests.worlds.phone_signals.judge import decode, is_claimed, judge
from tests.worlds.phone_signals.population import stray_days
from tests.worlds.phone_signals.strays import Kind


@pytest.mark.parametrize("rate_hz", [60.0, 100.0, 120.0])
@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.0, 3.0, 20.0])
def test_hum_makes_no_call_and_its_cause_is_named(rate_hz: float, seconds: float) -> None:
    script = line_with(input="pulses")
    for _ in range(4):
        pulses(script, seconds, rate_hz)
        script.wait(20.0)
    assert script.calls == []
    (fault,) = script.events_of(LineFault)
    assert (fault.fault, "mains hum of" in fault.advice) == ("ring_hum", True)


def test_the_hum_is_taken_back_an_hour_after_it_was_last_seen() -> None:
    script = line_with(input="pulses")
    pulses(script, 2.0, 100.0)
    script.wait(NOISE_GONE_S - 10.0)
    assert script.events_of(LineHealed) == []
    script.wait(20.0)
    assert [healed.fault for healed in script.events_of(LineHealed)] == ["ring_hum"]


@pytest.mark.parametrize("seed", range(4))
def test_hum_at_the_rate_of_the_ringing_is_never_a_call_that_was_given_up(seed: int) -> None:
    rng = random.Random(seed)
    # Every length, that of a ring among them.
    lengths_s = [0.4 * 150.0 ** ((part + rng.random()) / 40.0) for part in range(40)] + [1.0]
    rng.shuffle(lengths_s)
    script = line_with(input="pulses")
    for _ in range(4):
        answered(script)
    for seconds in lengths_s:
        pulses(script, seconds, 50.0)
        script.wait(25.0)
    # What lasts no longer than a ring is one, as far as anybody can tell: its outcome is not claimed.
    assert [call.outcome for call in script.calls if is_claimed(call)] == ["answered"] * 4
    assert "ring_hum" in [fault.fault for fault in script.events_of(LineFault)]


@pytest.mark.parametrize("duty", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0])
def test_hum_on_a_contacts_wire_is_no_ring(rate_hz: float, duty: float) -> None:
    script = line_with(input="contact")
    for seconds in (0.5, 1.0, 4.0):
        pulses(script, seconds, rate_hz, duty)
        script.wait(20.0)
    assert [event for event in script.events if isinstance(event, CallEnded)] == []


def test_a_call_among_hum_is_heard() -> None:
    script = line_with(input="pulses")
    pulses(script, 5.0, 100.0)
    for _ in range(3):
        pulses(script, 1.0, 50.0)
        pulses(script, 4.0, 100.0)
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.outcome) == (3, "abandoned")


def test_the_ringing_of_a_neighbours_line_is_told_by_its_weaker_voltage() -> None:
    script = line_with(input="pulses")
    for _ in range(4):
        answered(script)
    rings(script, 4, width=0.3)
    script.wait(30.0)
    rings(script, 4)
    script.wait(30.0)
    assert [call.outcome for call in script.calls] == ["answered"] * 4 + ["abandoned"]
    assert [fault.fault for fault in script.events_of(LineFault)] == ["ring_crosstalk"]


@pytest.mark.parametrize(("hook_pin", "claimed"), [(27, 3), (None, 2)])
def test_the_ringing_of_a_neighbours_line_is_told_before_any_call_was_answered(
    hook_pin: int | None, claimed: int
) -> None:
    # Without a hook switch nobody shows whose ringing it is: of the first nobody knows.
    script = line_with(input="pulses", hook_pin=hook_pin)
    for width in (0.6, 0.6, 0.3, 0.25, 0.6, 0.35):
        rings(script, 3, width)
        script.wait(30.0)
    assert len([call for call in script.calls if is_claimed(call)]) == claimed


def test_a_detector_that_conducts_for_a_third_of_each_half_cycle_hears_calls() -> None:
    script = line_with(input="pulses")
    rings(script, 3, width=0.35)
    script.wait(30.0)
    assert script.call.outcome == "abandoned"


def answered_in_a_pause(script: Script, width: float) -> None:
    rings(script, 2, width=width)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(30.0)


def test_weak_ringing_that_is_answered_has_no_outcome_until_it_has_repeated_itself() -> None:
    script = line_with(input="pulses")
    for _ in range(4):
        answered(script)
    # A neighbour's ringing, and a lift by chance; or the line's own voltage, which has fallen.
    for _ in range(6):
        answered_in_a_pause(script, width=0.3)
    outcomes = [call.outcome for call in script.calls]
    assert outcomes == ["answered"] * 4 + ["unknown"] * 3 + ["answered"] * 3


def test_weak_ringing_that_is_answered_is_one_while_the_line_has_hardly_shown_its_strength() -> None:
    script = line_with(input="pulses")
    answered(script)
    answered_in_a_pause(script, width=0.3)
    assert [call.outcome for call in script.calls] == ["answered"] * 2


def test_a_wire_that_opens_and_closes_in_no_cadence_is_found() -> None:
    script = line_with(input="contact")
    for seconds in (3.1, 0.45, 2.7, 4.4, 0.3, 3.8, 2.2, 4.9):
        script.sound(seconds)
        script.wait(17.0)
    assert script.calls == []
    assert [fault.fault for fault in script.events_of(LineFault)] == ["ring_floating"]


def test_noise_while_somebody_talks_ends_no_call() -> None:
    script = line_with(input="contact")
    for _ in range(2):
        script.ring(1)
        script.lift()
        for seconds in (3.1, 0.45, 2.7, 4.4, 0.6):
            script.wait(4.0)
            script.sound(seconds)
        script.wait(5.0)
        script.hang_up()
        script.wait(30.0)
    assert [call.outcome for call in script.calls] == ["answered"] * 2
    assert all(call.talk_s is not None and call.talk_s > 30.0 for call in script.calls)


def test_a_single_ring_among_much_noise_has_no_outcome_and_three_have_one() -> None:
    script = line_with(input="contact")
    for seconds in (3.1, 0.45, 2.7, 4.4, 0.3, 3.8, 2.9, 4.1, 3.3, 4.8):
        script.sound(seconds)
        script.wait(37.0)
    script.ring(1)
    script.wait(30.0)
    assert "abandoned" not in [call.outcome for call in script.calls]
    assert all(call.confidence is not None and call.confidence < 0.5 for call in script.calls)
    script.ring(3)
    script.wait(30.0)
    assert script.calls[-1].outcome == "abandoned"
    assert script.calls[-1].confidence is not None
    assert script.calls[-1].confidence > 0.9


def test_a_pick_up_among_hum_that_goes_on_answered_nobody() -> None:
    script = line_with(input="envelope")
    for _ in range(2):
        answered_levels(script)
    script.sound_over_a_lift(1.0, 3.5)
    assert [call.outcome for call in script.calls] == ["answered"] * 2


@pytest.mark.parametrize("on_s", [0.0, 0.3, 1.5])
def test_a_private_exchange_may_ring_on_to_the_end_of_its_burst(on_s: float) -> None:
    script = line_with(input="envelope")
    script.ring(2)
    script.sound_over_a_lift(0.5, on_s)
    assert script.call.outcome == "answered"


def test_a_call_says_how_sure_it_is_and_at_what_frequency_it_rang() -> None:
    script = line_with(input="pulses", pulses_per_cycle=2)
    rings(script, 3)
    script.wait(20.0)
    assert script.call.ring_hz == pytest.approx(25.0, abs=0.2)
    assert script.call.confidence == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("kind", "most_an_hour", "least_right"),
    [("hum", 0.5, 0.98), ("float", 0.8, 0.97), ("crosstalk", 1.2, 0.98)],
)
def test_among_strays_every_minute_calls_are_right_and_few_are_invented(
    kind: Kind, most_an_hour: float, least_right: float
) -> None:
    invented = heard = right = 0
    hours = 5.0
    for day in stray_days(round(2 * hours), seconds=1800.0, seed=3, kinds=(kind,)):
        judgement = judge(day.desk.settings, decode(day.desk.settings, day.desk.trace()), day.desk.calls)
        invented += sum(is_claimed(call) and not day.desk.is_of_a_call(call) for call in judgement.invented)
        clear = [verdict for verdict in judgement.verdicts if not day.desk.is_strayed_upon(verdict.truth)]
        heard += len(clear)
        right += sum(verdict.right for verdict in clear)
    assert right / heard >= least_right
    assert invented / hours <= most_an_hour
