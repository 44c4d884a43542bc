"""The rates that a machine will reach are told from what each model takes on it."""

import pytest

from edge.settings.desk_toml import Camera, Vision
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import NOMINAL_MS, Task
from edge.vision.speed_check import judged, times_ms

TWO = (Camera(name="front", watches="customers"), Camera(name="desk", watches="staff"))


def slower(times: float) -> dict[Task, float]:
    return {task: times * ms for task, ms in NOMINAL_MS.items()}


def test_a_machine_that_is_fast_enough_reaches_every_rate() -> None:
    found = judged(slower(0.5), TWO, Vision())
    assert found.verdict == "good"
    assert "bodies 7.5 of 7.5 Hz (camera front)" in found.found
    assert "the host's face 15.0 of 15.0 Hz (camera desk)" in found.found


def test_a_slow_machine_is_told_what_it_will_not_reach_and_what_helps() -> None:
    found = judged(slower(2.0), TWO, Vision())
    assert found.verdict == "warning"
    assert "of 7.5 Hz" in found.found
    assert "7.5 of 7.5 Hz" not in found.found
    assert "vision.cpu_budget (0.8 cores)" in found.to_do
    assert judged(slower(2.0), TWO, Vision(cpu_budget=2.5)).verdict == "good"


def test_a_very_slow_machine_looks_for_bodies_coarsely_and_says_how_far_it_sees() -> None:
    assert "coarsely, to about 4 m" in judged(slower(6.0), TWO, Vision()).found


@pytest.mark.parametrize("times", [0.1, 1.0, 3.0, 10.0, 30.0])
def test_a_faster_machine_is_never_told_a_lower_rate(times: float) -> None:
    def bodies_hz(of: float) -> float:
        return float(judged(slower(of), TWO, Vision()).found.split("bodies ")[2].split(" of")[0])

    assert bodies_hz(times) >= bodies_hz(1.5 * times) - 3.0  # looking coarsely leaves time for more looks
    assert bodies_hz(times) <= 7.5


def test_each_camera_is_asked_what_it_watches() -> None:
    found = judged(slower(1.0), TWO[:1], Vision()).found
    assert "camera desk" not in found
    assert "in a visit: bodies" in found


def test_every_model_is_timed_on_this_machine() -> None:
    times = times_ms(ModelStore(), threads=1)
    assert times.keys() == set(Task)
    assert min(times.values()) > 0.0
    assert times[Task.BODIES] > times[Task.HOST_BODY], "a finer picture costs more"
