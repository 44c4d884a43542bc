"""The calls of a day counted, with the two service-level formulas in use."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from central.scoring.clauses.phone_rings import rings_counted
from protocol.measurements import Call
from protocol.standard import Phone


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Raw counts of a day's calls, and both formulas in use, named.

    "In time" is within the standard's maximum of rings; with none set, every call is in time.
    """

    answered_in_time: int
    answered_late: int
    abandoned_in_time: int
    abandoned_late: int
    unknown: int

    @property
    def of_answered(self) -> float | None:
        """Answered in time, of all answered."""
        answered = self.answered_in_time + self.answered_late
        return self.answered_in_time / answered if answered else None

    @property
    def of_offered(self) -> float | None:
        """Answered or abandoned in time, of all answered or abandoned."""
        in_time = self.answered_in_time + self.abandoned_in_time
        offered = in_time + self.answered_late + self.abandoned_late
        return in_time / offered if offered else None


def service_level(calls: Iterable[Call], phone: Phone) -> ServiceLevel:
    """Count calls by outcome and by whether they ended within the allowed rings."""

    def late(call: Call) -> bool:
        return phone.rings.max is not None and rings_counted(call, phone) > phone.rings.max

    counted = Counter((call.outcome, late(call)) for call in calls)
    return ServiceLevel(
        answered_in_time=counted["answered", False],
        answered_late=counted["answered", True],
        abandoned_in_time=counted["abandoned", False],
        abandoned_late=counted["abandoned", True],
        unknown=counted["unknown", False] + counted["unknown", True],
    )
