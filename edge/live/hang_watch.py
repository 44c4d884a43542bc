"""Decides when a camera's driver hangs, and when only a new start can mend it: pure, time is an argument."""

HANGS_S = 15.0
"""A camera's thread does something every 50 ms, save while a frame is looked at or its driver opens or closes: that takes some seconds at most."""
RESTART_AFTER_S = 60.0
"""A driver that has hung for so long will not come back: a new process gets it again, as a rule."""
LEAST_RUN_S = 600.0
"""A desk does not start itself anew more often: with a camera that hangs again and again the telephone is still heard."""
HANGS = "its driver hangs: check the camera's cable; the desk starts itself anew if that lasts"
"""The reason of the loss."""


class HangWatch:
    """Watches one camera's thread; times are seconds on the monotonic clock.

    Args:
        began_s: When the desk began.

    Example:
        >>> watch = HangWatch(began_s=0.0)
        >>> watch.alive(900.0)
        >>> watch.hangs(910.0), watch.hangs(920.0), watch.needs_restart(950.0), watch.needs_restart(970.0)
        (False, True, False, True)
    """

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self._alive_s = began_s

    def alive(self, now_s: float) -> None:
        """Note that the thread did something."""
        self._alive_s = now_s

    def hangs(self, now_s: float) -> bool:
        """Whether it has done nothing for too long."""
        return now_s - self._alive_s >= HANGS_S

    def needs_restart(self, now_s: float) -> bool:
        """Whether the desk is to start anew because of it."""
        return now_s - self._alive_s >= RESTART_AFTER_S and now_s - self._began_s >= LEAST_RUN_S
