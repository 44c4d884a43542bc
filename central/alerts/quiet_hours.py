"""When a channel is not to ring: pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def rings_at(wall_s: float, timezone: str, quiet_from: time, quiet_until: time) -> float:
    """The first Unix time from a moment on at which a channel may ring.

    Quiet hours may span midnight; where both ends are the same there are none.

    Args:
        wall_s: The moment.
        timezone: Of the showroom.
        quiet_from: On its wall clock, included.
        quiet_until: Excluded.
    """
    local = datetime.fromtimestamp(wall_s, ZoneInfo(timezone))
    at = local.time()
    if quiet_from == quiet_until:
        return wall_s
    if quiet_from < quiet_until:
        quiet = quiet_from <= at < quiet_until
    else:
        quiet = at >= quiet_from or at < quiet_until
    if not quiet:
        return wall_s
    day = local.date() if at < quiet_until else local.date() + timedelta(days=1)
    return max(wall_s, datetime.combine(day, quiet_until, ZoneInfo(timezone)).timestamp())
