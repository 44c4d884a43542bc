"""Whether a desk's clock, which it says was set, agrees with this service's: pure, decided from its health of each minute."""

from dataclasses import dataclass
from typing import Literal

MOST_S = 300.0
"""A clock set by a time server is right within a second: what differs by five minutes had a server that is wrong."""
STEADY_S = 60.0
"""What waited somewhere is less and less late as the queue is emptied; what a wrong clock stamped is late by the same each minute."""
APART_S = 45.0
"""Two healths that arrive so far apart were not both waiting in one queue: a desk sends one a minute."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a health was over by its desk's clock, and when it arrived by ours. Unix seconds."""

    desk_wall_s: float
    received_wall_s: float

    @property
    def late_s(self) -> float:
        """How long it was on its way, if both clocks are right."""
        return self.received_wall_s - self.desk_wall_s


def compared(before: Stamp | None, now: Stamp) -> Literal["right", "wrong", "unknown"]:
    """Judge a clock by the health that arrived last, sent as it was measured, and the one before.

    What is dated ahead of its arrival by more than `MOST_S` was never right. What is dated behind may have waited at the broker: that
    is told from a clock by its being late by the same twice.
    """
    if abs(now.late_s) <= MOST_S:
        return "right"
    if now.late_s < 0.0:
        return "wrong"
    if before is None or now.received_wall_s - before.received_wall_s < APART_S:
        return "unknown"
    return "wrong" if abs(now.late_s - before.late_s) <= STEADY_S else "unknown"


def in_words(late_s: float) -> str:
    """What is to be told of a clock that is wrong."""
    minutes = abs(late_s) / 60.0
    much = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
    way = "behind" if late_s > 0 else "ahead of"
    return (
        f"the clock was set by a time server that is wrong: it is {much} {way} this service's; name a right one in "
        "/etc/systemd/timesyncd.conf of the desk. Its times count as estimated until then; where every desk is told so, it is "
        "this machine's clock"
    )
