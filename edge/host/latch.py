"""A yes or no that changes only when the change lasts, and then since when it was true."""

from dataclasses import dataclass


@dataclass(slots=True)
class Latch:
    """A state with inertia.

    Example:
        >>> latch = Latch(on_after_s=0.3, off_after_s=1.0)
        >>> [latch.observe(t, seen=s) for t, s in ((0.0, True), (0.2, False), (0.3, True), (0.7, True))]
        [None, None, None, True]
        >>> latch.since_s
        0.3
    """

    on_after_s: float
    off_after_s: float
    state: bool | None = None
    since_s: float | None = None
    """Since when the state holds."""
    _candidate_since_s: float | None = None
    _candidate: bool | None = None

    def observe(self, t_s: float, *, seen: bool | None) -> bool | None:
        """Take what was seen into account; None, "not known", changes nothing."""
        if seen is None:
            return self.state
        if seen == self.state:
            self._candidate = None
            return self.state
        if seen != self._candidate:
            self._candidate, self._candidate_since_s = seen, t_s
        since = self._candidate_since_s if self._candidate_since_s is not None else t_s
        if t_s - since >= (self.on_after_s if seen else self.off_after_s):
            self.state, self.since_s, self._candidate = seen, since, None
        return self.state

    def forget(self) -> None:
        """Know nothing any more."""
        self.state = self.since_s = self._candidate = self._candidate_since_s = None
