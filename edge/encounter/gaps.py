"""What could not be measured, from when to when, and why: gaps opened and closed."""

from protocol.measurements import Gap


class Gaps:
    """Gaps that are open, by the part that fails.

    Example:
        >>> gaps = Gaps()
        >>> gaps.open(3.0, "camera staff", "unplugged")
        >>> gaps.close(8.0, "camera staff")
        (Gap(start_s=3.0, end_s=8.0, what='camera staff', reason='unplugged'),)
    """

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, str]] = {}

    def open(self, t_s: float, what: str, reason: str) -> None:
        """A part stopped measuring at ``t_s``; reported twice, the first reason counts."""
        self._open.setdefault(what, (t_s, reason))

    def close(self, t_s: float, what: str) -> tuple[Gap, ...]:
        """A part measures again; nothing when it did all along, or failed for no time at all."""
        start_s, reason = self._open.pop(what, (t_s, ""))
        return (Gap(start_s=start_s, end_s=t_s, what=what, reason=reason),) if t_s > start_s else ()

    def close_all(self, t_s: float) -> tuple[Gap, ...]:
        """The timeline ends."""
        return tuple(gap for what in list(self._open) for gap in self.close(t_s, what))
