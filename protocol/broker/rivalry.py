"""Whether somebody else goes by our name at the broker, from how connections end: pure, time is an argument."""

import random
from collections import deque
from collections.abc import Callable
from typing import Literal

WITHIN_S = 600.0
"""Two take-overs within ten minutes are a fight: `deskside doctor` takes a connection over once, and stays away."""
LEFT_ALONE_S = 150.0
"""A connection that lasts longer than both rests together is left alone: the other one would have come back."""
SILENT_ENDS = 3
"""So many short connections in a row, each broken off without a word, are no accident of a network."""
REST_S = (30.0, 60.0)
"""How long each stays away after it was thrown out, drawn anew each time: both get their turn, and deliver in it."""

Certainty = Literal["told", "likely"]
"""How sure it is that there is another one: the broker said so or it was heard, or connections end as if there were."""


class Rivalry:
    """Counts how connections of one name end.

    Two clients of one name throw each other out without end: to the broker the newer one is the same client, back again.

    >>> rivalry = Rivalry(draw=lambda: 0.0)
    >>> rivalry.began(0.0)
    >>> rivalry.ended(1.0, taken_over=True, unexplained=False)
    >>> rivalry.began(2.0)
    >>> rivalry.ended(3.0, taken_over=True, unexplained=False)
    >>> rivalry.certainty, rivalry.rest_s()
    ('told', 30.0)
    """

    def __init__(self, draw: Callable[[], float] = random.random) -> None:
        """Take a source of numbers from 0 to 1."""
        self._draw = draw
        self._began_s: float | None = None
        self._taken_over_s: deque[float] = deque(maxlen=2)
        self._silent_ends = 0
        self._last_end_s = 0.0
        self.certainty: Certainty | None = None
        """How sure it is that there is another one of our name; None while nothing speaks for it."""

    def began(self, now_s: float) -> None:
        """The broker accepted a connection."""
        self._began_s = now_s

    def met(self) -> None:
        """Somebody else has spoken under our name."""
        self.certainty = "told"

    def ended(self, now_s: float, *, taken_over: bool, unexplained: bool) -> None:
        """A connection ended, or was not made.

        Args:
            now_s: The moment, in seconds on the monotonic clock.
            taken_over: The broker said that another client came under our name.
            unexplained: The broker broke it off without a word, and nothing that we had sent explains it.
        """
        self.stands(now_s)
        accepted, self._began_s = self._began_s is not None, None
        if now_s - self._last_end_s > WITHIN_S:
            self._silent_ends = 0
        self._last_end_s = now_s
        if taken_over:
            self._taken_over_s.append(now_s)
            if len(self._taken_over_s) == 2 and now_s - self._taken_over_s[0] <= WITHIN_S:
                self.certainty = "told"
        elif unexplained and accepted:
            self._silent_ends += 1
            if self._silent_ends >= SILENT_ENDS and self.certainty is None:
                self.certainty = "likely"
        elif not accepted:
            self._silent_ends = 0

    def stands(self, now_s: float) -> None:
        """The connection stands; after some time nobody else wants the name, and what was found is over."""
        if self._began_s is not None and now_s - self._began_s >= LEFT_ALONE_S:
            self._began_s = now_s
            self._silent_ends = 0
            self._taken_over_s.clear()
            self.certainty = None

    def rest_s(self) -> float | None:
        """How long to stay away before the next try, in seconds; None where nothing speaks for another one."""
        if self.certainty is None:
            return None
        shortest_s, longest_s = REST_S
        return shortest_s + (longest_s - shortest_s) * self._draw()
