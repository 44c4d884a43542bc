"""What a network needed for a moment is given back."""

import subprocess
import sys

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
