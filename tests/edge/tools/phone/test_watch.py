"""What the technician sees."""

import io
from pathlib import Path

from rich.console import Console

from edge.observation import Edge, EdgesLost, End, Tick
from edge.phone.inspection import wiring_advice
from edge.phone.noise import NoiseTally
from edge.phone.telephone import Telephone
from edge.recording import Recorder, read
from edge.settings.desk_toml import RingInput
from edge.tools.phone.pins import recorded
from edge.tools.phone.watch import render, strip, watch
from tests.worlds.phone_scripts import Script, line_with, phone_line


def shown(script: Script, problem: str | None = None) -> str:
    console = Console(width=120, file=io.StringIO(), force_terminal=False)
    console.print(render([script.line.inspect()], problem))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_before_the_first_edge_it_says_so() -> None:
    text = shown(Script())
    assert "no edge yet" in text
    assert "DE: nothing rang yet" in text


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
    assert "measured 1/4, fit 100%" in text


def test_the_strip_shows_when_it_rang_and_which_ring_it_was() -> None:
    script = Script()
    script.wait(20.0)
    script.ring(2)
    script.ring_pin(script.t_s, active=True)
    script.wait(0.5)
    picture = strip(script.line.inspect()).plain
    assert picture.startswith("·")
    assert [picture.index(number) for number in "123"] == sorted(picture.index(number) for number in "123")
    assert picture.count("█") >= 2


def test_bursts_while_the_receiver_is_lifted_are_shown_as_none() -> None:
    script = Script()
    script.lift()
    script.wait(10.0)
    script.ring(1)
    assert "no ringing: receiver lifted" in shown(script)
    assert "x" in strip(script.line.inspect()).plain
    script.ring(1)
    assert "! it rings while the hook switch shows a lifted receiver" in shown(script)


def test_an_envelope_said_to_be_pulses_is_pointed_out() -> None:
    script = line_with(input="pulses")
    for _ in range(6):
        script.ring_pin(script.t_s, active=True)
        script.ring_pin(script.t_s + 1.0, active=False)
        script.wait(5.0)
    assert "looks like an envelope or a contact" in shown(script)


def test_pulses_said_to_be_an_envelope_are_pointed_out() -> None:
    script = line_with(input="envelope")
    for number in range(50):
        script.ring_pin(number * 0.05, active=True)
        script.ring_pin(number * 0.05 + 0.015, active=False)
    script.wait(10.0)
    assert "this looks like pulses" in shown(script)


def advice(
    input_kind: RingInput, bursts: int = 0, holds: int = 0, cadence: str = "DE", **noise: int
) -> tuple[str, ...]:
    return wiring_advice(input_kind, cadence, levels=0, bursts=bursts, holds=holds, noise=NoiseTally(**noise))


def test_advice_is_given_on_suspicion_only() -> None:
    assert advice("pulses") == ()
    assert "check pulses_per_cycle" in advice("pulses", slow=20)[0]
    assert "3 edges lost" in advice("contact", bursts=9, dropped=3)[0]


def test_contacts_that_are_held_again_and_again_want_a_cadence_that_says_so() -> None:
    assert advice("contact", bursts=1, holds=1) == ()
    assert 'cadence = "continuous"' in advice("contact", bursts=2, holds=2)[0]
    assert advice("contact", bursts=2, holds=2, cadence="continuous") == ()


def test_a_held_contact_is_shown_with_how_long_it_is_held() -> None:
    script = line_with(input="contact", cadence="continuous")
    script.ring_pin(0.0, active=True)
    script.wait(12.0)
    assert "ringing, ring 3 by time: held for 12 s" in shown(script)
    script.ring_pin(18.0, active=False)
    script.t_s = 18.0
    script.wait(20.0)
    assert "rings without a pause" in shown(script)


def test_a_line_that_rings_otherwise_than_its_profile_is_shown_with_what_was_measured() -> None:
    script = line_with(cadence="US")
    script.ring(3, (0.4, 0.2, 0.4, 2.0))
    script.wait(20.0)
    assert "US: measured 0.4/0.2/0.4/2, which does not fit" in shown(script)


def test_auto_shows_who_rings_like_this() -> None:
    script = line_with(cadence="auto", input="contact")
    script.ring(5, (2.0, 4.0))
    script.wait(20.0)
    assert "2/4 (US, CA, MX, TR, PA, MY, ...): measured 2/4" in shown(script)


def test_a_problem_of_the_pins_stands_above_all() -> None:
    assert "The pins cannot be watched" in shown(Script(), "the thread has ended")


LOOKS: list[Edge | EdgesLost | Tick] = [
    Edge(0.0, "1", "ring", level=True),
    Tick(0.5),
    Edge(1.0, "1", "ring", level=False),
    Tick(1.05),
    Edge(5.0, "1", "ring", level=True),
    Edge(6.0, "1", "ring", level=False),
    Tick(6.05),
    Tick(30.0),
]


def test_watching_draws_each_look_as_the_desks_own_telephone_decodes_it() -> None:
    telephone = Telephone((phone_line(),))
    console = Console(width=120, file=io.StringIO())
    watch(LOOKS, telephone, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    (call,) = telephone.inspect()[0].calls
    assert call.rings_begun == 2
    assert "2 (2 whole)" in text


def test_what_is_recorded_is_whole_whenever_it_is_read_and_ends_where_time_ended(tmp_path: Path) -> None:
    path = tmp_path / "line.jsonl"
    edges = [look for look in LOOKS if not isinstance(look, Tick)]
    with Recorder(path) as recorder:
        passed = recorded(LOOKS, recorder)
        assert [next(passed), next(passed), next(passed)] == LOOKS[:3]
        assert list(read(path)) == edges[:2]
        assert list(passed) == LOOKS[3:]
    assert list(read(path)) == [*edges, End(30.0)]


def test_nothing_is_recorded_when_nothing_came(tmp_path: Path) -> None:
    path = tmp_path / "line.jsonl"
    with Recorder(path) as recorder:
        assert list(recorded([], recorder)) == []
    assert list(read(path)) == []
