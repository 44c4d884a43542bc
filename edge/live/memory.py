"""Gives memory back that the networks need for a moment only."""

import ctypes
import threading

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
"""Parameters of mallopt(3), as malloc.h numbers them."""
TRIM_BYTES = 8 * 2**20
"""Free memory at the heap's top from which it goes back to the system."""
MMAP_BYTES = 4 * 2**20
"""Blocks from this size on are mapped on their own, and unmapped when freed: activations of networks are,
pictures are not."""


def give_back_freed_memory() -> bool:
    """Let the C library return large blocks to the system as soon as they are freed; whether it can.

    Left alone, glibc learns from the first large free to keep such blocks, and a desk holds the activations of its largest network for
    ever. Returned, they are mapped and zeroed afresh in every run, page by page: MoveNet then takes 1.35 times as long, the pose 1.4 times
    (AMD EPYC, Zen 4). In huge pages that costs 3 %, so the process is started with GLIBC_TUNABLES=glibc.malloc.hugetlb=1 (systemd/deskside.service,
    Makefile), which glibc reads before the program begins; it counts where /sys/kernel/mm/transparent_hugepage/enabled is `always` or `madvise`.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, MMAP_BYTES) and mallopt(_M_TRIM_THRESHOLD, TRIM_BYTES))


EVERY_S = 30.0
"""Between two times that holes in the heaps are given back: a desk that held 350 MB held 319 MB then, and 326 to 330 MB half a minute later."""


class HeapHoles:
    """Gives back, on a thread of its own, what lies free between blocks that are in use.

    Each thread has a heap of its own, which glibc gives back only from its top; pictures and networks leave holes in them.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def close(self) -> None:
        """Give no more back."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            if not give_back_holes():
                return


def give_back_holes() -> bool:
    """Let the C library return whole free pages inside its heaps to the system; whether it can."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return False
    return True
