"""People at the picture's edge: when they came into view, when they had left it."""

import math

from edge.arrays import FloatArray
from edge.observation import Box, Estimate

EDGE = 0.035
"""A box that ends this close to the picture's edge, as a share of the picture, is cut off there: MoveNet's reach .97 to 1."""
CUT_OFF_S = 0.5
"""For how long somebody is usually in view at most, cut off by the edge, without being found ..."""
LONGEST_CUT_OFF_S = 2.0
"""... and for how long now and then, as a head from behind at the picture's lower edge is ..."""
LONGER_SE_SHARE = 0.45
"""... of which so much is a standard error: of the four labelled entrances three are found in the usual time, one after 1.3 s."""
UNIFORM = 1.0 / math.sqrt(12.0)
"""Standard deviation of something that happened at any time between two looks, per second between them."""
BORDER_SE_S = 0.1
"""How exactly people who look at single pictures agree when somebody is in view: two pictures of 15 a second."""
LEAST_PACE = 0.2
"""Slower than this, in body heights per second, nobody walks out ..."""
LEAST_PACE_IN = 0.12
"""... and slower than this, who was not in view a moment ago, nobody in."""


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
    out_s = _soonest_s(ways, LEAST_PACE * height)
    return None if out_s is None else min(out_s, CUT_OFF_S)


def in_for(first: Box, later: Box, dt_s: float, height: float, aspect: float, unseen_s: float) -> Estimate:
    """For how many seconds somebody had been in view when they were first found.

    Args:
        first: Where they were found first, in shares of the picture.
        later: Where they were `dt_s` seconds later.
        dt_s: More than 0.
        height: Of the body, in picture widths.
        aspect: Height of the picture in widths.
        unseen_s: How long before they were first found the look was that did not find them.

    Returns:
        Of somebody who did not come in across an edge, half of the time between the two looks.
    """
    ways = []
    if first.left < EDGE:
        ways.append((first.right, (later.right - first.right) / dt_s))
    if first.right > 1 - EDGE:
        ways.append((1 - first.left, (first.left - later.left) / dt_s))
    if first.bottom > 1 - EDGE:
        ways.append(((1 - first.top) * aspect, (first.top - later.top) * aspect / dt_s))
    walked_s = _soonest_s(ways, LEAST_PACE_IN * height)
    between_s = UNIFORM * unseen_s
    if walked_s is None:
        return Estimate(unseen_s / 2, math.hypot(between_s, BORDER_SE_S))
    usual_s = min(walked_s, CUT_OFF_S)
    longer_s = min(walked_s, LONGEST_CUT_OFF_S) - usual_s
    return Estimate(usual_s, math.hypot(between_s, usual_s / 2, LONGER_SE_SHARE * longer_s, BORDER_SE_S))


def _soonest_s(ways: list[tuple[float, float]], least_speed: float) -> float | None:
    """The least time for any of the ways, given by length and speed, or None when none is walked."""
    times = [length / speed for length, speed in ways if speed > least_speed]
    return min(times, default=None)
