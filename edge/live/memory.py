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

    Left alone, glibc learns from the first large free to keep such blocks, and a desk holds the activations of its
    largest network for ever: 150 MB, for no time saved (benchmarks/desk_load.py).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, MMAP_BYTES) and mallopt(_M_TRIM_THRESHOLD, TRIM_BYTES))
