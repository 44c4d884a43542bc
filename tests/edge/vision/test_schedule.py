from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vision.schedule import NOMINAL_MS, Rates, Schedule, Task

FRAME_S = 1.0 / 15.0


def _play(
    schedule: Schedule, cost_ms: dict[Task, float], seconds: float, cameras: tuple[str, ...] = ("front",)
) -> list[tuple[str, Task, float]]:
    """Frames at 15 Hz; every task that is due runs. Which ran, on which camera, when."""

    def runs() -> Iterator[tuple[str, Task, float]]:
        for index in range(round(seconds / FRAME_S)):
            t_s = index * FRAME_S
            for camera in cameras:
                for task, ms in cost_ms.items():
                    if schedule.due(camera, task, t_s):
                        schedule.ran(camera, task, t_s, ms)
                        yield camera, task, t_s

    return list(runs())


def _rate(runs: list[tuple[str, Task, float]], task: Task, seconds: float, camera: str = "front") -> float:
    return sum(1 for name, each, _ in runs if each is task and name == camera) / seconds


@pytest.mark.parametrize("wanted_hz", [15.0, 7.5, 6.0, 5.0, 2.5, 1.0])
def test_with_time_to_spare_a_task_runs_as_often_as_wanted(wanted_hz: float) -> None:
    """Also at rates that the frames do not divide into."""
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.BODIES, Rates(wanted_hz, 1.0))
    runs = _play(schedule, {Task.BODIES: 20.0}, 30.0)
    assert _rate(runs, Task.BODIES, 30.0) == pytest.approx(wanted_hz, rel=0.04)


def test_a_frame_that_jitters_is_no_frame_lost() -> None:
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.HOST_MESH, Rates(15.0, 5.0))
    late_s = (0.0, 0.004, -0.004, 0.009, -0.009)
    ran = 0
    for index in range(300):
        t_s = index * FRAME_S + late_s[index % len(late_s)]
        if schedule.due("front", Task.HOST_MESH, t_s):
            schedule.ran("front", Task.HOST_MESH, t_s, 4.0)
            ran += 1
    assert ran >= 297


def test_a_resting_or_unknown_task_is_never_due() -> None:
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.HOST_POSE, Rates(0.0, 0.0))
    assert not schedule.due("front", Task.HOST_POSE, 0.0)
    assert not schedule.due("front", Task.BODIES, 0.0)


def test_when_time_is_short_head_faces_give_way_first_and_the_mesh_last() -> None:
    schedule = Schedule(budget_cores=0.5)
    costs = {Task.HOST_MESH: 10.0, Task.BODIES: 100.0, Task.HEAD_FACES: 40.0}
    schedule.want("front", Task.HOST_MESH, Rates(15.0, 5.0))
    schedule.want("front", Task.BODIES, Rates(5.0, 2.0))
    schedule.want("front", Task.HEAD_FACES, Rates(2.5, 1.0))
    runs = _play(schedule, costs, 30.0)
    assert _rate(runs, Task.HEAD_FACES, 30.0) == pytest.approx(1.0, abs=0.15)
    assert _rate(runs, Task.BODIES, 30.0) == pytest.approx(3.1, abs=0.3)
    assert _rate(runs, Task.HOST_MESH, 30.0) == pytest.approx(15.0, abs=0.5)


@settings(max_examples=40)
@given(
    st.floats(0.1, 2.0),
    st.dictionaries(st.sampled_from(Task), st.floats(1.0, 300.0), min_size=1),
    st.sampled_from([("front",), ("front", "desk")]),
)
def test_the_budget_is_kept_whatever_the_machine(
    budget_cores: float, costs: dict[Task, float], cameras: tuple[str, ...]
) -> None:
    """Counted after the first seconds, in which the times are being learned."""
    schedule = Schedule(budget_cores)
    for camera in cameras:
        for task in costs:
            schedule.want(camera, task, Rates(10.0, 2.0))
    runs = [run for run in _play(schedule, costs, 40.0, cameras) if run[2] >= 10.0]
    spent_s = sum(costs[task] for _, task, _ in runs) / 1000.0
    one_more_each_s = len(cameras) * sum(costs.values()) / 1000.0
    assert spent_s <= 30.0 * budget_cores * 1.02 + one_more_each_s


def test_bodies_are_looked_for_coarsely_only_when_even_the_least_rates_are_too_much() -> None:
    schedule = Schedule(budget_cores=0.5)
    schedule.want("front", Task.BODIES, Rates(6.0, 3.0))
    schedule.ran("front", Task.BODIES, 0.0, 120.0)
    assert not schedule.coarse
    schedule.want("desk", Task.HOST_MESH, Rates(15.0, 10.0))
    for index in range(60):
        schedule.ran("desk", Task.HOST_MESH, index * FRAME_S, 30.0)
    assert schedule.coarse
    schedule.want("desk", Task.HOST_MESH, Rates(0.0, 0.0))
    assert not schedule.coarse


def test_a_replay_chooses_the_same_frames_on_a_fast_and_on_a_slow_machine() -> None:
    def replay(slowness: float) -> list[tuple[str, Task, float]]:
        schedule = Schedule(budget_cores=0.8, measured=False)
        for camera in ("front", "desk"):
            schedule.want(camera, Task.BODIES, Rates(7.5, 3.0))
            schedule.want(camera, Task.HOST_MESH, Rates(15.0, 5.0))
        costs = {task: slowness * NOMINAL_MS[task] for task in (Task.HOST_MESH, Task.BODIES)}
        return _play(schedule, costs, 20.0, ("front", "desk"))

    assert replay(0.3) == replay(1.0) == replay(20.0)


def test_reached_rates_are_those_of_the_last_seconds() -> None:
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.BODIES, Rates(5.0, 1.0))
    _play(schedule, {Task.BODIES: 20.0}, 30.0)
    assert schedule.reached_hz("front", 30.0)["bodies"] == pytest.approx(5.0, abs=0.3)
    assert schedule.reached_hz("front", 100.0)["bodies"] == 0.0
    assert schedule.reached_hz("desk", 30.0) == {}


def test_the_mean_time_follows_what_is_measured() -> None:
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.BODIES, Rates(5.0, 1.0))
    for index in range(100):
        schedule.ran("front", Task.BODIES, index / 5.0, 60.0 if index < 50 else 30.0)
    assert schedule.mean_ms()["bodies"] == pytest.approx(30.0, abs=1.0)


def test_a_timeline_that_starts_over_does_not_wait_for_the_old_one() -> None:
    schedule = Schedule(budget_cores=1.0)
    schedule.want("front", Task.BODIES, Rates(5.0, 1.0))
    schedule.ran("front", Task.BODIES, 1000.0, 20.0)
    assert schedule.due("front", Task.BODIES, 0.0)
