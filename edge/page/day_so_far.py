"""Today's own numbers of whoever is signed in: pure, counted from measurements by the standard at the desk."""

from dataclasses import dataclass
from statistics import median

from protocol.measurements import Call, Encounter, Measurement
from protocol.standard import Standard


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """What somebody sees of their own day; visits and calls that began while they were signed in."""

    since_s: float
    """From when on it is counted, on the desk's timeline: their first sign-in today, as long as the desk has run."""
    visits: int = 0
    judged: int = 0
    """Visits of which it is sure whether they were attended to in time."""
    in_time: int = 0
    wait_s: float | None = None
    """Median wait of the visits that were attended to."""
    calls: int = 0
    """Calls of which it is sure whether they were answered in time."""
    calls_in_time: int = 0
    latest_visit_s: float | None = None
    """When the latest visit began."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is kept of a visit or a call."""

    start_s: float
    is_visit: bool
    in_time: bool | None
    """None where it is not sure."""
    wait_s: float | None = None
    """Of a visit that was attended to."""


class DaysSoFar:
    """Counts for everybody who was signed in today, and forgets them when the day is over.

    Args:
        standard: By whose limits something is in time.
    """

    def __init__(self, standard: Standard) -> None:
        self._within_s = standard.respond.within_s
        self._rings_max = standard.phone.rings.max
        self._completed = standard.phone.counting != "begun"
        self._day: str | None = None
        self._changes: list[tuple[float, str | None]] = []
        """Who was signed in from when on, ascending."""
        self._counted: list[_Counted] = []
        self._known: dict[str, DaySoFar | None] = {}
        """What was added up since the last change."""

    def begin_day(self, day: str, t_s: float) -> None:
        """Note which day it is, such as ``2026-09-21``; another one than before begins with nothing counted."""
        if day == self._day:
            return
        self._day = day
        person = self._changes[-1][1] if self._changes else None
        self._changes, self._counted = [], []
        self.sign(t_s, person)

    def sign(self, t_s: float, person: str | None) -> None:
        """Somebody signed in, or out (None); a sign-out may be dated back to when they were last seen."""
        self._known.clear()
        if not self._changes or self._changes[-1][1] != person:
            self._changes.append((t_s, person))

    def count(self, measurement: Measurement) -> None:
        """Count a visit or a call for whoever was signed in when it began."""
        if isinstance(measurement, Call):
            counted = _Counted(
                measurement.start_s, is_visit=False, in_time=self._answered_in_time(measurement)
            )
        elif isinstance(measurement, Encounter) and measurement.may_be_staff is None:
            attended = measurement.wait_ended_by == "reaction"
            wait_s = measurement.wait_s if attended else None
            counted = _Counted(
                measurement.start_s, is_visit=True, in_time=self._attended_in_time(measurement), wait_s=wait_s
            )
        else:
            return
        self._known.clear()
        self._counted.append(counted)

    def of(self, person: str | None) -> DaySoFar | None:
        """The day of somebody who was signed in today."""
        if person is None:
            return None
        if person not in self._known:
            self._known[person] = self._added_up(person)
        return self._known[person]

    def _added_up(self, person: str) -> DaySoFar | None:
        since_s = next((since_s for since_s, who in self._changes if who == person), None)
        if since_s is None:
            return None
        own = [each for each in self._counted if self._signed_in_at(each.start_s) == person]
        visits = [each for each in own if each.is_visit]
        judged = [each.in_time for each in visits if each.in_time is not None]
        calls = [each.in_time for each in own if not each.is_visit and each.in_time is not None]
        waits_s = [each.wait_s for each in visits if each.wait_s is not None]
        return DaySoFar(
            since_s=since_s,
            visits=len(visits),
            judged=len(judged),
            in_time=sum(judged),
            wait_s=median(waits_s) if waits_s else None,
            calls=len(calls),
            calls_in_time=sum(calls),
            latest_visit_s=max((each.start_s for each in visits), default=None),
        )

    def _signed_in_at(self, t_s: float) -> str | None:
        return next((person for since_s, person in reversed(self._changes) if since_s <= t_s), None)

    def _attended_in_time(self, visit: Encounter) -> bool | None:
        if visit.wait_ended_by == "reaction":
            return visit.wait_s <= self._within_s
        return False if visit.wait_ended_by == "customer_left" and visit.wait_s > self._within_s else None

    def _answered_in_time(self, call: Call) -> bool | None:
        if call.outcome == "abandoned":
            return False
        if call.outcome != "answered" or call.answered_ring is None:
            return None
        counted = call.rings_completed if self._completed else call.answered_ring
        return self._rings_max is None or counted <= self._rings_max
