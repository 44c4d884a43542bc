"""Traces recorded on real pins, each a problem that must not come back."""

from pathlib import Path
from typing import Any

import pytest

from edge.observation import Edge, EdgesLost, from_json
from edge.phone.telephone import Telephone
from edge.settings.desk_toml import PhoneLine

RECORDINGS = Path(__file__).parent / "recordings"


@pytest.mark.parametrize(
    "wiring",
    [{"pulses_per_cycle": 1}, {"pulses_per_cycle": 2}, {}, {"input": "envelope"}, {"input": "contact"}],
    ids=str,
)
def test_interference_that_overran_the_kernels_queue_is_no_call(wiring: dict[str, Any]) -> None:
    # Recorded on a simulated gpiochip through lgpio, driven at 5 kHz: three edges of four were lost on the way, in clumps.
    telephone = Telephone((PhoneLine(ring_pin=17, cadence="UK", **wiring),))
    for line in (RECORDINGS / "interference_through_a_kernel.jsonl").read_text().splitlines():
        observation = from_json(line)
        if isinstance(observation, Edge | EdgesLost):
            assert telephone.observe(observation) == ()
    assert telephone.finish(observation.t_s) == ()
