"""The host's mesh on every frame of a 720p clip, ours against MediaPipe FaceMesh in its own environment.

Both hold the frames in memory and take turns, a round each, so that whatever else the machine does meets both alike.

    .venv/bin/python -m benchmarks.vision_mesh_vs_mediapipe [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mediapipe_environment import PROJECT, mediapipe_python
from benchmarks.processor import processor
from benchmarks.vision_footage import clip

CLIP = "smile_singleface.mp4"
LEAST_RATIO = 1.3
ROUNDS = 15


@dataclass(frozen=True)
class Round:
    """One round of one contestant over the whole clip."""

    found: int
    frames: int
    wall_ms: float
    """Of one frame."""
    cpu_ms: float


class Contestant:
    """A worker process that has loaded its frames and waits to be told to run."""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        self.rounds: list[Round] = []
        worker = [str(python), str(PROJECT / "benchmarks/vision_mesh_worker.py"), name, str(clip(CLIP))]
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        self._process = subprocess.Popen(
            worker,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        if self._answer() != "ready":
            raise SystemExit(f"{name}: the worker did not start; run `{' '.join(worker)}` to see why")

    def run(self) -> None:
        """Mesh the clip once."""
        assert self._process.stdin is not None
        print("go", file=self._process.stdin, flush=True)
        found, frames, wall_ms, cpu_ms = self._answer().split()
        self.rounds.append(Round(int(found), int(frames), float(wall_ms), float(cpu_ms)))

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours = Contestant("deskside", Path(sys.executable))
    theirs = Contestant("mediapipe", mediapipe_python())
    for _ in range(rounds):
        ours.run()
        theirs.run()
    print(processor())
    print(f"{CLIP} at 720p, {rounds} rounds, 478 points on every frame, one thread of inference each")
    print(f"{'':10} {'found':>9} {'frames/s':>9} {'ms/frame':>9} {'cpu ms':>7}")
    for contestant in (ours, theirs):
        wall_ms = statistics.median(each.wall_ms for each in contestant.rounds)
        cpu_ms = statistics.median(each.cpu_ms for each in contestant.rounds)
        last = contestant.rounds[-1]
        print(
            f"{contestant.name:10} {last.found:>4}/{last.frames:<4} {1000 / wall_ms:9.1f} {wall_ms:9.2f} {cpu_ms:7.2f}"
        )
    pairs = list(zip(ours.rounds, theirs.rounds, strict=True))
    ratio = statistics.median(mine.wall_ms and other.wall_ms / mine.wall_ms for mine, other in pairs)
    cpu_ratio = statistics.median(other.cpu_ms / mine.cpu_ms for mine, other in pairs)
    print(
        f"frame rate over MediaPipe's: {ratio:.2f} by the clock, {cpu_ratio:.2f} by processor time; wanted {LEAST_RATIO}"
    )
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
