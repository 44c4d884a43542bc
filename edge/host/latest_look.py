"""A value that is looked at less often than every frame: a look speaks until the next one, for a while."""

from typing import Generic, TypeVar

Value = TypeVar("Value")


class LatestLook(Generic[Value]):
    """The latest look at something.

    Example:
        >>> lean = LatestLook[float](holds_s=0.7)
        >>> lean.note(0.0, 5.0)
        >>> lean.note(0.1, None)
        >>> lean.at(0.5), lean.at(0.8)
        (5.0, None)
    """

    def __init__(self, holds_s: float) -> None:
        self._holds_s = holds_s
        self._latest: tuple[float, Value] | None = None

    def note(self, t_s: float, value: Value | None) -> None:
        """Take in a frame; None, not looked at in it, changes nothing."""
        if value is not None:
            self._latest = (t_s, value)

    def at(self, t_s: float) -> Value | None:
        """The latest look; None when it is older than it holds."""
        if self._latest is None or t_s - self._latest[0] > self._holds_s:
            return None
        return self._latest[1]
