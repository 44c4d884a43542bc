"""What an appraisal is drawn from: the measurements of one person in one showroom, judged, and what the showroom came to beside them; pure."""

from typing import Annotated, Literal

from pydantic import Field

from central.appraisal.proportions import Counts
from protocol.measurements import Message

FORMAT = 2
"""Raised with every change by which the same measurements give another text: a signed appraisal is then recomputed by what it was drawn with.
1: without presence. 2: with it."""

Letter = Literal["p", "f", "i", "n"]
"""Met, not met, cannot be told, not applicable: as `central.verdicts.packing` writes them."""

CIRCUMSTANCES = ("party", "several", "on_phone", "alone")
"""``party``: two customers or more came together. ``several``: another visit went on meanwhile. ``on_phone``: the host was on the telephone during
some of it. ``alone``: nobody else was signed in in the showroom."""


class JudgedWork(Message):
    """One visit or call, judged by the standard that held then."""

    measurement: str
    kind: Literal["visit", "call"]
    wall_s: float
    outcomes: dict[str, Letter]
    """Of each clause that the standard sets and the profile shows of one person."""
    why: dict[str, str]
    """Where nothing was decided: the reason, its numbers left out."""
    party: bool | None = None
    several: bool | None = None
    on_phone: bool | None = None
    alone: bool | None = None

    @property
    def stratum(self) -> str:
        """The circumstances as one short text, one sign for each: ``1`` yes, ``0`` no, ``-`` not known.

        >>> JudgedWork(measurement="a", kind="visit", wall_s=0.0, outcomes={}, why={}, party=True, alone=False).stratum
        '1--0'
        """
        return "".join(
            "-" if (held := getattr(self, name)) is None else str(int(held)) for name in CIRCUMSTANCES
        )


class AskedLimits(Message):
    """What a clause asked, at least and at most."""

    min: float | None
    max: float | None


class BesideThem(Message):
    """What everybody else in the showroom came to by one clause; of nobody in particular."""

    by_stratum: dict[str, tuple[int, int]]
    """Met and decided, by `JudgedWork.stratum`."""
    strength: float | None
    """`central.appraisal.shrinking.strength_of` the other people."""


class UnmeasuredStretch(Message):
    """What could not be measured while the person was on duty."""

    what: str
    seconds: float


class PresentDay(Message):
    """How long a person was signed in at one desk on one day, and whether anybody was seen at it meanwhile; seconds."""

    day: str
    """ISO day by the showroom's clock."""
    device: str
    on_duty_s: float
    staffed_s: float
    unstaffed_s: float
    unseen_s: float
    """Covered by an attendance, and not seen; what no attendance covers is in none of the three."""


class DrawnFrom(Message):
    """All that the figures of one appraisal rest on."""

    format: int = FORMAT
    person: str
    company: str
    showroom: str
    timezone: str
    first_day: str
    last_day: str
    """ISO days, both included, by the showroom's clock."""
    before_first_day: str
    """From here to the day before ``first_day`` is the period before."""
    as_of_wall_s: float
    """What was known then; a whole second, as Unix time."""
    scoring: int
    standards: tuple[str, ...]
    """That held in the period, ascending in time."""
    profiles: tuple[str, ...]
    """The jurisdiction profiles of the showroom in the period."""
    least_n: Annotated[int, Field(ge=1)]
    limits: dict[str, tuple[AskedLimits, ...]]
    """What each clause asked in the period; more than once where the standard changed."""
    limits_before: dict[str, tuple[AskedLimits, ...]]
    on_duty_s: float
    unmeasured: tuple[UnmeasuredStretch, ...]
    work: tuple[JudgedWork, ...]
    before: tuple[JudgedWork, ...]
    excluded: tuple[str, ...]
    """Measurements of the person that a contest took out."""
    beside: dict[str, BesideThem]
    circumstances_beside: dict[str, tuple[int, int]]
    """Of each circumstance, in how many visits and calls of everybody else it held, and of how many that is known."""
    presence: tuple[PresentDay, ...] | None = None
    """None in what was drawn in the first format."""


def in_order(work: tuple[JudgedWork, ...]) -> tuple[JudgedWork, ...]:
    """Measurements in the one order in which they are written, whatever order they came in."""
    return tuple(sorted(work, key=lambda each: (each.wall_s, each.measurement)))


def days_in_order(days: tuple[PresentDay, ...]) -> tuple[PresentDay, ...]:
    """Days in the one order in which they are written."""
    return tuple(sorted(days, key=lambda each: (each.day, each.device)))


def counts_of(work: tuple[JudgedWork, ...], clause: str) -> Counts:
    """Met among decided by one clause."""
    letters = [each.outcomes.get(clause) for each in work]
    met = letters.count("p")
    return Counts(met, met + letters.count("f"))
