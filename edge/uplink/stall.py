"""Decides when a disk that does not answer is said to take nothing: pure, time is an argument."""

from dataclasses import dataclass

PATIENCE_S = 5.0
"""How long one write may take before the card is said to hang: cards that tidy up hold a write for 1 to 2 s (SD Physical Layer
Specification, timeouts of 250 and 500 ms for each of its blocks), and a program that holds the spool is waited for 1 s."""


@dataclass
class StallWatch:
    """Watches one disk at work; times are seconds on the monotonic clock.

    Example:
        >>> watch = StallWatch()
        >>> watch.begin(10.0)
        >>> watch.stalled_since_s(12.0), watch.stalled_since_s(16.0)
        (None, 10.0)
        >>> watch.end(51.0)
        41.0
        >>> watch.stalled_since_s(52.0)
    """

    _since_s: float | None = None

    def begin(self, now_s: float) -> None:
        """Note that the disk was given something to do."""
        self._since_s = now_s

    def end(self, now_s: float) -> float | None:
        """Note that it has done it; how long it hung, None where it did not."""
        since_s, self._since_s = self._since_s, None
        return now_s - since_s if since_s is not None and now_s - since_s >= PATIENCE_S else None

    def stalled_since_s(self, now_s: float) -> float | None:
        """Since when the disk has taken nothing; None while it answers in time."""
        since_s = self._since_s
        return since_s if since_s is not None and now_s - since_s >= PATIENCE_S else None
