"""Edges on paper."""

import io
import json

from edge.observation import Edge, End, from_json
from edge.phone.recording import edge_line, end_line, record
from edge.phone.switchboard import EdgeBatch, PinEdge


def test_a_line_is_an_observation_of_the_desk_with_every_digit_of_its_time() -> None:
    edge = PinEdge(12345.678901, "1", "ring", level=True)
    assert from_json(edge_line(edge)) == Edge(t_s=12345.678901, line="1", pin="ring", level=True)
    assert from_json(end_line(12346.5)) == End(12346.5)


def test_a_recording_is_complete_whenever_it_is_stopped() -> None:
    out = io.StringIO()
    edges = [PinEdge(float(number), "1", "hook", level=bool(number % 2)) for number in range(4)]
    batches = iter([EdgeBatch(tuple(edges[:2]), 1.5), EdgeBatch(tuple(edges[2:]), 3.5)])
    recorded = record(batches, out)
    assert next(recorded).until_s == 1.5
    assert len(out.getvalue().splitlines()) == 2
    recorded.close()  # type: ignore[attr-defined]
    kinds = [json.loads(line)["kind"] for line in out.getvalue().splitlines()]
    assert kinds == ["edge", "edge", "end"]


def test_nothing_is_written_when_nothing_came() -> None:
    out = io.StringIO()
    assert list(record(iter(()), out)) == []
    assert out.getvalue() == ""
