"""When somebody is warned that a reply falls due: while there is working time left to write it in."""

from collections.abc import Sequence

from central.calendars.opening_times import open_between
from central.replies.reply_clock import LOOKED_AHEAD_S, Stay

WARNED_BEFORE_S = 2 * 3600.0
"""Working time that is left when the warning comes: enough to find out and to write, and the rest of a morning."""


def warning_moment(
    asked_s: float, due_s: float, stays: Sequence[Stay], before_s: float = WARNED_BEFORE_S
) -> float | None:
    """The last moment from which the showroom that has the case is open for so long before the deadline, as Unix time.

    It falls in its working hours: the night before for a deadline at eight in the morning is no moment, the last hours of the evening before
    are. Where less is left between the question and the deadline, it is the first moment at which the showroom is open; None where it is not
    open at all until then.

    Args:
        asked_s: When it was asked, as Unix time.
        due_s: The deadline.
        stays: The showrooms that had the case, ascending; the last one is warned.
        before_s: Working time to leave.
    """
    stay = stays[-1]
    earliest_s = max(asked_s, stay.from_s) if len(stays) > 1 else asked_s
    left_s, to_s, found = before_s, due_s, None
    while to_s > earliest_s:
        from_s = max(earliest_s, to_s - LOOKED_AHEAD_S)
        for begins_s, ends_s in reversed(open_between(stay.times, from_s, to_s)):
            if ends_s - begins_s >= left_s:
                # At the end of a stretch nobody is there any more to be warned: with nothing to leave it is the last whole second.
                return max(begins_s, min(ends_s - left_s, ends_s - 1.0))
            left_s -= ends_s - begins_s
            found = begins_s
        to_s = from_s
    return found
