"""Why customers were not attended to in time: how many hosts there were, or what they did; pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from central.statistics.share import ShareOf, share_of
from protocol.measurements import Encounter

MissCause = Literal["nobody_on_duty", "all_busy", "another_free", "away", "at_the_desk", "not_known"]
"""Of the host as a customer came near. ``nobody_on_duty``: nobody was at the desk or signed in there. ``all_busy``: with another customer or on the telephone, as
every other host of the showroom was. ``another_free``: as before, and at another desk a host was free. ``away``: signed in, and not at the desk.
``at_the_desk``: there and free. ``not_known``: the host could not be seen."""
CAUSES: tuple[MissCause, ...] = (
    *("nobody_on_duty", "all_busy", "another_free", "away", "at_the_desk", "not_known"),
)
OF_STAFFING: frozenset[MissCause] = frozenset({"nobody_on_duty", "all_busy"})
"""What one more host would have mended, whoever they are."""


@dataclass(frozen=True, slots=True)
class MissedVisits:
    """Visits in which the customer was not attended to in time, by cause."""

    counts: tuple[tuple[MissCause, int], ...]
    """In the order of `CAUSES`."""
    of_staffing: ShareOf | None
    """Among those of which the cause is known; None of none."""

    @property
    def n(self) -> int:
        """How many."""
        return sum(count for _, count in self.counts)


def cause_of_miss(visit: Encounter, *, signed_in: bool, another_free: bool) -> MissCause:
    """Why a visit was missed, by what the desk saw of the host as the customer came near.

    Args:
        visit: It was not attended to in time.
        signed_in: Whether anybody was signed in at the desk.
        another_free: Whether another desk of the showroom was staffed, and without a visit.
    """
    match visit.host_at_arrival:
        case "unknown":
            return "not_known"
        case "present":
            return "at_the_desk"
        case "absent" if signed_in:
            return "away"
        case "absent":
            return "another_free" if another_free else "nobody_on_duty"
        case _:
            return "another_free" if another_free else "all_busy"


def missed_visits(causes: Iterable[MissCause]) -> MissedVisits:
    """Count causes; their order does not matter.

    >>> missed_visits(["all_busy", "at_the_desk", "not_known"]).of_staffing.whole
    2
    """
    found = Counter(causes)
    staffing = sum(found[each] for each in OF_STAFFING)
    known = found.total() - found["not_known"]
    return MissedVisits(tuple((each, found[each]) for each in CAUSES), share_of(staffing, known))
