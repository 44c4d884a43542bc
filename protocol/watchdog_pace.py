"""Decides when systemd's watchdog is to be told that a program is alive: pure, time is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

SHARE = 1 / 3
"""How much of the watchdog's period passes between two notes: two of them may be late or lost before it bites."""
EARLY_S = 0.1
"""A note is sent so much early: the loop's turn that sends it may come a little late."""
UNTOLD_PERIOD_S = 15.0
"""The period for a supervisor that passes on a way to be notified and no period: half of that of the units in systemd/."""


@dataclass
class WatchdogPace:
    """When the next note is due.

    Example:
        >>> pace = WatchdogPace(period_s=30.0)
        >>> pace.due(100.0)
        True
        >>> pace.sent(100.0)
        >>> pace.due(105.0), pace.due(110.0)
        (False, True)
    """

    period_s: float | None
    """The watchdog's; None where none watches this process."""
    _sent_s: float | None = None

    @classmethod
    def told_by(cls, environment: Mapping[str, str], process: int) -> Self:
        """The pace that systemd asks of a process for (sd_watchdog_enabled(3))."""
        if environment.get("WATCHDOG_PID", str(process)) != str(process):
            return cls(None)
        try:
            period_s = int(environment["WATCHDOG_USEC"]) / 1e6
        except (KeyError, ValueError):
            return cls(UNTOLD_PERIOD_S)
        return cls(period_s if period_s > 0.0 else UNTOLD_PERIOD_S)

    def due(self, now_s: float) -> bool:
        """Whether a note is to be sent now."""
        if self.period_s is None:
            return False
        return self._sent_s is None or now_s - self._sent_s >= SHARE * self.period_s - EARLY_S

    def sent(self, now_s: float) -> None:
        """Note that one was sent."""
        self._sent_s = now_s
