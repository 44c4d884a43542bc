"""A contact held while it rings, as of a door bell or an IP telephone, is a call whose rings are counted by time; a stuck one is a fault."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.cadence.cadence import LONGEST_HOLD_S
from edge.observation import Edge
from edge.phone.events import CallEnded, LineFault, LineHealed, OffHook, Ringing
from edge.phone.expectation import PRESS_WAITS_S
from edge.phone.line import LineDecoder
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS, rings_by_time
from tests.worlds.phone_scripts import Script, line_with, phone_line


def bell(**changes: Any) -> Script:
    """A line without a cadence, at rest."""
    script = line_with(**{"input": "contact", "cadence": CONTINUOUS, **changes})
    script.ring_pin(-5.0, active=False)
    return script


def answered(script: Script, held_s: float) -> Call:
    """A call that is picked up while the contact is held, and ends twenty seconds later."""
    script.sound(held_s)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(40.0)
    return script.calls[-1]


@pytest.mark.parametrize(
    ("held_s", "begun", "completed"), [(3.0, 1, 0), (14.9, 3, 2), (15.0, 3, 3), (15.1, 4, 3), (60.0, 12, 12)]
)
def test_the_rings_of_a_held_contact_are_the_time_it_is_held(
    held_s: float, begun: int, completed: int
) -> None:
    call = answered(bell(), held_s)
    assert (call.outcome, call.rings_begun, call.rings_completed, call.answered_ring) == (
        "answered",
        begun,
        completed,
        begun,
    )
    assert (call.cadence, call.ring_s, call.pickup_delay_s) == (CONTINUOUS, held_s, held_s)


def test_a_ring_takes_as_long_as_the_standard_says() -> None:
    line = LineDecoder(phone_line(input="contact", cadence=CONTINUOUS), seconds_per_ring=3.0)
    line.observe(Edge(0.0, "1", "ring", level=False))
    line.observe(Edge(10.0, "1", "ring", level=True))
    events = line.observe(Edge(20.0, "1", "ring", level=False)) + line.finish(60.0)
    assert [event.t_s for event in events if isinstance(event, Ringing)] == [10.0, 13.0, 16.0, 19.0]
    (call,) = (event.call for event in events if isinstance(event, CallEnded))
    assert (call.rings_begun, call.rings_completed) == (4, 3)


def test_each_ring_of_a_held_contact_is_an_event_when_its_time_has_come() -> None:
    script = bell()
    script.ring_pin(0.0, active=True)
    script.wait(4.9)
    assert [event.ring_number for event in script.events_of(Ringing)] == [1]
    script.wait(0.2)
    assert script.events_of(Ringing)[-1] == Ringing(5.0, "1", 2)


@pytest.mark.parametrize("cadence", ["DE", "US", "UK", "auto"])
@pytest.mark.parametrize("hook_pin", [27, None])
def test_a_contact_that_is_held_is_a_call_whatever_cadence_the_settings_name(
    cadence: str, hook_pin: int | None
) -> None:
    script = bell(cadence=cadence, hook_pin=hook_pin)
    for _ in range(5):
        answered(script, 18.0)
    outcome = "answered" if hook_pin else "unknown"
    assert [(call.outcome, call.cadence, call.rings_begun) for call in script.calls] == [
        (outcome, CONTINUOUS, 4)
    ] * 5
    assert script.events_of(LineFault) == []


def test_a_held_contact_that_nobody_answers_was_given_up_once_the_line_is_known_to_ring_so() -> None:
    script = bell(cadence="DE")
    script.sound(18.0)
    script.wait(30.0)
    answered(script, 18.0)
    script.sound(23.0)
    script.wait(30.0)
    assert [call.outcome for call in script.calls] == ["unknown", "answered", "abandoned"]


def test_a_line_that_rings_in_its_cadence_and_then_holds_has_a_wire_that_touches() -> None:
    script = bell(cadence="DE")
    for _ in range(4):
        script.ring(3)
        script.wait(30.0)
    script.sound(18.0)
    script.wait(60.0)
    assert [call.cadence for call in script.calls] == ["DE"] * 4


@pytest.mark.parametrize("after_s", [0.05, 0.3, 1.0])
def test_a_contact_that_opens_just_before_the_receiver_moves_was_answered(after_s: float) -> None:
    script = bell()
    script.sound(18.0)
    script.wait(after_s)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(10.0)
    assert script.call.outcome == "answered"


def test_a_receiver_lifted_after_the_contact_has_opened_answers_nobody() -> None:
    script = bell()
    script.sound(18.0)
    script.wait(3.0)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(10.0)
    assert script.call.outcome == "abandoned"
    assert [event.incoming for event in script.events_of(OffHook)] == [False]


def test_whoever_pressed_a_button_waits_for_an_answer() -> None:
    script = bell()
    script.sound(0.4)
    script.wait(9.0)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(40.0)
    assert script.call.outcome == "answered"
    assert script.call.pickup_delay_s == pytest.approx(9.4)
    script.sound(0.4)
    script.wait(PRESS_WAITS_S + 10.0)
    assert script.calls[-1].outcome == "abandoned"


def test_a_button_pressed_again_and_again_is_one_call() -> None:
    script = bell()
    for _ in range(4):
        script.sound(1.0)
        script.wait(6.0)
    script.wait(40.0)
    assert (script.call.rings_begun, script.call.ring_s) == (5, 22.0)


@pytest.mark.parametrize("cadence", [CONTINUOUS, "DE"])
def test_a_stuck_contact_is_a_fault_and_no_call_and_heals_when_it_opens(cadence: str) -> None:
    script = bell(cadence=cadence)
    script.ring_pin(0.0, active=True)
    script.wait(LONGEST_HOLD_S - 1.0)
    assert script.events_of(LineFault) == []
    script.wait(2.0)
    (fault,) = script.events_of(LineFault)
    assert (fault.fault, "stuck" in fault.advice) == ("ring_stuck", True)
    script.wait(600.0)
    script.ring_pin(script.t_s, active=False)
    script.wait(60.0)
    assert [healed.fault for healed in script.events_of(LineHealed)] == ["ring_stuck"]
    assert script.calls == []
    assert answered(script, 18.0).rings_begun == 4


@pytest.mark.parametrize("cadence", [CONTINUOUS, "DE", "auto"])
def test_a_held_contact_that_is_wired_the_wrong_way_round_makes_no_calls_of_its_rests(cadence: str) -> None:
    script = line_with(input="contact", cadence=cadence, tried=False)
    script.ring_pin(0.0, active=True)
    for _ in range(6):
        script.wait(80.0)
        script.ring_pin(script.t_s, active=False)
        script.wait(18.0)
        script.ring_pin(script.t_s, active=True)
    assert script.calls == []
    assert script.events_of(LineFault)[0].fault == "ring_stuck"


def test_a_held_envelope_is_not_taken_for_a_bell_unless_the_settings_say_so() -> None:
    named, other = bell(input="envelope"), bell(input="envelope", cadence="DE")
    for script in (named, other):
        script.sound(18.0)
        script.wait(40.0)
    assert (len(named.calls), len(other.calls)) == (1, 0)


def test_a_chime_fed_from_the_mains_rings_through_an_optocoupler() -> None:
    script = bell(input="pulses", pulses_per_cycle=2)
    for number in range(round(12.0 * 100.0)):
        script.ring_pin(number / 100.0, active=True)
        script.ring_pin((number + 0.5) / 100.0, active=False)
    script.t_s = 12.0
    script.wait(40.0)
    assert (script.call.rings_begun, script.call.cadence) == (3, CONTINUOUS)


@settings(max_examples=60)
@given(
    held_s=st.floats(0.2, LONGEST_HOLD_S - 1.0),
    seconds_per_ring=st.floats(1.0, 60.0),
    bounces=st.lists(st.floats(0.0002, 0.01), max_size=4),
)
def test_a_held_contact_is_one_call_whose_rings_are_those_of_its_time(
    held_s: float, seconds_per_ring: float, bounces: list[float]
) -> None:
    line = LineDecoder(phone_line(input="contact", cadence=CONTINUOUS), seconds_per_ring)
    edges = [(0.0, False), (5.0, True)]
    for length_s in bounces:
        edges += [(edges[-1][0] + length_s, False), (edges[-1][0] + 2.0 * length_s, True)]
    edges.append((5.0 + held_s, False))
    events = [event for t_s, level in sorted(edges) for event in line.observe(Edge(t_s, "1", "ring", level))]
    events += line.finish(5.0 + held_s + 60.0)
    (call,) = (event.call for event in events if isinstance(event, CallEnded))
    counted = rings_by_time(call.ring_s, seconds_per_ring)
    assert call.ring_s == pytest.approx(held_s)
    assert (call.rings_begun, call.rings_completed) == (counted.begun, counted.completed)
    numbers = [event.ring_number for event in events if isinstance(event, Ringing)]
    assert numbers == sorted(set(numbers))
