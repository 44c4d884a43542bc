"""Two lines at one desk."""

import pytest

from edge.observation import Edge, EdgesLost
from edge.phone.events import CallEnded, LineEvent, OffHook, Ringing
from edge.phone.switchboard import Switchboard
from tests.worlds.phone_scripts import phone_line


def two_lines() -> Switchboard:
    return Switchboard(phone_line(name=name, input="contact") for name in ("reception", "showroom"))


def ringing(line: str, start_s: float, rings: int) -> list[Edge]:
    return [
        Edge(start_s + 5.0 * number + at_s, line, "ring", level)
        for number in range(rings)
        for at_s, level in ((0.0, True), (1.0, False))
    ]


EDGES = sorted(
    [
        *ringing("reception", 1.0, 3),
        *ringing("showroom", 2.5, 2),
        Edge(13.0, "reception", "hook", level=True),
        Edge(25.0, "reception", "hook", level=False),
    ],
    key=lambda edge: edge.t_s,
)


def decoded(board: Switchboard, look_s: float = 40.0) -> list[LineEvent]:
    """The events of the two lines, with looks at the time between the edges."""
    events: list[LineEvent] = []
    begin_s = 0.0
    while begin_s < 40.0:
        until_s = min(begin_s + look_s, 40.0)
        for edge in EDGES:
            if begin_s < edge.t_s <= until_s:
                events += board.observe(edge)
        events += board.advance(until_s)
        begin_s = until_s
    return events + board.finish(40.0)


def test_two_lines_ring_at_the_same_time_and_are_measured_apart() -> None:
    events = decoded(two_lines())
    calls = {event.call.line: event.call for event in events if isinstance(event, CallEnded)}
    assert (calls["reception"].rings_begun, calls["reception"].outcome) == (3, "answered")
    assert (calls["showroom"].rings_begun, calls["showroom"].outcome) == (2, "unknown")
    assert [event.line for event in events if isinstance(event, OffHook)] == ["reception"]
    rings = [(event.line, event.ring_number) for event in events if isinstance(event, Ringing)]
    assert rings[:4] == [("reception", 1), ("showroom", 1), ("reception", 2), ("showroom", 2)]


@pytest.mark.parametrize("look_s", [0.013, 0.1, 1.7])
def test_how_often_the_time_is_looked_at_changes_nothing(look_s: float) -> None:
    assert decoded(two_lines(), look_s) == decoded(two_lines())


def test_edges_lost_on_the_way_are_counted_with_their_line() -> None:
    board = two_lines()
    board.observe(EdgesLost(1.0, "showroom", 7))
    assert board.lines["showroom"].inspect().noise.dropped == 7
    assert board.lines["reception"].inspect().noise.dropped == 0


def test_an_edge_of_a_line_that_the_settings_do_not_name_is_not_this_desks() -> None:
    assert two_lines().observe(Edge(1.0, "3", "ring", level=True)) == []
