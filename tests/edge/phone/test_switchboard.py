"""Two lines at one desk."""

import pytest

from edge.phone.events import CallEnded, LineEvent, OffHook, Ringing
from edge.phone.line_settings import PhoneLineSettings
from edge.phone.switchboard import EdgeBatch, PinEdge, Switchboard


def two_lines() -> Switchboard:
    return Switchboard(
        PhoneLineSettings(
            line=name, input="contact", ring_active_high=True, has_hook_switch=True, cadence="DE"
        )
        for name in ("reception", "showroom")
    )


def ringing(line: str, start_s: float, rings: int) -> list[PinEdge]:
    return [
        PinEdge(start_s + 5.0 * number + at_s, line, "ring", level)
        for number in range(rings)
        for at_s, level in ((0.0, True), (1.0, False))
    ]


EDGES = sorted(
    [
        *ringing("reception", 1.0, 3),
        *ringing("showroom", 2.5, 2),
        PinEdge(13.0, "reception", "hook", False),
        PinEdge(25.0, "reception", "hook", True),
    ],
    key=lambda edge: edge.t_s,
)


def test_two_lines_ring_at_the_same_time_and_are_measured_apart() -> None:
    board = two_lines()
    events = [*board.on_batch(EdgeBatch(tuple(EDGES), 40.0)), *board.finish(40.0)]
    calls = {event.call.line: event.call for event in events if isinstance(event, CallEnded)}
    assert (calls["reception"].rings_begun, calls["reception"].outcome) == (3, "answered")
    assert (calls["showroom"].rings_begun, calls["showroom"].outcome) == (2, "abandoned")
    assert [event.line for event in events if isinstance(event, OffHook)] == ["reception"]
    rings = [(event.line, event.ring_number) for event in events if isinstance(event, Ringing)]
    assert rings[:4] == [("reception", 1), ("showroom", 1), ("reception", 2), ("showroom", 2)]


@pytest.mark.parametrize("batch_s", [0.013, 0.1, 1.7, 40.0])
def test_how_edges_come_in_batches_changes_nothing(batch_s: float) -> None:
    whole, pieces = two_lines(), two_lines()
    expected = [*whole.on_batch(EdgeBatch(tuple(EDGES), 40.0)), *whole.finish(40.0)]
    events: list[LineEvent] = []
    begin_s = 0.0
    while begin_s < 40.0:
        until_s = min(begin_s + batch_s, 40.0)
        edges = tuple(edge for edge in EDGES if begin_s < edge.t_s <= until_s)
        events += pieces.on_batch(EdgeBatch(edges, until_s))
        begin_s = until_s
    assert [*events, *pieces.finish(40.0)] == expected


def test_edges_lost_on_the_way_are_counted_with_their_line() -> None:
    board = two_lines()
    board.on_batch(EdgeBatch((), 1.0, dropped=(("showroom", 7),)))
    assert board.lines["showroom"].inspect().noise.dropped == 7
    assert board.lines["reception"].inspect().noise.dropped == 0


def test_an_edge_of_an_unknown_line_is_refused_with_the_lines_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"line 3: .* name reception, showroom"):
        two_lines().on_edge(PinEdge(1.0, "3", "ring", level=True))


def test_two_lines_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two lines are named 1"):
        Switchboard([PhoneLineSettings(), PhoneLineSettings()])
