"""How long to wait before trying again: longer each time, and not all desks at once."""

import random
from collections.abc import Callable


class Backoff:
    """Delays that double up to a limit, each drawn from the upper half of its range.

    A showroom's desks lose the broker at the same moment; the jitter keeps them from coming back at the same moment.

    >>> waits = Backoff(1.0, 60.0)
    >>> 0.5 <= waits.next_s() <= 1.0, 1.0 <= waits.next_s() <= 2.0
    (True, True)
    """

    def __init__(self, first_s: float, longest_s: float, draw: Callable[[], float] = random.random) -> None:
        """Take the longest first delay, the longest of all, and a source of numbers from 0 to 1."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._draw = draw
        self._tries = 0

    def next_s(self) -> float:
        """The delay before the next try, in seconds."""
        # 2**30 times the first delay is beyond any limit; an exponent without bound would overflow.
        range_s = min(self._longest_s, self._first_s * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return range_s * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        """It worked: begin with short delays again."""
        self._tries = 0
