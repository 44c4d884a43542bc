"""Today's own numbers of whoever is signed in: pure, counted from measurements by the standard at the desk."""

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Tally:
    since_s: float
    visits: int = 0
    in_time: list[bool] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    calls_in_time: list[bool] = field(default_factory=list)
    latest_visit_s: float | None = None


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
        self._tallies: dict[str, _Tally] = {}

    def begin_day(self, day: str, t_s: float) -> None:
        """Note which day it is, such as ``2026-09-21``; another one than before begins with nothing counted."""
        if day == self._day:
            return
        self._day = day
        self._tallies.clear()
        person = self._changes[-1][1] if self._changes else None
        self._changes = []
        self.sign(t_s, person)

    def sign(self, t_s: float, person: str | None) -> None:
        """Somebody signed in, or out (None)."""
        if self._changes and self._changes[-1][1] == person:
            return
        self._changes.append((t_s, person))
        if person is not None:
            self._tallies.setdefault(person, _Tally(t_s))

    def count(self, measurement: Measurement) -> None:
        """Count a visit or a call for whoever was signed in when it began."""
        if not isinstance(measurement, (Encounter, Call)):
            return
        tally = self._tallies.get(self._signed_in_at(measurement.start_s) or "")
        if tally is None:
            return
        if isinstance(measurement, Call):
            verdict = self._answered_in_time(measurement)
            if verdict is not None:
                tally.calls_in_time.append(verdict)
            return
        if measurement.may_be_staff is not None:
            return
        tally.visits += 1
        tally.latest_visit_s = measurement.start_s
        if measurement.wait_ended_by == "reaction":
            tally.waits_s.append(measurement.wait_s)
            tally.in_time.append(measurement.wait_s <= self._within_s)
        elif measurement.wait_ended_by == "customer_left" and measurement.wait_s > self._within_s:
            tally.in_time.append(False)

    def of(self, person: str | None) -> DaySoFar | None:
        """The day of somebody who was signed in today."""
        tally = self._tallies.get(person or "")
        if tally is None:
            return None
        return DaySoFar(
            since_s=tally.since_s,
            visits=tally.visits,
            judged=len(tally.in_time),
            in_time=sum(tally.in_time),
            wait_s=median(tally.waits_s) if tally.waits_s else None,
            calls=len(tally.calls_in_time),
            calls_in_time=sum(tally.calls_in_time),
            latest_visit_s=tally.latest_visit_s,
        )

    def _signed_in_at(self, t_s: float) -> str | None:
        return next((person for since_s, person in reversed(self._changes) if since_s <= t_s), None)

    def _answered_in_time(self, call: Call) -> bool | None:
        if call.outcome == "abandoned":
            return False
        if call.outcome != "answered" or call.answered_ring is None:
            return None
        counted = call.rings_completed if self._completed else call.answered_ring
        return self._rings_max is None or counted <= self._rings_max
