"""A call is heard though noise came shortly before or after it: what is left out of the ringing is the noise, and nothing of the call."""

import pytest

from tests.worlds.phone_scripts import Script, answered, answered_levels, hang_up_after, line_with, pulses

INPUTS = ("pulses", "envelope", "contact")


def line_that_has_rung(input_kind: str) -> Script:
    script = line_with(input=input_kind)
    for _ in range(4):
        if input_kind == "pulses":
            answered(script, 0.5)
        else:
            answered_levels(script)
    script.events.clear()
    return script


def noise(script: Script, *times_s: float) -> None:
    """On and off in no cadence; pulses come at a rate of their own."""
    for number, time_s in enumerate(times_s):
        if number % 2:
            script.wait(time_s)
        elif script.settings.input == "pulses":
            pulses(script, time_s, 37.0, 0.4)
        else:
            script.sound(time_s)


@pytest.mark.parametrize("input_kind", INPUTS)
@pytest.mark.parametrize("times_s", [(0.4, 1.3, 0.2, 2.2), (1.7, 1.2), (0.25, 1.1, 2.3, 1.5, 0.3, 5.0)])
def test_a_call_that_comes_shortly_after_noise_is_heard(input_kind: str, times_s: tuple[float, ...]) -> None:
    script = line_that_has_rung(input_kind)
    noise(script, *times_s)
    began_s = script.t_s
    script.ring(4)
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.outcome) == (4, "abandoned")
    assert script.call.start_s == pytest.approx(began_s, abs=0.05)


@pytest.mark.parametrize("input_kind", INPUTS)
@pytest.mark.parametrize("times_s", [(0.4, 1.3, 0.2, 2.2), (1.7, 1.2)])
def test_a_call_is_answered_in_its_own_ring_and_not_in_one_that_noise_adds(
    input_kind: str, times_s: tuple[float, ...]
) -> None:
    script = line_that_has_rung(input_kind)
    noise(script, *times_s)
    began_s = script.t_s
    script.ring(3)
    hang_up_after(script, 20.0)
    assert (script.call.outcome, script.call.answered_ring) == ("answered", 3)
    assert script.call.pickup_delay_s == pytest.approx(15.0, abs=0.1)
    assert script.call.start_s == pytest.approx(began_s, abs=0.05)


@pytest.mark.parametrize("input_kind", ["envelope", "contact"])
def test_a_level_that_could_be_the_end_of_a_ring_is_none_where_the_next_comes_too_soon(
    input_kind: str,
) -> None:
    script = line_that_has_rung(input_kind)
    noise(script, 0.3, 2.6)
    script.ring(4)
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.outcome) == (4, "abandoned")


@pytest.mark.parametrize("input_kind", INPUTS)
@pytest.mark.parametrize("times_s", [(2.4,), (0.3, 1.4, 0.5)])
def test_noise_after_the_last_ring_is_no_ring(input_kind: str, times_s: tuple[float, ...]) -> None:
    script = line_that_has_rung(input_kind)
    script.ring(3)
    script.sound(1.0)
    over_s = script.t_s
    script.wait(1.8)
    noise(script, *times_s)
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.outcome) == (4, "abandoned")
    assert script.call.end_s == pytest.approx(over_s, abs=0.05)


@pytest.mark.parametrize("input_kind", INPUTS)
def test_noise_alone_holds_no_call_whichever_part_of_it_is_taken(input_kind: str) -> None:
    script = line_that_has_rung(input_kind)
    noise(script, 0.3, 1.2, 0.7, 2.1, 0.2, 1.4, 2.3, 5.1, 0.5, 3.0, 0.6, 1.9, 1.8)
    script.wait(20.0)
    assert script.calls == []


def test_a_part_of_what_rang_is_as_if_nothing_else_had_rung() -> None:
    script = line_with(input="contact")
    script.ring(5, (0.4, 0.2, 0.4, 2.0))
    rings = script.line.tracker.rings
    assert rings.part(1, 5).kept == rings.kept
    part = rings.part(2, 4)
    assert (part.begun, [ring.number for ring in part.kept]) == (3, [1, 2, 3])
    assert [ring.start_s for ring in part.kept] == [ring.start_s for ring in rings.kept[1:4]]
    assert part.pauses_s == rings.pauses_s[1:3]
    assert [burst.start_s for burst in part.bursts] == [burst.start_s for burst in rings.bursts][2:8]
    assert part.last_end_s == rings.kept[3].end_s
