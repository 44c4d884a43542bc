"""Ringing that stops may have been answered at another telephone, by a fax or by a machine: it is not said to be given up."""

from typing import Any

import pytest

from edge.phone.events import LineFault
from edge.phone.hook_trust import CALLS_STILL
from protocol.rings_by_time import CONTINUOUS
from tests.worlds.phone_scripts import Script, line_with


def unanswered(rings: int, **changes: Any) -> Script:
    script = line_with(input="contact", **changes)
    script.ring(rings)
    script.wait(30.0)
    return script


def test_ringing_that_stops_on_a_shared_line_may_have_been_answered_there() -> None:
    call = unanswered(3, shared=True).call
    assert (call.outcome, call.answered_elsewhere) == ("unknown", "possible")


def test_a_call_answered_here_was_answered_here_whoever_shares_the_line() -> None:
    script = line_with(input="contact", shared=True, answered_elsewhere_after_s=6.0)
    script.ring(2)
    script.lift()
    script.wait(20.0)
    script.hang_up()
    script.wait(5.0)
    assert (script.call.outcome, script.call.answered_elsewhere) == ("answered", None)


@pytest.mark.parametrize(
    ("rings", "elsewhere"), [(1, None), (2, None), (4, "likely"), (5, "likely"), (7, None)]
)
def test_ringing_that_stops_when_a_machine_answers_was_left_to_it(rings: int, elsewhere: str | None) -> None:
    call = unanswered(rings, answered_elsewhere_after_s=20.0).call
    assert call.answered_elsewhere == elsewhere
    assert call.outcome == ("unknown" if elsewhere else "abandoned")


def test_a_held_contact_that_opens_when_a_machine_answers_was_left_to_it() -> None:
    script = line_with(input="contact", cadence=CONTINUOUS, answered_elsewhere_after_s=20.0)
    for held_s in (12.0, 20.5, 40.0):
        script.sound(held_s)
        script.wait(30.0)
    assert [call.answered_elsewhere for call in script.calls] == [None, "likely", None]


def test_a_shared_line_at_whose_machine_it_stopped_was_left_to_the_machine() -> None:
    assert unanswered(4, shared=True, answered_elsewhere_after_s=20.0).call.answered_elsewhere == "likely"
    assert unanswered(2, shared=True, answered_elsewhere_after_s=20.0).call.answered_elsewhere == "possible"


def test_calls_that_others_answer_say_nothing_against_the_hook_switch() -> None:
    script = line_with(input="contact", shared=True)
    for _ in range(CALLS_STILL + 2):
        script.ring(2)
        script.wait(30.0)
    assert script.events_of(LineFault) == []


def test_without_a_hook_switch_the_outcome_is_unknown_and_a_machine_is_still_told() -> None:
    call = unanswered(4, hook_pin=None, answered_elsewhere_after_s=20.0).call
    assert (call.outcome, call.answered_elsewhere) == ("unknown", "likely")
