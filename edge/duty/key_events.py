"""Key events of Linux's input devices, as their bytes say them: pure, no device is opened here."""

import struct
from dataclasses import dataclass

_EVENT = struct.Struct("llHHi")
"""``struct input_event`` of linux/input.h with the machine's own sizes: seconds, microseconds, type, code, value."""
SIZE = _EVENT.size
EV_SYN, EV_KEY = 0, 1
"""Types of events: the end of what happened at once, and a key (input-event-codes.h)."""
SYN_DROPPED = 3
"""The kernel's buffer ran over: what was read before does not go together with what follows (input-event-codes.h)."""
PRESSED = 1
"""Value of a key that goes down; 0 is let go, 2 repeats by being held."""


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key went down or up."""

    t_s: float
    code: int
    """Of linux/input-event-codes.h."""
    down: bool


@dataclass(frozen=True, slots=True)
class EventsDropped:
    """Some events are missing here."""

    t_s: float


class EventBytes:
    """Splits what is read of a device into events; bytes that end in the middle of one wait for its rest.

    Example:
        >>> stream = EventBytes()
        >>> both = _EVENT.pack(7, 500000, EV_KEY, 28, PRESSED) + _EVENT.pack(7, 510000, EV_KEY, 28, 0)
        >>> stream.feed(both[:30]), stream.feed(both[30:])
        ([KeyEvent(t_s=7.5, code=28, down=True)], [KeyEvent(t_s=7.51, code=28, down=False)])
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[KeyEvent | EventsDropped]:
        """The key events that are whole now; repeats of a held key, and what is no key, are left out."""
        data = self._rest + data
        whole = len(data) - len(data) % SIZE
        self._rest = data[whole:]
        events: list[KeyEvent | EventsDropped] = []
        for seconds, microseconds, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            t_s = seconds + microseconds / 1e6
            if kind == EV_SYN and code == SYN_DROPPED:
                events.append(EventsDropped(t_s))
            elif kind == EV_KEY and value in (0, PRESSED):
                events.append(KeyEvent(t_s, code, value == PRESSED))
        return events
