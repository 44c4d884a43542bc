"""How often somebody may ask: so much at once, and so much a second after that. Pure; time is an argument."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

A_SECOND = 10.0
"""Requests a second that one token may go on with: a walk through a million visits takes an hour, and pages stay quick beside it."""
AT_ONCE = 100
"""Requests of one token at once, such as a program that starts and reads everything it shows."""
REFUSED_A_SECOND = 0.2
"""Requests a second from one address that bring no good token: a program whose token has ended asks on, and nobody guesses one."""
REFUSED_AT_ONCE = 30
"""Of them at once: several programs behind one router begin with an old token each."""
MOST_REMEMBERED = 10_000
"""Tokens and addresses that are remembered, 2 MB of memory: those that asked longest ago are forgotten, who have all of their room again by then."""


@dataclass(slots=True)
class _Room:
    left: float
    at_s: float


class AskingPace:
    """Counts what each has asked, and says how long one that asked too often has to wait.

    Example:
        >>> pace = AskingPace(a_second=1.0, at_once=2)
        >>> [pace.wait_s("ada", now_s) for now_s in (0.0, 0.0, 0.0, 1.0)]
        [0.0, 0.0, 1.0, 0.0]
    """

    def __init__(self, a_second: float, at_once: int) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._rooms: OrderedDict[str, _Room] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, who: str, now_s: float) -> float:
        """Take one request in; 0 where it may go on, else after how many seconds the next one may."""
        with self._lock:
            room = self._now(who, now_s)
            if room.left < 1.0:
                return (1.0 - room.left) / self._a_second
            room.left -= 1.0
            return 0.0

    def would_wait_s(self, who: str, now_s: float) -> float:
        """As `wait_s`, without taking one in."""
        with self._lock:
            return max(0.0, 1.0 - self._now(who, now_s).left) / self._a_second

    def _now(self, who: str, now_s: float) -> _Room:
        room = self._rooms.pop(who, None) or _Room(float(self._at_once), now_s)
        room.left = min(float(self._at_once), room.left + max(0.0, now_s - room.at_s) * self._a_second)
        room.at_s = now_s
        self._rooms[who] = room
        while len(self._rooms) > MOST_REMEMBERED:
            self._rooms.popitem(last=False)
        return room
