"""The appliance's own state, summed up once a minute: cameras, load, memory."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from edge.live.live_camera import LiveCamera
from edge.vision.schedule import Schedule
from protocol.measurements import CameraHealth, Health, MachineHealth
from protocol.software import running_software

EVERY_S = 60.0
"""Stretch of time that one health measurement sums up: a minute, as rates over less jitter."""

_STATM = Path("/proc/self/statm")
"""Linux's account of this process's memory, in pages (proc(5))."""


class HealthWatch:
    """Sums up the stretch of time since it was last asked.

    Args:
        cameras: The desk's cameras.
        schedule: What decides how often the models run.
        now_s: The present on the monotonic clock.
    """

    def __init__(self, cameras: Sequence[LiveCamera], schedule: Schedule, now_s: float) -> None:
        self._cameras = cameras
        self._schedule = schedule
        self._software = str(running_software())
        self._since_s = now_s
        self._cpu_s = time.process_time()
        self._counts = {each.camera.name: (0, 0) for each in cameras}

    def due(self, now_s: float) -> bool:
        """Whether the stretch is over."""
        return now_s - self._since_s >= EVERY_S

    def sum_up(
        self,
        now_s: float,
        *,
        spooled: int,
        clock: Literal["synced", "estimated"],
        machine: MachineHealth | None,
        notes: tuple[str, ...],
    ) -> Health:
        """The health since the last time."""
        duration_s = max(now_s - self._since_s, 1e-3)
        cpu_s = time.process_time()
        health = Health(
            start_s=self._since_s,
            end_s=now_s,
            cameras=tuple(self._camera(each, now_s, duration_s) for each in self._cameras),
            cpu_share=round((cpu_s - self._cpu_s) / duration_s, 3),
            memory_mb=memory_mb(),
            spooled=spooled,
            clock=clock,
            notes=notes,
            software=self._software,
            machine=machine,
        )
        self._since_s, self._cpu_s = now_s, cpu_s
        return health

    def _camera(self, live: LiveCamera, now_s: float, duration_s: float) -> CameraHealth:
        name = live.camera.name
        frames, dropped = self._counts[name]
        self._counts[name] = (live.frames, live.dropped)
        return CameraHealth(
            name=name,
            frames=live.frames - frames,
            frame_rate_hz=round((live.frames - frames) / duration_s, 2),
            asked_hz=live.camera.rate_hz,
            dropped=live.dropped - dropped,
            model_rate_hz={
                task: round(rate, 2) for task, rate in self._schedule.reached_hz(name, now_s).items()
            },
            model_ms={task: round(ms, 2) for task, ms in self._schedule.mean_ms().items()},
        )


def memory_mb(read: Callable[[], str] = _STATM.read_text) -> float:
    """Resident memory of this process in MB (2**20 bytes)."""
    pages = int(read().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
