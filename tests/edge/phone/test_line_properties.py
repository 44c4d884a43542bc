"""What holds for every trace of edges, whatever it is."""

from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edge.observation import Edge
from edge.phone.events import (
    HOOK_FAULTS,
    CallEnded,
    LineEvent,
    LineFault,
    OffHook,
    OnHook,
    Ringing,
    RingingStopped,
)
from edge.phone.inspection import BURSTS_SHOWN, CALLS_SHOWN
from edge.phone.line import LineDecoder
from edge.phone.receiver import MOST_WAITING
from edge.phone.rings import RINGS_KEPT
from edge.settings.desk_toml import RingInput
from tests.worlds.phone_scripts import phone_line

Pin = Literal["ring", "hook"]
INPUTS = st.sampled_from(["pulses", "envelope", "contact"])
GAPS_S = st.one_of(
    st.floats(0.0, 0.01),
    st.floats(0.01, 0.08),
    st.floats(0.08, 0.6),
    st.floats(0.6, 6.0),
    st.floats(6.0, 60.0),
)


@st.composite
def traces(draw: st.DrawFn) -> list[tuple[float, Pin, bool]]:
    """Edges of both pins: single ones, trains of pulses, levels, in any order and at any distance."""
    t_s = 0.0
    edges: list[tuple[float, Pin, bool]] = []
    for _ in range(draw(st.integers(1, 25))):
        t_s += draw(GAPS_S)
        kind = draw(st.sampled_from(["edge", "hook", "train", "level"]))
        if kind == "edge":
            edges.append((t_s, "ring", draw(st.booleans())))
        elif kind == "hook":
            edges.append((t_s, "hook", draw(st.booleans())))
        elif kind == "level":
            edges += [(t_s, "ring", True), (t_s + draw(st.floats(0.001, 3.0)), "ring", False)]
            t_s = edges[-1][0]
        else:
            hz, count = draw(st.floats(5.0, 200.0)), draw(st.integers(2, 80))
            for number in range(count):
                edges += [(t_s + number / hz, "ring", True), (t_s + (number + 0.4) / hz, "ring", False)]
            t_s = edges[-1][0]
    return edges


def line(kind: RingInput) -> LineDecoder:
    return LineDecoder(phone_line(input=kind, cadence="auto"))


def decoded(phone: LineDecoder, edges: list[tuple[float, Pin, bool]]) -> list[LineEvent]:
    events: list[LineEvent] = []
    for t_s, pin, level in edges:
        events += phone.observe(Edge(t_s, "1", pin, level))
    return events + phone.finish(edges[-1][0] + 30.0)


HUM: list[tuple[float, Pin, bool]] = [
    edge for n in range(10) for edge in ((n / 60, "ring", True), ((n + 0.4) / 60, "ring", False))
]


LEVELS_ACROSS_A_LIFT: list[tuple[float, Pin, bool]] = [
    (0.0, "ring", True),
    (1.0, "ring", False),
    (2.0, "ring", True),
    (2.0078125, "hook", True),
    (3.0078125, "ring", False),
    (3.0078125, "ring", True),
    (5.0078125, "ring", False),
    (5.0078125, "ring", True),
    (5.0878125, "ring", False),
    (5.2078125, "ring", True),
    (5.2878125, "ring", False),
    (5.2878125, "hook", False),
    (5.3503125, "ring", True),
]
LIFTED_AMONG_NOISE: list[tuple[float, Pin, bool]] = [
    *(edge for n in range(4) for edge in ((n / 152, "ring", True), ((n + 0.4) / 152, "ring", False))),
    (0.0224, "hook", True),
    *(
        edge
        for n in range(8)
        for edge in ((0.0224 + n / 22, "ring", True), (0.0224 + (n + 0.4) / 22, "ring", False))
    ),
]


FROM_THE_FIRST: list[tuple[float, Pin, bool]] = [(1.0, "ring", True), (60.0, "ring", False)]


# A look before the first edge made the level at which the pin was found one that came later.
@example(edges=FROM_THE_FIRST, kind="contact", looks=[0.0])
# Of hum that fell silent, the fault bore the time of whatever looked next.
@example(edges=[*HUM, (100.0, "ring", False)], kind="envelope", looks=[85.0])
@settings(max_examples=150)
@given(edges=traces(), kind=INPUTS, looks=st.lists(st.floats(0.0, 200.0), max_size=40))
def test_a_trace_gives_the_same_events_however_often_the_time_is_looked_at(
    edges: list[tuple[float, Pin, bool]], kind: RingInput, looks: list[float]
) -> None:
    watched = line(kind)
    events: list[LineEvent] = []
    waiting = sorted(looks)
    for t_s, pin, level in edges:
        while waiting and waiting[0] <= t_s:
            events += watched.advance(waiting.pop(0))
        events += watched.observe(Edge(t_s, "1", pin, level))
    events += watched.finish(edges[-1][0] + 30.0)
    assert events == decoded(line(kind), edges)


# Ringing that was told from noise after the lift, and began before it, ended before time itself.
@example(edges=LEVELS_ACROSS_A_LIFT, kind="envelope")
@example(edges=LIFTED_AMONG_NOISE, kind="pulses")
@settings(max_examples=150)
@given(edges=traces(), kind=INPUTS)
def test_the_events_are_one_story(edges: list[tuple[float, Pin, bool]], kind: RingInput) -> None:
    rings, lifted, ringing_over = 0, False, True
    for event in decoded(line(kind), edges):
        if isinstance(event, Ringing):
            assert not lifted
            # By time, other rings may have begun while a bell's button was released.
            assert event.ring_number in (rings + 1, rings) or (
                kind == "contact" and event.ring_number > rings
            )
            rings, ringing_over = event.ring_number, False
        elif isinstance(event, RingingStopped):
            assert not ringing_over
            ringing_over = True
        elif isinstance(event, OffHook):
            assert not lifted
            lifted = True
            rings = 0 if not event.incoming else rings
        elif isinstance(event, OnHook):
            assert lifted
            lifted = False
            # What had rung before the lift may have been found to be no call since.
            rings = rings if event.incoming else 0
        elif isinstance(event, CallEnded):
            rings = 0
        elif isinstance(event, LineFault) and event.fault in HOOK_FAULTS:
            lifted = False
        if isinstance(event, RingingStopped) and event.reason == "no_call":
            rings = 0


@settings(max_examples=150)
@given(edges=traces(), kind=INPUTS)
def test_every_call_adds_up(edges: list[tuple[float, Pin, bool]], kind: RingInput) -> None:
    events = decoded(line(kind), edges)
    for call in (event.call for event in events if isinstance(event, CallEnded)):
        assert 0 <= call.rings_completed <= call.rings_begun
        assert call.rings_begun >= 1
        assert call.start_s <= call.start_s + call.ring_s <= call.end_s + 1e-9
        assert (
            (call.answered_ring is not None)
            == (call.outcome == "answered")
            == (call.pickup_delay_s is not None)
        )
        assert call.answered_ring in (None, call.rings_begun)
        assert call.talk_s is None or call.talk_s >= 0.0


@settings(max_examples=100)
@given(
    noise=st.lists(st.tuples(st.floats(0.0, 0.099), st.floats(0.001, 0.05)), min_size=1, max_size=40),
    kind=st.sampled_from(["envelope", "contact"]),
)
def test_levels_shorter_than_100_ms_never_make_a_call(
    noise: list[tuple[float, float]], kind: RingInput
) -> None:
    edges: list[tuple[float, Pin, bool]] = []
    t_s = 0.0
    for level_s, gap_s in noise:
        t_s += 0.026 + gap_s
        edges += [(t_s, "ring", True), (t_s + level_s, "ring", False)]
        t_s += level_s
    assert not [event for event in decoded(line(kind), edges) if isinstance(event, (Ringing, CallEnded))]


@settings(max_examples=100)
@given(
    rings=st.integers(1, 9),
    cycle_s=st.sampled_from(
        [(1.0, 4.0), (2.0, 4.0), (0.4, 0.2, 0.4, 2.0), (1.0, 2.0), (1.5, 3.5), (0.8, 0.4, 0.8, 4.0)]
    ),
    scale=st.floats(0.9, 1.1),
    stretch_s=st.floats(0.0, 0.2),
    first_s=st.floats(0.15, 0.4),
    answered=st.floats(0.1, 0.9),
)
def test_a_clean_call_is_counted_rightly_on_any_cadence_stretch_and_first_burst(
    rings: int, cycle_s: tuple[float, ...], scale: float, stretch_s: float, first_s: float, answered: float
) -> None:
    edges: list[tuple[float, Pin, bool]] = []
    t_s = 0.0
    for number in range(rings):
        for index, (on_s, off_s) in enumerate(zip(cycle_s[::2], cycle_s[1::2], strict=True)):
            length_s = first_s if number == index == 0 else on_s * scale
            edges += [(t_s, "ring", True), (t_s + length_s + stretch_s, "ring", False)]
            t_s += length_s + off_s * scale
    pickup_s = t_s - cycle_s[-1] * scale + 0.2 + answered * (cycle_s[-1] * scale - 0.2)
    edges += [(pickup_s, "hook", True), (pickup_s + 20.0, "hook", False)]
    edges = sorted(_merged(edges))
    (call,) = [event.call for event in decoded(line("envelope"), edges) if isinstance(event, CallEnded)]
    assert (call.rings_begun, call.answered_ring, call.outcome) == (rings, rings, "answered")
    assert call.pickup_delay_s == pytest.approx(pickup_s)
    assert call.talk_s == pytest.approx(20.0)


def _merged(edges: list[tuple[float, Pin, bool]]) -> list[tuple[float, Pin, bool]]:
    """Without the falls of bursts that the next burst's rise came before."""
    kept: list[tuple[float, Pin, bool]] = []
    for edge in edges:
        if kept and kept[-1][1] == edge[1] == "ring" and edge[2] and kept[-1][0] >= edge[0]:
            kept.pop()
        else:
            kept.append(edge)
    return kept


@pytest.mark.parametrize("kind", ["pulses", "envelope", "contact"])
def test_nothing_grows_however_much_noise_comes(kind: RingInput) -> None:
    phone = line(kind)
    for number in range(100_000):
        phone.observe(Edge(number * 0.00005, "1", "ring", number % 2 == 0))
        if number % 40 == 0:
            phone.observe(Edge(number * 0.00005, "1", "hook", number % 80 == 0))
    view = phone.inspect()
    assert len(view.bursts) <= BURSTS_SHOWN
    assert len(view.calls) <= CALLS_SHOWN
    assert len(phone._receiver.waiting) <= MOST_WAITING
    assert len(phone.tracker.rings.kept) <= RINGS_KEPT + 1
