"""Rings of a line that rings without a pause: a contact that is held has no rings of its own, so that time stands for them."""

import math
from dataclasses import dataclass

CONTINUOUS = "continuous"
"""The cadence of a call that rang without a pause, as a contact does that is held."""
ROUNDING_S = 1e-6
"""Times in a recording are rounded to this; a pick-up at the end of a ring is within it."""


@dataclass(frozen=True, slots=True)
class RingsByTime:
    """How many rings a time stands for."""

    begun: int
    """Those that had begun before its end; at least one."""
    completed: int
    """Those that were over."""


def rings_by_time(ring_s: float, seconds_per_ring: float) -> RingsByTime:
    """The rings that so many seconds of ringing stand for.

    Args:
        ring_s: From the beginning of the ringing to the pick-up, or to its end.
        seconds_per_ring: From the beginning of one ring to that of the next.

    Example:
        >>> rings_by_time(18.0, 5.0)
        RingsByTime(begun=4, completed=3)
        >>> rings_by_time(15.0, 5.0)
        RingsByTime(begun=3, completed=3)
    """
    begun = max(math.ceil((ring_s - ROUNDING_S) / seconds_per_ring), 1)
    completed = max(math.floor((ring_s + ROUNDING_S) / seconds_per_ring), 0)
    return RingsByTime(begun, completed)
