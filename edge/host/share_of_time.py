"""For what share of the time something was so, with its error and coverage."""

import math

import numpy as np

from edge.arrays import FloatArray, Mask
from protocol.measurements import Quantity

_INDEPENDENT_S = 1.0
"""Looks closer than this share most of their error: they are one look. Eyes and hands stay where they are for about so long."""


def share_of_time(inside: Mask, seconds: FloatArray, duration_s: float, unsure: float) -> Quantity:
    """The share of the time that some looks speak for in which something was so.

    Args:
        inside: [n] whether it was.
        seconds: [n] how long each look speaks for.
        duration_s: The time asked about.
        unsure: As `near_limit` returns it; a quarter of it counts as error, by judgement: most looks near a limit are on the side
            that they read.
    """
    total_s = float(seconds.sum())
    share = min(float(seconds @ inside) / total_s, 1.0) if total_s > 0 else float(inside.mean())
    chance = math.sqrt(max(share * (1 - share), 0.01) / (1 + total_s / _INDEPENDENT_S))
    return Quantity(
        value=share,
        se=math.hypot(chance, unsure / 4),
        coverage=min(total_s / max(duration_s, 1e-9), 1.0),
    )


def near_limit(values: FloatArray, limit: float, se: FloatArray) -> float:
    """How many of some values, as a share, lie so near a limit that they may be on either side of it.

    Args:
        values: [n].
        limit: In their unit.
        se: [n] standard errors.
    """
    return float(np.mean(np.exp(-0.5 * ((values - limit) / se) ** 2)))
