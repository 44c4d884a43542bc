"""Gives memory back that the networks need for a moment only."""

import ctypes

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
