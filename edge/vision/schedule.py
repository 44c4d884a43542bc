"""Decides which model runs on which frame, so that all of them together keep to a budget of processor time.

Every camera wants its tasks at certain rates. What they cost is the sum of rate times mean time. When that exceeds the budget, the tasks
slow down in the order of `Task`, each to its least rate before the next one slows at all. When even that is too much, bodies
are looked for coarsely, and when that is still too much, all tasks slow down alike.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Task(Enum):
    """A model on one camera's frames; first stands what slows down first."""

    HEAD_FACES = "head_faces"
    """Faces of the people found."""
    HOST_POSE = "host_pose"
    HOST_BODY = "host_body"
    """Where the host's body is: starts the pose."""
    HOST_SEARCH = "host_search"
    """The host's face, while it is not followed."""
    BODIES = "bodies"
    HOST_MESH = "host_mesh"


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a task should run, and how seldom it may."""

    wanted_hz: float
    least_hz: float


NOMINAL_MS: Mapping[Task, float] = {
    Task.HEAD_FACES: 4.0,
    Task.HOST_POSE: 10.0,
    Task.HOST_BODY: 24.0,
    Task.HOST_SEARCH: 6.5,
    Task.BODIES: 48.0,
    Task.HOST_MESH: 4.0,
}
"""Processor time of one run on one thread of an x86-64 core (benchmarks/vision_load.py). Used until it has been measured, and all through
a replay: a replay must choose the same frames on every machine."""

COARSE_SHARE = 0.5
"""What looking coarsely for bodies costs, as a share of looking finely."""

MEMORY_OF_MEAN = 0.1
"""Weight of the newest run in the mean time of a task."""

REACHED_OVER_S = 10.0
"""The stretch over which reached rates are counted."""

EARLY_SHARE = 0.25
"""A frame that comes early by this share of a task's period is taken: cameras jitter, and waiting for the next would halve the rate.
The mean rate stays as planned."""


@dataclass(slots=True)
class _Turn:
    """One task of one camera."""

    rates: Rates
    allowed_hz: float
    anchor_s: float | None = None
    """When the last run was due: counting from there keeps the rate although frames come in steps of their own."""
    runs_s: deque[float] = field(default_factory=deque)
    """Times of the runs of the last `REACHED_OVER_S`."""


class Schedule:
    """The turns of all tasks of all cameras, each of which may ask from a thread of its own.

    Args:
        budget_cores: Cores that the tasks may use together.
        measured: Plan with the times passed to `ran`; False, for a replay, plans with ``nominal_ms``.
        nominal_ms: Processor time of one run of each task, as long as it has not been measured.

    Example:
        >>> schedule = Schedule(budget_cores=0.8)
        >>> schedule.want("front", Task.BODIES, Rates(wanted_hz=5.0, least_hz=2.0))
        >>> schedule.due("front", Task.BODIES, t_s=0.0)
        True
        >>> schedule.ran("front", Task.BODIES, t_s=0.0, ms=48.0)
        >>> schedule.due("front", Task.BODIES, t_s=0.1), schedule.due("front", Task.BODIES, t_s=0.2)
        (False, True)
    """

    def __init__(
        self,
        budget_cores: float,
        *,
        measured: bool = True,
        nominal_ms: Mapping[Task, float] = NOMINAL_MS,
    ) -> None:
        self._coarse = False
        self._lock = threading.Lock()
        self._budget_ms_per_s = 1000.0 * budget_cores
        self._measured = measured
        self._nominal_ms = nominal_ms
        self._turns: dict[tuple[str, Task], _Turn] = {}
        self._mean_ms: dict[tuple[Task, bool], float] = {}
        self._anybody: dict[str, bool] = {}

    @property
    def somebody(self) -> bool:
        """Whether a customer may be in sight: one was by some camera's latest look, or no camera looks for them."""
        return not self._anybody or any(self._anybody.values())

    def note_customers(self, camera: str, *, anybody: bool) -> None:
        """Note whether a camera that looks for customers saw anybody, or has not looked yet."""
        self._anybody[camera] = anybody

    @property
    def coarse(self) -> bool:
        """Whether bodies are to be looked for coarsely, because time is short."""
        with self._lock:
            return self._coarse

    def want(self, camera: str, task: Task, rates: Rates) -> None:
        """Ask that a camera's task runs at some rate from now on; a wanted rate of 0 rests it."""
        with self._lock:
            turn = self._turns.setdefault((camera, task), _Turn(Rates(0.0, 0.0), 0.0))
            if turn.rates != rates:
                turn.rates = rates
                self._plan()

    def due(self, camera: str, task: Task, t_s: float) -> bool:
        """Whether the task should run on the frame of time `t_s`."""
        with self._lock:
            turn = self._turns.get((camera, task))
            if turn is None or turn.allowed_hz <= 0.0:
                return False
            if turn.anchor_s is None:
                return True
            period_s = 1.0 / turn.allowed_hz
            waited_s = t_s - turn.anchor_s
            return waited_s >= (1.0 - EARLY_SHARE) * period_s or waited_s < -period_s

    def ran(self, camera: str, task: Task, t_s: float, ms: float) -> None:
        """Note that a task, asked for with `want` before, ran on the frame of time `t_s` and took `ms` of processor time."""
        with self._lock:
            turn = self._turns[camera, task]
            turn.anchor_s = _anchor(turn, t_s)
            turn.runs_s.append(t_s)
            _forget(turn.runs_s, t_s)
            kind = (task, self._coarse and task is Task.BODIES)
            mean = self._mean_ms.get(kind, ms)
            self._mean_ms[kind] = mean + MEMORY_OF_MEAN * (ms - mean)
            if self._measured:
                self._plan()

    def spared(self, camera: str, task: Task, t_s: float) -> None:
        """Note that a task needed no run on the frame of time `t_s`: its next turn comes as if it had run, at no cost."""
        with self._lock:
            turn = self._turns[camera, task]
            turn.anchor_s = _anchor(turn, t_s)

    def allowed_hz(self, camera: str) -> dict[Task, float]:
        """Rates that a camera's tasks are planned at."""
        with self._lock:
            return {task: turn.allowed_hz for (name, task), turn in self._turns.items() if name == camera}

    def reached_hz(self, camera: str, t_s: float) -> dict[str, float]:
        """Rates at which a camera's tasks really ran over the last seconds before `t_s`, by the task's name."""
        with self._lock:
            reached = {}
            for (name, task), turn in self._turns.items():
                _forget(turn.runs_s, t_s)
                if name == camera:
                    reached[task.value] = len(turn.runs_s) / REACHED_OVER_S
            return reached

    def mean_ms(self) -> dict[str, float]:
        """Measured mean processor time of the tasks that have run, by the task's name."""
        with self._lock:
            return {
                task.value: ms
                for (task, coarse), ms in self._mean_ms.items()
                if coarse == (self._coarse and task is Task.BODIES)
            }

    def _plan(self) -> None:
        """Give every task its rate."""
        self._coarse = False
        if self._load(least=True) > self._budget_ms_per_s:
            self._coarse = True
        for turn in self._turns.values():
            turn.allowed_hz = turn.rates.wanted_hz
        for task in Task:
            excess = self._load(least=False) - self._budget_ms_per_s
            if excess <= 0.0:
                return
            self._slow(task, excess)
        load = self._load(least=False)
        if load > self._budget_ms_per_s:
            for turn in self._turns.values():
                turn.allowed_hz *= self._budget_ms_per_s / load

    def _slow(self, task: Task, excess_ms_per_s: float) -> None:
        """Take `excess_ms_per_s` from one task's turns, all alike and none below its least rate."""
        turns = [turn for (_, each), turn in self._turns.items() if each is task]
        spare = self._cost_ms(task) * sum(turn.rates.wanted_hz - _least_hz(turn) for turn in turns)
        if spare <= 0.0:
            return
        share = min(1.0, excess_ms_per_s / spare)
        for turn in turns:
            turn.allowed_hz -= share * (turn.rates.wanted_hz - _least_hz(turn))

    def _load(self, *, least: bool) -> float:
        """Milliseconds a second that the allowed, or the least, rates cost."""
        return sum(
            self._cost_ms(task) * (_least_hz(turn) if least else turn.allowed_hz)
            for (_, task), turn in self._turns.items()
        )

    def _cost_ms(self, task: Task) -> float:
        coarse = self._coarse and task is Task.BODIES
        nominal = self._nominal_ms[task] * (COARSE_SHARE if coarse else 1.0)
        return self._mean_ms.get((task, coarse), nominal) if self._measured else nominal


def _least_hz(turn: _Turn) -> float:
    return min(turn.rates.least_hz, turn.rates.wanted_hz)


def _anchor(turn: _Turn, t_s: float) -> float:
    """When the run at `t_s` was due: one period after the one before, unless that is far from `t_s`."""
    if turn.anchor_s is None or turn.allowed_hz <= 0.0:
        return t_s
    period_s = 1.0 / turn.allowed_hz
    due_s = turn.anchor_s + period_s
    return due_s if abs(t_s - due_s) < period_s else t_s


def _forget(runs_s: deque[float], t_s: float) -> None:
    while runs_s and not 0.0 <= t_s - runs_s[0] < REACHED_OVER_S:
        runs_s.popleft()
