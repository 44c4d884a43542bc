import sys

import numpy as np
import psutil
import pytest

from edge.vision.memory import KEPT_BYTES, give_back_freed


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_memory_that_networks_needed_for_a_moment_goes_back_to_the_system() -> None:
    give_back_freed()
    process = psutil.Process()
    before = process.memory_info().rss
    tensors = [np.ones(8 * 2**20, np.uint8) for _ in range(20)]
    assert process.memory_info().rss > before + 100 * 2**20
    del tensors
    assert process.memory_info().rss < before + KEPT_BYTES + 20 * 2**20
