"""People at the picture's edge: when they came into view, when they had left it."""

from edge.arrays import FloatArray
from edge.observation import Box

EDGE = 0.035
"""A box that ends this close to the picture's edge, as a share of the picture, is cut off there: MoveNet's reach .97 to 1."""
CUT_OFF_S = 0.5
"""For how long at most somebody is taken to be in view, cut off by the edge, without being found."""
LEAST_PACE = 0.2
"""Slower than this, in body heights per second, nobody walks in or out."""


def out_in_s(box: Box, velocity: FloatArray, height: float, aspect: float) -> float | None:
    """In how many seconds somebody will have left the picture.

    Args:
        box: As last seen, in shares of the picture.
        velocity: ``[4]`` of its middle, top, width and height, in picture widths per second.
        height: Of the body, in picture widths.
        aspect: Height of the picture in widths.

    Returns:
        None for somebody who is not walking out across an edge.
    """
    x_speed, y_speed, width_speed, _ = (float(speed) for speed in velocity)
    ways = []
    # The trailing side gives the speed: the leading one stays at the edge.
    if box.left < EDGE:
        ways.append((box.right, -(x_speed + width_speed / 2)))
    if box.right > 1 - EDGE:
        ways.append((1 - box.left, x_speed - width_speed / 2))
    if box.bottom > 1 - EDGE:
        ways.append(((1 - box.top) * aspect, y_speed))
    return _soonest_s(ways, height)


def in_since_s(first: Box, later: Box, dt_s: float, height: float, aspect: float) -> float:
    """For how many seconds somebody had been in view when they were first found.

    Args:
        first: Where they were found first, in shares of the picture.
        later: Where they were `dt_s` seconds later.
        dt_s: More than 0.
        height: Of the body, in picture widths.
        aspect: Height of the picture in widths.

    Returns:
        0 for somebody who did not come in across an edge.
    """
    ways = []
    if first.left < EDGE:
        ways.append((first.right, (later.right - first.right) / dt_s))
    if first.right > 1 - EDGE:
        ways.append((1 - first.left, (first.left - later.left) / dt_s))
    if first.bottom > 1 - EDGE:
        ways.append(((1 - first.top) * aspect, (first.top - later.top) * aspect / dt_s))
    return _soonest_s(ways, height) or 0.0


def _soonest_s(ways: list[tuple[float, float]], height: float) -> float | None:
    """The least time for any of the ways, given by length and speed, or None when none is walked."""
    times = [length / speed for length, speed in ways if speed > LEAST_PACE * height]
    return min([*times, CUT_OFF_S]) if times else None
