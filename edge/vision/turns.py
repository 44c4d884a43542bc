"""One camera's part of the schedule, with the stopwatch that feeds it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edge.vision.schedule import Rates, Schedule, Task


class Turns:
    """One camera's tasks in the schedule, with the processor time of their runs.

    Args:
        schedule: Shared by all cameras of the desk.
        camera: The camera's name.
        stopwatch: Seconds of processor time used so far.
    """

    def __init__(self, schedule: Schedule, camera: str, stopwatch: Callable[[], float]) -> None:
        self._schedule = schedule
        self._camera = camera
        self._stopwatch = stopwatch

    def want(self, task: Task, rates: Rates) -> None:
        """Ask for a rate from now on."""
        self._schedule.want(self._camera, task, rates)

    def due(self, task: Task, t_s: float) -> bool:
        """Whether the task should run on the frame of time `t_s`."""
        return self._schedule.due(self._camera, task, t_s)

    def spared(self, task: Task, t_s: float) -> None:
        """Note that a task's turn has passed without a run: its result was known."""
        self._schedule.spared(self._camera, task, t_s)

    @contextmanager
    def taken(self, task: Task, t_s: float) -> Iterator[None]:
        """Run a task inside: its processor time is noted."""
        begun_s = self._stopwatch()
        yield
        self._schedule.ran(self._camera, task, t_s, 1000.0 * (self._stopwatch() - begun_s))

    def note_customers(self, *, anybody: bool) -> None:
        """Note whether this camera sees customers: how finely the host is looked at goes by that."""
        self._schedule.note_customers(self._camera, anybody=anybody)

    @property
    def somebody(self) -> bool:
        """Whether a customer may be in sight of any camera."""
        return self._schedule.somebody

    @property
    def coarse(self) -> bool:
        """Whether bodies are to be looked for coarsely, because time is short."""
        return self._schedule.coarse
