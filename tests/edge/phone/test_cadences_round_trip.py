"""Whatever cadence the decoder counts, settings accept; whatever settings accept, the decoder counts."""

from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.cadence.cadence import known_cadences, written
from edge.settings.desk_toml import RingInput
from protocol.measurements import Call
from tests.worlds.phone_scripts import line_with

RINGS, CALLS = 3, 3
HUNDREDTHS = 100.0


@st.composite
def cadences(draw: st.DrawFn) -> tuple[float, ...]:
    """One to four bursts a ring, from 0.15 to 2.5 s each, in hundredths of a second; pauses of any length, in any order."""
    bursts = draw(st.integers(1, 4))
    on = st.integers(15, 250)
    off = st.one_of(st.integers(5, 160), st.integers(40, 700))
    return tuple(draw(time) / HUNDREDTHS for _ in range(bursts) for time in (on, off))


def calls_of(cycle_s: tuple[float, ...], cadence: str, ring_input: RingInput) -> list[Call]:
    """Calls of so many rings each, answered in the pause after the last, as a line of this cadence decodes them."""
    script = line_with(
        cadence=cadence, input=ring_input, pulses_per_cycle=2 if ring_input == "pulses" else None
    )
    for _ in range(CALLS):
        script.ring(RINGS - 1, cycle_s)
        script.ring(1, (*cycle_s[:-1], cycle_s[-1] / 2.0))
        script.lift()
        script.wait(20.0)
        script.hang_up()
        script.wait(30.0)
    return script.calls


def counted(cycle_s: tuple[float, ...], cadence: str, ring_input: RingInput = "contact") -> bool:
    """Whether every ring of every call is counted, and every pick-up known to be one."""
    calls = calls_of(cycle_s, cadence, ring_input)
    return [(call.rings_begun, call.outcome) for call in calls] == [(RINGS, "answered")] * CALLS


@settings(max_examples=300)
@given(cycle_s=cadences())
@example((0.55, 0.55, 0.55, 2.85))
@example((0.98, 0.98, 0.3, 1.02))
def test_a_cadence_that_auto_counts_is_one_that_settings_accept(cycle_s: tuple[float, ...]) -> None:
    assert not counted(cycle_s, "auto") or counted(cycle_s, written(cycle_s))


@settings(max_examples=300)
@given(cycle_s=cadences(), ring_input=st.sampled_from(["contact", "envelope", "pulses"]))
@example((0.55, 0.55, 0.55, 2.85), "pulses")
@example((1.0, 0.7), "contact")
@example((0.3, 1.4, 0.3, 4.0), "envelope")
# Pauses as short as two pulses that were missed.
@example((1.2, 0.05, 1.88, 0.05, 1.83, 0.5), "pulses")
@example((1.2, 0.15, 1.88, 0.15, 1.83, 0.5), "pulses")
def test_a_cadence_that_settings_accept_is_counted(cycle_s: tuple[float, ...], ring_input: RingInput) -> None:
    try:
        right = counted(cycle_s, written(cycle_s), ring_input)
    except ValidationError:
        return
    assert right


@pytest.mark.parametrize(
    "cadence", known_cadences(), ids=lambda cadence: f"{cadence.names[0]} {cadence.text}"
)
def test_every_row_of_the_table_written_out_is_accepted_and_counted(cadence: object) -> None:
    cycle_s: tuple[float, ...] = cadence.cycle_s  # type: ignore[attr-defined]
    assert counted(cycle_s, written(cycle_s))
    assert counted(cycle_s, "auto")


@pytest.mark.parametrize("outcome", ["abandoned", "answered"])
@pytest.mark.parametrize("cadence", ["auto", "0.55/0.55/0.55/2.85"])
def test_a_single_double_ring_is_a_call_however_it_ends(
    cadence: str, outcome: Literal["abandoned", "answered"]
) -> None:
    script = line_with(cadence=cadence, input="contact")
    script.ring(1, (0.55, 0.55, 0.55, 0.5))
    if outcome == "answered":
        script.lift()
        script.wait(20.0)
        script.hang_up()
    script.wait(20.0)
    assert (script.call.rings_begun, script.call.outcome) == (1, outcome)
