"""Cameras and pins report side by side; the deciding parts are told in one order, that of time."""

from hypothesis import given
from hypothesis import strategies as st

from edge.live.one_order import LONGEST_WAIT_S, LookBegun, OneOrder
from edge.observation import Edge, FrameSeen, Observation

Happening = tuple[float, LookBegun | Observation]
"""What a part reports, and when."""


def edge(t_s: float) -> Edge:
    return Edge(t_s, "1", "ring", level=True)


def told(happenings: list[Happening]) -> list[tuple[float, Observation]]:
    """What is told, and when, by a loop that wakes up at every report and whenever something is due."""
    order, told = OneOrder(), []
    for now_s, news in sorted(happenings, key=lambda each: each[0]):
        while (due_s := order.next_due_s()) is not None and due_s < now_s:
            told += [(due_s, observation) for observation in order.due(due_s)]
        order.take_in(news, now_s)
        told += [(now_s, observation) for observation in order.due(now_s)]
    return [*told, *((float("inf"), observation) for observation in order.due(float("inf")))]


def look(camera: str, t_s: float, took_s: float) -> list[Happening]:
    return [(t_s, LookBegun(camera, t_s)), (t_s + took_s, FrameSeen(t_s, camera))]


def times(happenings: list[Happening]) -> list[float]:
    return [observation.t_s for _, observation in told(happenings)]


def test_a_frame_that_is_looked_at_quickly_waits_for_an_earlier_one() -> None:
    assert times([*look("door", 1.00, 0.08), *look("desk", 1.02, 0.01)]) == [1.00, 1.02]


def test_a_frame_waits_for_no_later_one() -> None:
    told_at = told([*look("door", 1.02, 0.08), *look("desk", 1.00, 0.03)])
    assert told_at[0] == (1.03, FrameSeen(1.00, "desk"))


def test_a_ring_waits_for_the_frames_before_it() -> None:
    assert times([*look("door", 1.00, 0.08), (1.05, edge(1.02))]) == [1.00, 1.02]


def test_nothing_waits_longer_than_it_may_for_a_look_that_takes_long() -> None:
    told_at = told([*look("door", 1.00, 5.0), (1.05, edge(1.02))])
    assert [(round(at_s, 6), each.t_s) for at_s, each in told_at] == [
        (round(1.05 + LONGEST_WAIT_S, 6), 1.02),
        (6.0, 1.0),
    ]


def test_what_waited_too_long_takes_along_what_was_before_it() -> None:
    """Two edges, of which the later one came first: both are told when its wait is over."""
    told_at = told([*look("door", 1.00, 5.0), (1.05, edge(1.03)), (1.10, edge(1.02))])
    assert [each.t_s for _, each in told_at] == [1.02, 1.03, 1.00]
    assert [round(at_s, 6) for at_s, _ in told_at[:2]] == [round(1.05 + LONGEST_WAIT_S, 6)] * 2


def test_of_one_moment_what_came_first_is_told_first() -> None:
    frames = [(1.1, FrameSeen(1.0, name)) for name in ("a", "b", "c")]
    assert [each for _, each in told([*frames])] == [frame for _, frame in frames]


def test_a_camera_that_was_given_up_is_not_waited_for() -> None:
    order = OneOrder()
    order.take_in(LookBegun("door", 1.0), 1.0)
    order.take_in(edge(1.02), 1.05)
    order.forget("door")
    assert order.due(1.05) == [edge(1.02)]
    assert order.next_due_s() is None


@st.composite
def a_desk_at_work(draw: st.DrawFn) -> list[Happening]:
    """Cameras that look one frame after the other, and edges, each known within the bound."""
    happenings: list[Happening] = []
    for camera in ("door", "desk", "hall")[: draw(st.integers(0, 3))]:
        t_s = draw(st.floats(0.0, 0.2))
        for _ in range(draw(st.integers(0, 12))):
            took_s = draw(st.floats(0.0, 0.99 * LONGEST_WAIT_S))
            happenings += look(camera, t_s, took_s)
            t_s += took_s + draw(st.floats(0.001, 0.2))
    for _ in range(draw(st.integers(0, 12))):
        t_s = draw(st.floats(0.0, 2.0))
        happenings.append((t_s, edge(t_s)))
    return happenings


@given(a_desk_at_work())
def test_where_looks_are_quick_enough_all_is_told_once_in_order_of_time_and_soon(
    happenings: list[Happening],
) -> None:
    told_at = told(happenings)
    observed = [(came_s, news) for came_s, news in happenings if not isinstance(news, LookBegun)]
    assert [each.t_s for _, each in told_at] == sorted(news.t_s for _, news in observed)
    assert sorted(map(repr, (each for _, each in told_at))) == sorted(repr(news) for _, news in observed)
    waits_s = [at_s - came_s for at_s, each in told_at for came_s, news in observed if news is each]
    assert max(waits_s, default=0.0) <= LONGEST_WAIT_S + 1e-9


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(0.0, 9.0)), max_size=20))
def test_however_late_a_report_comes_it_is_told_once(reports: list[tuple[float, float]]) -> None:
    happenings: list[Happening] = [(t_s + late_s, edge(t_s)) for t_s, late_s in reports]
    assert sorted(times(happenings)) == sorted(t_s for t_s, _ in reports)
