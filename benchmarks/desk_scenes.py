"""What the whole desk costs in three scenes, against the same work done with MediaPipe's solutions in their own environment.

Two 720p cameras at 15 frames a second. Both contestants take turns, a round each, and processor time is counted, so that whatever else
the machine does meets both alike.

    .venv/bin/python -m benchmarks.desk_scenes [ROUNDS]
"""

import statistics
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.contestant import Contestant
from benchmarks.desk_scenes_worker import SCENES
from benchmarks.mediapipe_environment import mediapipe_python
from benchmarks.processor import processor
from benchmarks.vision_footage import SHARED

ROUNDS = 15
SECONDS = 4.0
"""Of footage, in one round of one scene."""
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""As the desk is started (systemd/deskside.service)."""
MOST_CORES = {"empty showroom": 0.06, "host seated, nobody near": 0.15, "a visit in progress": 0.40}
"""On one core of an AMD EPYC, Zen 3, without AVX-512."""


class SceneContestant(Contestant):
    """One that is told a scene."""

    def __init__(self, name: str, python: Path, environment: dict[str, str]) -> None:
        worker = [
            str(python),
            "-m",
            "benchmarks.desk_scenes_worker",
            name,
            str(SHARED / "clips"),
            str(SECONDS),
        ]
        super().__init__(name, worker, environment)
        self.cores: dict[str, list[float]] = defaultdict(list)

    def run(self, scene: str) -> None:
        """Look at some seconds of a scene."""
        spent_s, seconds = map(float, self.asked(scene))
        self.cores[scene].append(spent_s / seconds)


def main() -> int:
    """Print the cores of each scene; 0 when every line is kept."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours = SceneContestant("deskside", Path(sys.executable), HUGE_PAGES)
    theirs = SceneContestant("mediapipe", mediapipe_python(), {})
    for _ in range(rounds):
        for scene in SCENES:
            ours.run(scene)
            theirs.run(scene)
    print(
        f"{processor()}; {rounds} rounds of {SECONDS:.0f} s each, two 720p cameras at 15 Hz; cores, medians"
    )
    kept = True
    for scene, most in MOST_CORES.items():
        mine, other = ours.cores[scene], theirs.cores[scene]
        ratio = statistics.median(b / a for a, b in zip(mine, other, strict=True))
        cores = statistics.median(mine)
        kept = kept and cores <= most
        print(
            f"  {scene:26} {cores:.3f} (at most {most:.2f}), MediaPipe {statistics.median(other):.3f}: {ratio:.1f} times as much"
        )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
