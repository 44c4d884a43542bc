"""Whether the threads that take measurements in still turn: pure, time is an argument."""

STUCK_S = 180.0
"""A thread turns several times a minute whatever is wrong: the longest wait for a broker is 60 s with some 20 s of trying, that for a
database 30 s with some 10 s of its own. One that has not turned for so long hangs, and only a new start can mend it."""


class ThreadWatch:
    """When each thread last turned; times are seconds on the monotonic clock.

    Example:
        >>> watch = ThreadWatch()
        >>> watch.turned("writer", 10.0)
        >>> watch.turned("line", 150.0)
        >>> watch.stuck(189.0), watch.stuck(190.0)
        (None, 'writer')
    """

    def __init__(self) -> None:
        self._turned_s: dict[str, float] = {}

    def turned(self, thread: str, now_s: float) -> None:
        """Note that a thread has come round; it is watched from its first turn on."""
        self._turned_s[thread] = now_s

    def stuck(self, now_s: float) -> str | None:
        """The thread that has not turned for too long; None while all turn."""
        late = (name for name, turned_s in self._turned_s.items() if now_s - turned_s >= STUCK_S)
        return next(late, None)
