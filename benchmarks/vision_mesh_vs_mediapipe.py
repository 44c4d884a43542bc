"""The host's mesh on every frame of a 720p clip, ours against MediaPipe FaceMesh in its own environment.

Both hold the frames in memory and take turns, a round each, so that whatever else the machine does meets both alike.

    .venv/bin/python -m benchmarks.vision_mesh_vs_mediapipe [ROUNDS]
"""

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestant import Contestant
from benchmarks.mediapipe_environment import PROJECT, mediapipe_python
from benchmarks.processor import processor
from benchmarks.vision_footage import clip

CLIP = "smile_singleface.mp4"
LEAST_RATIO = 1.4
ROUNDS = 15


@dataclass(frozen=True)
class Round:
    """One round of one contestant over the whole clip."""

    found: int
    frames: int
    wall_ms: float
    """Of one frame."""
    cpu_ms: float


class MeshContestant(Contestant):
    """One that lays a mesh over every frame of the clip."""

    def __init__(self, name: str, python: Path) -> None:
        super().__init__(
            name, [str(python), str(PROJECT / "benchmarks/vision_mesh_worker.py"), name, str(clip(CLIP))]
        )
        self.rounds: list[Round] = []

    def run(self) -> None:
        """Mesh the clip once."""
        found, frames, wall_ms, cpu_ms = self.asked("go")
        self.rounds.append(Round(int(found), int(frames), float(wall_ms), float(cpu_ms)))


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours = MeshContestant("deskside", Path(sys.executable))
    theirs = MeshContestant("mediapipe", mediapipe_python())
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
        f"frame rate over MediaPipe's: {ratio:.2f} by the clock, {cpu_ratio:.2f} by processor time; wanted {LEAST_RATIO} by processor time"
    )
    return 0 if cpu_ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
