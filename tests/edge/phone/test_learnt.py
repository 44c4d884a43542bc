"""What a line has learnt of itself goes on with it after a restart."""

import pytest

from edge.phone.events import CallEnded, LineFault
from edge.phone.learnt import LearntLine
from edge.phone.line import LineDecoder
from edge.phone.switchboard import Switchboard
from tests.worlds.phone_scripts import Script, line_with, phone_line


def rings(script: Script, times: int, width: float = 0.6) -> None:
    for _ in range(times):
        for number in range(50):
            at_s = script.t_s + number / 50.0
            script.ring_pin(at_s, active=True)
            script.ring_pin(at_s + width / 50.0, active=False)
        script.t_s += 1.0
        script.wait(4.0)


def answered(script: Script) -> None:
    rings(script, 3)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(30.0)


def restarted(script: Script) -> Script:
    """The same line in a new process: what it had learnt went through a file."""
    text = script.line.learnt.model_dump_json()
    again = Script(script.settings, tried=False)
    again.line.recall(LearntLine.model_validate_json(text))
    again.t_s = 5.0
    again.hook_pin(0.0, off_hook=False)
    return again


def test_a_line_without_calls_has_learnt_nothing() -> None:
    assert LineDecoder(phone_line()).learnt == LearntLine()


def test_a_line_goes_on_with_all_that_it_had_learnt() -> None:
    script = line_with(input="pulses", cadence="auto")
    for _ in range(4):
        answered(script)
    again = restarted(script)
    assert again.line.learnt == script.line.learnt
    assert again.line.inspect().cadence == script.line.inspect().cadence


def test_after_a_restart_a_neighbours_ringing_is_still_weaker_than_the_lines_own() -> None:
    script = line_with(input="pulses")
    for _ in range(4):
        answered(script)
    again = restarted(script)
    rings(again, 4, width=0.3)
    again.wait(30.0)
    assert again.calls == []
    rings(again, 3)
    again.wait(30.0)
    assert again.call.outcome == "abandoned"


def test_after_a_restart_a_hook_switch_that_had_moved_is_believed() -> None:
    script = line_with(input="contact")
    script.ring(2)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(20.0)
    again = restarted(script)
    again.ring(3)
    again.wait(20.0)
    assert again.call.outcome == "abandoned"
    fresh = line_with(tried=False, input="contact")
    fresh.hook_pin(0.0, off_hook=False)
    fresh.ring(3)
    fresh.wait(20.0)
    assert fresh.call.outcome == "unknown"


def test_after_a_restart_a_hook_switch_that_is_the_wrong_way_round_is_told_with_the_first_edge() -> None:
    switchboard = Switchboard([phone_line()])
    switchboard.recall({"1": LearntLine(hook_inverted=True, hook_moved=True)})
    line = switchboard.lines["1"]
    assert line.learnt.hook_inverted
    script = Script(phone_line(), tried=False)
    script.line = line
    script.hook_pin(0.0, off_hook=True)
    assert [fault.fault for fault in script.events_of(LineFault)] == ["hook_inverted"]
    script.t_s = 5.0
    script.ring(3)
    script.wait(20.0)
    assert [event.call.outcome for event in script.events_of(CallEnded)] == ["unknown"]


def test_what_another_line_had_learnt_says_nothing() -> None:
    switchboard = Switchboard([phone_line(name="2")])
    switchboard.recall({"1": LearntLine(hook_moved=True)})
    assert switchboard.lines["2"].learnt == LearntLine()


@pytest.mark.parametrize("input_kind", ["pulses", "envelope", "contact"])
def test_what_was_learnt_before_a_restart_comes_before_what_was_learnt_since(input_kind: str) -> None:
    script = line_with(input=input_kind, cadence="auto")
    for _ in range(2):
        answered(script)
    late = Script(script.settings, tried=False)
    late.hook_pin(-1.0, off_hook=False)
    answered(late)
    before, since = script.line.learnt, late.line.learnt
    late.line.recall(before)
    both = late.line.learnt
    assert both.calls == (*before.calls, *since.calls)
    assert both.held == (*before.held, *since.held)
    assert both.bursts_hz == (*before.bursts_hz, *since.bursts_hz)
    assert both.heard == (*before.heard, *since.heard)


def test_a_line_may_be_told_what_it_had_learnt_while_it_rings() -> None:
    script = line_with(input="pulses", cadence="auto")
    for _ in range(4):
        answered(script)
    late = Script(script.settings, tried=False)
    late.hook_pin(-1.0, off_hook=False)
    rings(late, 2)
    late.line.recall(script.line.learnt)
    rings(late, 2)
    late.wait(20.0)
    assert late.call.outcome == "abandoned"
    assert late.call.rings_begun == 4


def test_a_hook_switch_that_answered_since_the_start_is_not_held_to_be_the_wrong_way_round() -> None:
    script = line_with(tried=False)
    script.hook_pin(-1.0, off_hook=False)
    answered(script)
    script.line.recall(LearntLine(hook_inverted=True, hook_moved=True))
    rings(script, 3)
    assert script.events_of(LineFault) == []
