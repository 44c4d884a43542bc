"""Traces recorded on real pins, each a problem that must not come back."""

from pathlib import Path
from typing import Any

import pytest

from edge.observation import Edge, from_json
from edge.phone.events import CallEnded
from edge.phone.line_settings import PhoneLineSettings
from edge.phone.switchboard import PinEdge, Switchboard

RECORDINGS = Path(__file__).parent / "recordings"


@pytest.mark.parametrize(
    "wiring",
    [{"pulses_per_cycle": 1}, {"pulses_per_cycle": 2}, {}, {"input": "envelope"}, {"input": "contact"}],
    ids=str,
)
def test_interference_that_overran_the_kernels_queue_is_no_call(wiring: dict[str, Any]) -> None:
    # Recorded on a simulated gpiochip through lgpio, driven at 5 kHz: three edges of four were lost on the way, in clumps.
    board = Switchboard([PhoneLineSettings(cadence="UK", **wiring)])
    events = []
    for line in (RECORDINGS / "interference_through_a_kernel.jsonl").read_text().splitlines():
        observation = from_json(line)
        if isinstance(observation, Edge):
            events += board.on_edge(
                PinEdge(observation.t_s, observation.line, observation.pin, observation.level)
            )
        else:
            events += board.finish(observation.t_s)
    assert [event for event in events if isinstance(event, CallEnded)] == []
