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

    What is asked for again and again happens ever less often, where it is told so.

    >>> throttle = Throttle(10.0, longest_s=40.0)
    >>> [now_s for now_s in range(0, 200, 5) if throttle.ask() or throttle.due(float(now_s))]
    [0, 10, 30, 70, 110, 150, 190]
    """

    def __init__(self, every_s: float, longest_s: float | None = None) -> None:
        """Begin with nothing asked for.

        Args:
            every_s: The least time between two, in seconds.
            longest_s: That time doubles up to this while it is asked for all the time, and begins anew after a rest of twice this.
        """
        self._shortest_s = self._every_s = every_s
        self._longest_s = every_s if longest_s is None else longest_s
        self._asked = False
        self._last_s: float | None = None

    def ask(self) -> None:
        """Somebody asks for it."""
        self._asked = True

    def due(self, now_s: float) -> bool:
        """Whether it is to happen now; it then counts as done."""
        since_s = None if self._last_s is None else now_s - self._last_s
        if not self._asked or (since_s is not None and since_s < self._every_s):
            return False
        if since_s is not None:
            rested = since_s > 2 * self._longest_s
            self._every_s = self._shortest_s if rested else min(2 * self._every_s, self._longest_s)
        self._asked, self._last_s = False, now_s
        return True

    def may(self, now_s: float) -> bool:
        """Ask for it; whether it is to happen now, for what is not made up for later."""
        self.ask()
        happens = self.due(now_s)
        self._asked = False
        return happens
