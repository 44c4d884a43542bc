"""From when to when the desk was staffed."""

from collections.abc import Iterator

from edge.host.host_now import HostNow
from protocol.measurements import Attendance

SHORT_ABSENCE_S = 30.0
"""Fetching a leaflet or stooping for a pen is no absence."""
SHORT_PRESENCE_S = 3.0
"""Somebody who passes behind an empty desk does not staff it."""
UNSEEN_S = 30.0
"""Longer without knowing whether anybody is there, and the stretch ends where it was last known."""
LOOK_S = 2.0
"""Looks further apart than this leave the time between them uncovered."""
LONGEST_S = 900.0
"""A stretch is reported at least this often, so that a power cut costs a quarter of an hour at most."""


class AttendanceMeter:
    """Divides time into stretches in which the desk was staffed and stretches in which it was not.

    A change counts from when it happened, once it has lasted: a short absence does not divide a staffed stretch. What was
    not seen belongs to no stretch.

    Example:
        >>> from edge.host.host_now import HostNow
        >>> attendance = AttendanceMeter()
        >>> for t_s in range(100):
        ...     over = list(attendance.step(t_s, HostNow(t_s, observed=True, present=t_s < 50)))
        >>> [(each.start_s, each.end_s, each.staffed) for each in attendance.finish(100.0)]
        [(50.0, 99.0, False)]
    """

    def __init__(self) -> None:
        self._staffed: bool | None = None
        self._start_s = 0.0
        self._known_s = 0.0
        """Seconds of the stretch in which it was known whether the host was there."""
        self._last_s: float | None = None
        """When that was last known."""
        self._doubt_since_s: float | None = None
        """Since when the host has been the opposite of the stretch."""
        self._doubt_known_s = 0.0

    def step(self, t_s: float, host: HostNow) -> Iterator[Attendance]:
        """Take in the host at one moment; the stretches that are over with it."""
        if self._last_s is not None and t_s - self._last_s > UNSEEN_S:
            yield from self.finish(t_s)
        present = host.present if host.observed and t_s - host.t_s <= LOOK_S else None
        if present is None:
            return
        if self._staffed is None or self._last_s is None:
            self._begin(t_s, staffed=present)
            return
        passed_s, self._last_s = t_s - self._last_s, t_s
        passed_s = passed_s if passed_s <= LOOK_S else 0.0
        self._known_s += passed_s
        if present == self._staffed:
            self._doubt_since_s = None
        else:
            yield from self._doubt(t_s, passed_s)
        if self._doubt_since_s is None and t_s - self._start_s >= LONGEST_S:
            yield self._stretch(t_s, self._known_s)
            self._begin(t_s, staffed=self._staffed)

    def finish(self, t_s: float) -> tuple[Attendance, ...]:
        """The timeline ends, or nothing is known any more: the stretch in progress ends where it was last known."""
        last_s, self._last_s = self._last_s, None
        if self._staffed is None or last_s is None or last_s <= self._start_s:
            return ()
        over = self._stretch(min(last_s, t_s), self._known_s)
        self._staffed = None
        self._doubt_since_s = None
        return (over,)

    def _begin(self, t_s: float, *, staffed: bool, known_s: float = 0.0) -> None:
        self._staffed, self._start_s, self._known_s = staffed, t_s, known_s
        self._last_s = t_s if self._last_s is None else self._last_s
        self._doubt_since_s = None

    def _doubt(self, t_s: float, passed_s: float) -> Iterator[Attendance]:
        if self._doubt_since_s is None:
            self._doubt_since_s, self._doubt_known_s = t_s, 0.0
        else:
            self._doubt_known_s += passed_s
        if t_s - self._doubt_since_s < (SHORT_ABSENCE_S if self._staffed else SHORT_PRESENCE_S):
            return
        since_s, known_s = self._doubt_since_s, self._doubt_known_s
        if since_s > self._start_s:
            yield self._stretch(since_s, self._known_s - known_s)
        self._begin(since_s, staffed=not self._staffed, known_s=known_s)

    def _stretch(self, end_s: float, known_s: float) -> Attendance:
        return Attendance(
            start_s=self._start_s,
            end_s=end_s,
            staffed=bool(self._staffed),
            coverage=min(1.0, known_s / (end_s - self._start_s)),
        )
