"""Decides when to try a lost part again, a camera, a light or a telephone line: pure, time is an argument."""

RETRY_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits before the first, second, ... attempt to open a lost part again; then always the last."""


class Reopening:
    """When to try a lost part again: soon at first, then ever more seldom."""

    def __init__(self, lost_s: float) -> None:
        self._attempts = 0
        self._next_s = lost_s + RETRY_AFTER_S[0]

    def due(self, now_s: float) -> bool:
        """Whether it is time for an attempt."""
        return now_s >= self._next_s

    def failed(self, now_s: float) -> None:
        """Note that an attempt failed at `now_s`."""
        self._attempts += 1
        self._next_s = now_s + RETRY_AFTER_S[min(self._attempts, len(RETRY_AFTER_S) - 1)]
