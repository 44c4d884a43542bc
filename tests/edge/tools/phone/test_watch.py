"""What the technician sees."""

import io
from collections.abc import Iterator

from rich.console import Console

from edge.phone.events import CallEnded, LineEvent
from edge.phone.inspection import wiring_advice
from edge.phone.noise import NoiseCounts
from edge.phone.switchboard import EdgeBatch, PinEdge, Switchboard
from edge.tools.phone.watch import render, strip, watch
from tests.worlds.phone_scripts import Script, line_with


def shown(script: Script, problem: str | None = None) -> str:
    console = Console(width=120, file=io.StringIO(), force_terminal=False)
    console.print(render([script.line.inspect()], problem))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_before_the_first_edge_it_says_so() -> None:
    text = shown(Script())
    assert "no edge yet" in text
    assert "DE: nothing heard yet" in text


def test_a_ringing_line_shows_its_bursts_its_ring_and_its_pin() -> None:
    script = line_with(input="pulses", pulses_per_cycle=2)
    script.ring(2)
    script.sound(0.5)
    text = shown(script)
    assert "ringing, ring 3" in text
    assert "25.0 Hz" in text
    assert "ring 2" in text


def test_a_call_is_shown_with_what_was_measured_and_how_it_fits() -> None:
    script = Script()
    script.ring(3)
    script.lift()
    assert "moving" in shown(script)
    script.wait(10.0)
    assert "lifted" in shown(script)
    script.hang_up()
    script.wait(5.0)
    text = shown(script)
    assert "answered in ring 3" in text
    assert "heard 1/4, fit 100%" in text


def test_the_strip_shows_when_it_rang_and_which_ring_it_was() -> None:
    script = Script()
    script.wait(20.0)
    script.ring(2)
    script.events += script.line.on_ring_edge(script.t_s, True)
    script.wait(0.5)
    picture = strip(script.line.inspect()).plain
    assert picture.startswith("·")
    assert [picture.index(number) for number in "123"] == sorted(picture.index(number) for number in "123")
    assert picture.count("█") >= 2


def test_bursts_while_the_receiver_is_lifted_are_shown_as_none() -> None:
    script = Script()
    script.lift()
    script.wait(10.0)
    script.ring(2)
    text = shown(script)
    assert "no ringing: receiver lifted" in text
    assert "! it rings while the receiver is said to be lifted" in text
    assert "x" in strip(script.line.inspect()).plain


def test_an_envelope_said_to_be_pulses_is_pointed_out() -> None:
    script = line_with(input="pulses")
    for _ in range(6):
        script.events += script.line.on_ring_edge(script.t_s, True)
        script.events += script.line.on_ring_edge(script.t_s + 1.0, False)
        script.wait(5.0)
    assert "looks like an envelope or a contact" in shown(script)


def test_pulses_said_to_be_an_envelope_are_pointed_out() -> None:
    script = line_with(input="envelope")
    for number in range(50):
        script.events += script.line.on_ring_edge(number * 0.05, True)
        script.events += script.line.on_ring_edge(number * 0.05 + 0.015, False)
    script.wait(10.0)
    assert "this looks like pulses" in shown(script)


def test_advice_is_given_on_suspicion_only() -> None:
    quiet = NoiseCounts()
    assert wiring_advice("pulses", levels=0, bursts=0, noise=quiet) == ()
    assert (
        "check pulses_per_cycle" in wiring_advice("pulses", levels=0, bursts=0, noise=NoiseCounts(slow=20))[0]
    )
    assert "3 edges lost" in wiring_advice("contact", levels=0, bursts=9, noise=NoiseCounts(dropped=3))[0]


def test_a_line_that_rings_otherwise_than_its_profile_is_shown_with_what_was_heard() -> None:
    script = line_with(cadence="US")
    script.ring(3, (0.4, 0.2, 0.4, 2.0))
    script.wait(20.0)
    assert "US: heard 0.4/0.2/0.4/2, which does not fit" in shown(script)


def test_auto_shows_who_rings_like_this() -> None:
    script = line_with(cadence="auto", input="contact")
    script.ring(5, (2.0, 4.0))
    script.wait(20.0)
    assert "2/4 (US, CA, MX, TR, PA, MY, ...): heard 2/4" in shown(script)


def test_a_problem_of_the_pins_stands_above_all() -> None:
    assert "The pins cannot be heard" in shown(Script(), "the thread has ended")


def test_watching_draws_each_batch_and_passes_on_what_the_lines_tell() -> None:
    board = Switchboard([Script().settings])
    edges = [
        PinEdge(5.0 * n + at_s, "1", "ring", level)
        for n in range(3)
        for at_s, level in ((0.0, True), (1.0, False))
    ]

    def batches() -> Iterator[EdgeBatch]:
        for edge in edges:
            yield EdgeBatch((edge,), edge.t_s)
        yield EdgeBatch((), 30.0)

    told: list[LineEvent] = []
    console = Console(width=120, file=io.StringIO())
    watch(batches(), board, console, on_events=told.extend)
    assert [event.call.rings_begun for event in told if isinstance(event, CallEnded)] == [3]
    assert "abandoned" in console.file.getvalue()  # type: ignore[attr-defined]
