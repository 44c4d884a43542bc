"""A switch is believed once it has moved; a wire that cannot be right is found, and its fault goes when it heals."""

from typing import Any

import pytest

from edge.phone.events import CallEnded, LineFault, LineHealed, OffHook, Ringing
from edge.phone.hook_trust import CALLS_STILL, CALLS_UNMOVED
from tests.worlds.phone_scripts import Script, line_with


def hum(script: Script, pin: str, seconds: float, hz: float = 50.0) -> None:
    """A pin that follows the mains."""
    for number in range(int(seconds * hz)):
        for part, active in ((0.0, True), (0.4, False)):
            t_s = script.t_s + (number + part) / hz
            if pin == "hook":
                script.hook_pin(t_s, off_hook=active)
            else:
                script.ring_pin(t_s, active=active)
    script.t_s += seconds


def faults(script: Script) -> list[str]:
    return [fault.fault for fault in script.events_of(LineFault)]


def healed(script: Script) -> list[str]:
    return [fault.fault for fault in script.events_of(LineHealed)]


def call(script: Script, rings: int = 3, *, answered: bool = False) -> None:
    script.ring(rings)
    if answered:
        script.lift()
        script.wait(20.0)
        script.hang_up()
    script.wait(30.0)


def test_before_the_hook_switch_has_moved_no_call_counts_as_given_up() -> None:
    script = line_with(tried=False)
    script.hook_pin(0.0, off_hook=False)
    for _ in range(5):
        call(script)
    assert [each.outcome for each in script.calls] == ["unknown"] * 5
    (fault,) = script.events_of(LineFault)
    assert (fault.fault, f"in {CALLS_UNMOVED} calls" in fault.advice) == ("hook_unmoved", True)


def test_a_switch_that_has_moved_is_believed_from_then_on() -> None:
    script = line_with(tried=False)
    script.hook_pin(0.0, off_hook=False)
    call(script, answered=True)
    call(script)
    assert [each.outcome for each in script.calls] == ["answered", "abandoned"]
    assert faults(script) == []


def test_after_twenty_calls_without_a_movement_the_switch_is_believed_no_more_until_it_moves() -> None:
    script = Script()
    for _ in range(CALLS_STILL + 2):
        call(script)
    assert [each.outcome for each in script.calls] == ["abandoned"] * CALLS_STILL + ["unknown"] * 2
    assert (faults(script), healed(script)) == (["hook_unmoved"], [])
    call(script, answered=True)
    call(script)
    assert [each.outcome for each in script.calls[-2:]] == ["answered", "abandoned"]
    assert healed(script) == ["hook_unmoved"]


@pytest.mark.parametrize("nudge_s", [0.05, 0.15, 0.3])
@pytest.mark.parametrize("at_s", [0.5, 2.0, 5.4])
def test_a_nudge_while_the_ringing_goes_on_is_no_answer(nudge_s: float, at_s: float) -> None:
    script = line_with(input="contact")
    edges = [(5.0 * ring + at, "ring", on) for ring in range(3) for at, on in ((0.0, True), (1.0, False))]
    edges += [(at_s, "hook", True), (at_s + nudge_s, "hook", False)]
    for t_s, pin, active in sorted(edges):
        if pin == "ring":
            script.ring_pin(t_s, active=active)
        else:
            script.hook_pin(t_s, off_hook=active)
    script.t_s = 11.0
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.rings_completed, script.call.outcome) == (3, 3, "abandoned")
    assert script.events_of(OffHook) == []


def test_a_pick_up_is_confirmed_later_and_dated_when_it_happened() -> None:
    script = Script()
    script.sound(1.0)
    script.wait(1.0)
    script.lift()
    script.wait(0.3)
    assert script.events_of(OffHook) == []
    script.wait(0.2)
    assert [event.t_s for event in script.events_of(OffHook)] == [2.0]
    script.hang_up()
    script.wait(5.0)
    assert script.call.pickup_delay_s == pytest.approx(2.0)


def test_a_humming_hook_switch_is_found_and_delays_no_calls_end() -> None:
    script = Script()
    script.ring(2)
    hum(script, "hook", 30.0)
    ended = script.events_of(CallEnded)
    assert [(event.call.rings_begun, event.call.outcome) for event in ended] == [(2, "unknown")]
    assert ended[0].call.end_s == pytest.approx(6.0)
    assert faults(script) == ["hook_unsteady"]


def test_calls_that_ring_while_the_hook_switch_hums_are_counted_with_no_outcome() -> None:
    script = line_with(input="contact")
    hum(script, "hook", 5.0)
    start_s = script.t_s
    ringing = [(start_s + 5.0 * ring + at, on) for ring in range(3) for at, on in ((0.0, True), (1.0, False))]
    for number in range(3000):
        t_s = start_s + number * 0.01
        while ringing and ringing[0][0] <= t_s:
            at_s, on = ringing.pop(0)
            script.ring_pin(at_s, active=on)
        script.hook_pin(t_s, off_hook=number % 2 == 0)
    assert (script.call.rings_begun, script.call.outcome) == (3, "unknown")
    script.t_s = start_s + 30.0
    script.hang_up()
    script.wait(5.0)
    assert healed(script) == ["hook_unsteady"]
    call(script, answered=True)
    assert script.calls[-1].outcome == "answered"


def test_an_answered_call_ends_when_its_hook_switch_begins_to_hum() -> None:
    script = Script()
    script.ring(1)
    script.lift()
    script.wait(10.0)
    hum(script, "hook", 5.0)
    assert (script.call.outcome, script.call.talk_s) == ("answered", None)
    assert script.call.end_s == pytest.approx(17.0, abs=0.1)


def test_a_hook_switch_wired_the_wrong_way_round_is_found_by_the_rings_it_would_hide() -> None:
    script = line_with(tried=False, hook_active_high=False)
    # Active high in truth: the pin is low while the receiver is down, which reads as lifted.
    script.hook_pin(0.0, off_hook=True)
    script.wait(10.0)
    for _ in range(3):
        script.ring(2)
        script.hook_pin(script.t_s, off_hook=False)
        script.wait(20.0)
        script.hook_pin(script.t_s, off_hook=True)
        script.wait(30.0)
    assert [(each.rings_begun, each.outcome) for each in script.calls] == [(2, "unknown")] * 3
    (fault,) = script.events_of(LineFault)
    assert (fault.fault, "turn hook_active_high round" in fault.advice) == ("hook_inverted", True)


def test_a_hook_switch_wired_the_wrong_way_round_is_found_though_each_call_rings_once() -> None:
    script = line_with(tried=False)
    script.hook_pin(0.0, off_hook=True)
    script.wait(10.0)
    for _ in range(3):
        script.ring(1)
        script.hook_pin(script.t_s, off_hook=False)
        script.wait(20.0)
        script.hook_pin(script.t_s, off_hook=True)
        script.wait(30.0)
    assert faults(script) == ["hook_inverted"]


def test_a_switch_that_stuck_open_after_a_call_ends_that_call_and_heals_when_it_closes() -> None:
    script = Script()
    script.ring(1)
    script.lift()
    script.wait(300.0)
    call(script)
    first, second = script.calls
    assert (first.outcome, first.talk_s, second.outcome, second.rings_begun) == (
        "answered",
        None,
        "unknown",
        3,
    )
    script.hang_up()
    script.wait(10.0)
    call(script)
    call(script, answered=True)
    assert script.calls[-1].outcome == "answered"
    assert (faults(script), healed(script)) == (["hook_inverted"], ["hook_inverted"])


@pytest.mark.parametrize(
    "wiring", [{"input": "pulses"}, {"input": "envelope"}, {"input": "contact"}], ids=str
)
def test_a_ring_pin_that_stays_active_is_found_and_heals(wiring: dict[str, Any]) -> None:
    script = line_with(tried=False, **wiring)
    script.ring_pin(0.0, active=True)
    script.wait(20.0)
    assert (faults(script), healed(script)) == (["ring_stuck"], [])
    script.ring_pin(20.0, active=False)
    script.wait(20.0)
    assert healed(script) == ["ring_stuck"]
    call(script)
    assert script.call.rings_begun == 3


def test_the_pauses_of_an_inverted_contact_are_no_rings() -> None:
    script = line_with(input="contact", tried=False)
    script.ring_pin(0.0, active=True)
    script.wait(60.0)
    for _ in range(4):
        script.ring_pin(script.t_s, active=False)
        script.wait(1.0)
        script.ring_pin(script.t_s, active=True)
        script.wait(4.0)
    script.wait(60.0)
    assert faults(script) == ["ring_stuck"]
    assert [event.t_s for event in script.events_of(Ringing)] == [0.0]
    assert script.calls == []
