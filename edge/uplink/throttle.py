"""Lets what somebody else asks for happen only so often: pure, time is an argument."""


class Throttle:
    """What is asked for happens at most once in some time; asked too early it happens later, once.

    >>> throttle = Throttle(10.0)
    >>> throttle.ask()
    >>> throttle.due(0.0), throttle.due(1.0)
    (True, False)
    >>> throttle.ask()
    >>> throttle.due(5.0), throttle.due(10.0), throttle.due(11.0)
    (False, True, False)
    """

    def __init__(self, every_s: float) -> None:
        """Take the least time between two, in seconds."""
        self._every_s = every_s
        self._asked = False
        self._last_s: float | None = None

    def ask(self) -> None:
        """Somebody asks for it."""
        self._asked = True

    def due(self, now_s: float) -> bool:
        """Whether it is to happen now; it then counts as done."""
        if not self._asked or (self._last_s is not None and now_s - self._last_s < self._every_s):
            return False
        self._asked, self._last_s = False, now_s
        return True
