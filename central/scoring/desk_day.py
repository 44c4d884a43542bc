"""One desk's day scored under one standard: the same measurements and the same standard give the same score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from central.records.day import Day
from central.records.measured import Measured, only
from central.scoring.clauses.phone import ServiceLevel, judge_call, service_level
from central.scoring.clauses.presence import Staffing, Stretch, judge_presence, staffing
from central.scoring.clauses.respond import Wait, wait_under
from central.scoring.clauses.visit import judge_visit
from central.scoring.coverage import Coverage, coverage_of
from central.scoring.tally import Tally, tally
from central.scoring.verdict import Verdict
from central.scoring.waiting import Waiting, waiting
from protocol.measurements import Attendance, Call, Encounter, Measurement
from protocol.standard import Standard


@dataclass(frozen=True, slots=True)
class ScoredVisit:
    """A visit with its verdicts."""

    measured: Measured[Encounter]
    wait: Wait
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """A call with its verdicts."""

    measured: Measured[Call]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class DeskDay:
    """What one day at one desk comes to."""

    day: Day
    standard: str
    """The standard it was scored under, with its version."""
    visits: tuple[ScoredVisit, ...]
    calls: tuple[ScoredCall, ...]
    presence: tuple[Verdict, ...]
    """The one verdict on presence; none where the standard leaves it open."""
    tallies: tuple[Tally, ...]
    """Clause by clause over the visits and the calls; presence is one verdict a day and is not counted."""
    waiting: Waiting
    service_level: ServiceLevel
    staffing: Staffing
    coverage: Coverage | None
    measured_under: tuple[str, ...]
    """The standards by which the desk itself told coming near and leaving, where they differ from ``standard``."""
    estimated_times: int
    """Measurements whose wall time comes from a clock that had not been set."""


def score_day(measured: Sequence[Measured[Measurement]], standard: Standard, day: Day) -> DeskDay:
    """Score everything a desk measured on one day.

    Visits and calls belong to the day on which they began; attendance and gaps are cut at midnight. Any measurement that
    does not touch the day is left out, and the order in which they are given does not matter.
    """
    touching = sorted(
        (item for item in measured if _touches(item, day)), key=lambda item: (item.wall_s, item.id)
    )
    visits = tuple(_visit(item, standard) for item in only(Encounter, touching))
    calls = tuple(_call(item, standard) for item in only(Call, touching))
    stretches = tuple(_stretch(item, day) for item in only(Attendance, touching))
    under = {visit.measured.data.standard for visit in visits} - {standard.label}
    return DeskDay(
        day=day,
        standard=standard.label,
        visits=visits,
        calls=calls,
        presence=judge_presence(stretches, standard.presence),
        tallies=tally(chain.from_iterable([*(v.verdicts for v in visits), *(c.verdicts for c in calls)])),
        waiting=waiting([visit.wait for visit in visits]),
        service_level=service_level((call.measured.data for call in calls), standard.phone),
        staffing=staffing(stretches),
        coverage=coverage_of(touching, day),
        measured_under=tuple(sorted(under)),
        estimated_times=sum(not item.synced for item in touching),
    )


def _touches(item: Measured[Measurement], day: Day) -> bool:
    if isinstance(item.data, Encounter | Call):
        return item.wall_s in day
    return day.clip(item.wall_s, item.end_wall_s) is not None


def _visit(item: Measured[Encounter], standard: Standard) -> ScoredVisit:
    visit = item.data
    verdicts = tuple(replace(verdict, measurements=(item.id,)) for verdict in judge_visit(visit, standard))
    return ScoredVisit(item, wait_under(visit, standard.respond), verdicts)


def _call(item: Measured[Call], standard: Standard) -> ScoredCall:
    verdicts = judge_call(item.data, standard.phone)
    return ScoredCall(item, tuple(replace(verdict, measurements=(item.id,)) for verdict in verdicts))


def _stretch(item: Measured[Attendance], day: Day) -> Stretch:
    from_s, to_s = day.clip(item.wall_s, item.end_wall_s) or (0.0, 0.0)
    return Stretch(item.id, to_s - from_s, item.data.staffed, item.data.coverage)
