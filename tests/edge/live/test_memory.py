"""What a network needed for a moment is given back, and taken again in huge pages."""

import os
import subprocess
import sys
from pathlib import Path

from tests.not_tested import needs

UNIT = Path(__file__).resolve().parents[3] / "systemd" / "deskside.service"
HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")

GROWS = """
import sys
import numpy as np
from edge.live.health import memory_mb
from edge.live.memory import give_back_freed_memory
assert give_back_freed_memory()
for _ in range(3):
    blocks = [np.ones(30_000_000 // 8) for _ in range(4)]
    held = memory_mb()
    del blocks
print(held - memory_mb())
"""


def test_large_blocks_go_back_to_the_system_when_they_are_freed() -> None:
    done = subprocess.run([sys.executable, "-c", GROWS], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 80.0


HOLES = """
import sys
import time
from edge.live import memory
from edge.live.health import memory_mb
assert memory.give_back_freed_memory()
blocks = [b"x" * 1_000_000 for _ in range(200)]
kept, blocks = blocks[::10], None
held = memory_mb()
memory.EVERY_S = 0.05
holes = memory.HeapHoles()
holes.start()
until_s = time.monotonic() + 30.0
while held - memory_mb() < 100.0 and time.monotonic() < until_s:
    time.sleep(0.05)
holes.close()
print(held - memory_mb())
"""


def test_what_lies_free_between_blocks_in_use_goes_back_while_the_desk_runs() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 100.0


FAULTS = """
import resource
from edge.live.memory import give_back_freed_memory
assert give_back_freed_memory()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for number in range(20):
    b"x" * (16_000_000 + number)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_as_the_unit_starts_it_a_desk_faults_large_blocks_in_by_huge_pages() -> None:
    if not HUGE_PAGES.exists() or "[never]" in HUGE_PAGES.read_text():
        needs("huge pages", "this kernel gives none: /sys/kernel/mm/transparent_hugepage/enabled")
    unit = dict(
        each.split("=", 1)
        for line in UNIT.read_text().splitlines()
        if line.startswith("Environment=")
        for each in line.removeprefix("Environment=").split()
    )
    plain = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    faults = [
        int(
            subprocess.run(
                [sys.executable, "-c", FAULTS], env=environment, capture_output=True, text=True, check=True
            ).stdout
        )
        for environment in (plain, plain | unit)
    ]
    # Without huge pages both are alike; a busy machine's memory is in pieces, and gives a part of them only.
    assert faults[1] < faults[0] / 2
