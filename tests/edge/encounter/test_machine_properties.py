"""What holds for every script of people, whatever they do."""

import pickle
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.encounter.machine import EncounterMachine
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import Box, Estimate, Place
from edge.scene.scene_now import SceneNow, Track
from protocol.measurements import Encounter
from tests.worlds.visits import STANDARD, IdealScene, Walker, does, run, visitor

places = st.tuples(st.floats(-4.0, 4.0), st.floats(0.3, 6.0))


@st.composite
def walkers(draw: st.DrawFn, id_: int) -> Walker:
    """Somebody who walks from place to place, stands now and then, and is hidden at times."""
    t_s = draw(st.floats(0.0, 30.0))
    points = []
    for _ in range(draw(st.integers(2, 6))):
        x, y = draw(places)
        points.append((t_s, x, y))
        t_s += draw(st.floats(0.5, 8.0))
        if draw(st.booleans()):
            points.append((t_s, x, y))
            t_s += draw(st.floats(0.5, 4.0))
    starts = draw(st.lists(st.floats(0.0, 60.0), max_size=2))
    hidden = tuple((start, start + draw(st.floats(0.2, 25.0))) for start in starts)
    return Walker(id_, tuple(points), hidden=hidden)


@st.composite
def crowds(draw: st.DrawFn) -> list[Walker]:
    return [draw(walkers(id_)) for id_ in range(draw(st.integers(0, 4)))]


@st.composite
def hosts(draw: st.DrawFn) -> Any:
    state = st.fixed_dictionaries(
        {},
        optional={name: st.booleans() for name in ("present", "turned", "smiling", "standing", "working")},
    )
    times = sorted(draw(st.lists(st.floats(0.0, 90.0), max_size=8)))
    starts = draw(st.lists(st.floats(0.0, 90.0), max_size=2))
    unseen = tuple((start, start + draw(st.floats(0.2, 20.0))) for start in starts)
    return does(*((t_s, draw(state)) for t_s in times), unseen=unseen)


blinds = st.lists(st.tuples(st.floats(0.0, 80.0), st.floats(0.2, 40.0)), max_size=2).map(
    lambda each: tuple((start, start + length) for start, length in each)
)
EXPLORE = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def assert_in_order(encounter: Encounter) -> None:
    assert encounter.start_s == encounter.came_near_s <= encounter.end_s
    assert encounter.came_near_s <= encounter.confirmed_s
    assert encounter.came_near_s <= encounter.last_seen_s
    if encounter.stopped_s is not None:
        assert encounter.came_near_s <= encounter.stopped_s <= encounter.end_s
    if encounter.left_s is not None:
        assert encounter.ended_by == "left"
        assert encounter.left_s == encounter.end_s
    assert 0.0 <= encounter.wait_s <= encounter.end_s - encounter.came_near_s + 1e-9
    if encounter.resumed_work_s is not None:
        assert encounter.resumed_work_s >= encounter.came_near_s
    times = [reaction.at_s for reaction in encounter.reactions]
    assert times == sorted(times)
    assert len({reaction.kind for reaction in encounter.reactions}) == len(times)
    assert all(time <= encounter.end_s for time in times)
    assert (encounter.reaction_kind is not None) == (encounter.wait_ended_by == "reaction")


@EXPLORE
@given(crowds(), hosts(), blinds)
def test_times_are_in_order_waits_are_never_negative_and_no_visit_is_told_twice(
    crowd: list[Walker], host: Any, blind: tuple[tuple[float, float], ...]
) -> None:
    told = run(*crowd, host=host, blind=blind, until=80.0, step_s=0.25)
    for encounter in told.encounters:
        assert_in_order(encounter)
    numbers = [encounter.visit for encounter in told.encounters]
    # A visit that turns out to have been a slow walk is not told, and its number is not used again.
    assert len(set(numbers)) == len(numbers)
    assert min(numbers, default=1) >= 1


@EXPLORE
@given(
    crowds(), hosts(), st.lists(st.tuples(st.floats(-8.0, 8.0), st.floats(8.0, 12.0)), min_size=1, max_size=3)
)
def test_people_far_away_change_nothing(
    crowd: list[Walker], host: Any, far: list[tuple[float, float]]
) -> None:
    strollers = [Walker(100 + index, ((0.0, x, y), (100.0, -x, y))) for index, (x, y) in enumerate(far)]
    alone = run(*crowd, host=host, until=80.0, step_s=0.25)
    watched = run(*crowd, *strollers, host=host, until=80.0, step_s=0.25)
    assert watched.encounters == alone.encounters


@EXPLORE
@given(crowds(), hosts())
def test_the_same_script_gives_the_same_measurements(crowd: list[Walker], host: Any) -> None:
    once = run(*crowd, host=host, until=80.0, step_s=0.25)
    again = run(*crowd, host=host, until=80.0, step_s=0.25)
    assert [each.model_dump_json() for each in once.encounters] == [
        each.model_dump_json() for each in again.encounters
    ]


maybe = st.none() | st.booleans()
instants = st.none() | st.floats(0.0, 20.0)


@st.composite
def tracks(draw: st.DrawFn, t_s: float) -> Track:
    """A track that keeps no promise of the scene but that times have passed."""
    past = st.none() | st.floats(0.0, t_s)
    near = draw(st.booleans())
    return Track(
        id=draw(st.integers(1, 4)),
        first_seen_s=draw(st.floats(0.0, t_s)),
        last_seen_s=draw(st.floats(0.0, t_s)),
        box=Box(0.1, 0.1, 0.3, 0.9),
        place=draw(st.none() | st.just(Place(0.0, 1.0, 0.1))),
        distance_m=draw(st.none() | st.builds(Estimate, st.floats(0.0, 9.0), st.floats(0.0, 1.0))),
        speed_m_s=None,
        near=near,
        near_since_s=draw(past) if near else None,
        gone_since_s=draw(past),
        stands=draw(st.booleans()),
        stood_since_s=draw(past),
        visible=draw(st.booleans()),
    )


@st.composite
def moments(draw: st.DrawFn, t_s: float) -> tuple[SceneNow, HostNow, bool | None]:
    people = {track.id: track for track in draw(st.lists(tracks(t_s), max_size=4))}
    over = draw(st.integers(0, len(people)))
    in_order = list(people.values())
    past = st.none() | st.floats(0.0, t_s)
    host = HostNow(
        t_s=draw(st.floats(0.0, t_s)),
        observed=draw(st.booleans()),
        present=draw(maybe),
        turned=draw(maybe),
        turned_since_s=draw(past),
        smiling=draw(maybe),
        smiling_since_s=draw(past),
        standing=draw(maybe),
        stood_up_s=draw(past),
        working=draw(maybe),
        working_since_s=draw(past),
    )
    scene = SceneNow(t_s, draw(st.booleans()), tuple(in_order[over:]), tuple(in_order[:over]))
    return scene, host, draw(maybe)


@EXPLORE
@given(st.data())
def test_a_scene_that_contradicts_itself_still_gives_measurements_in_order(data: st.DataObject) -> None:
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    told: list[Encounter] = []
    t_s = 0.0
    for _ in range(10):
        t_s += data.draw(st.sampled_from([0.5, 2.0]), "step")
        told += machine.step(*data.draw(moments(t_s)))
    told += machine.finish(t_s)
    for encounter in told:
        assert encounter.wait_s >= 0.0
        assert encounter.came_near_s <= encounter.end_s
        assert encounter.stopped_s is None or encounter.came_near_s <= encounter.stopped_s
    assert len({encounter.visit for encounter in told}) == len(told)


def test_a_visit_of_an_hour_takes_no_more_memory_than_one_of_minutes() -> None:
    # The customer is hidden for a second every twenty, and goes by a new track every time.
    hidden = tuple((30.0 + 20.0 * index, 31.0 + 20.0 * index) for index in range(180))
    customer = replace(visitor(1, comes=5.0, leaves=3700.0), hidden=hidden)
    machine = EncounterMachine(STANDARD, HostMeter(smile_measured=False))
    scene = IdealScene(STANDARD, [customer])
    host = does(
        *((10.0 * index, {"turned": index % 2 == 0, "working": index % 3 == 0}) for index in range(360))
    )
    sizes = []
    for index in range(3600 * 4):
        t_s = index / 4
        assert machine.step(scene.at(t_s), host.at(t_s), None) == []
        if t_s % 600 == 599:
            sizes.append(len(pickle.dumps(machine)))
    assert [each.number for each in machine.current()] == [1]
    assert max(sizes) <= sizes[0] + 64
