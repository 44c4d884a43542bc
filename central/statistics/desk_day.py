"""One desk's day under one standard: the same measurements and the same standard give the same day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from central.records.day import Day
from central.records.measured import Measured, only
from central.scoring.judging import verdicts_on
from central.scoring.scored import ScoredCall, ScoredEncounter, score_call, score_encounter
from central.scoring.staffing import Staffing, Stretch, staffing
from central.scoring.verdict import Verdict
from central.statistics.day_coverage import DayCoverage, coverage_of
from central.statistics.service_level import ServiceLevel, service_level
from central.statistics.tally import Tally, tally
from central.statistics.waiting import Waiting, waiting
from protocol.measurements import Attendance, Call, Encounter, Measurement
from protocol.standard import Standard


@dataclass(frozen=True, slots=True)
class DeskDay:
    """What one day at one desk comes to."""

    day: Day
    standard: str
    """The standard it was scored under, with its version."""
    encounters: Annotated[tuple[ScoredEncounter, ...], Field(serialization_alias="visits")]
    """People who read the JSON call an encounter a visit, as on the page."""
    calls: tuple[ScoredCall, ...]
    presence: tuple[Verdict, ...]
    """The verdicts on the day's staffing; none where the standard leaves them open."""
    tallies: tuple[Tally, ...]
    """Clause by clause over the encounters and the calls; presence is one verdict a day and is not counted."""
    waiting: Waiting
    service_level: ServiceLevel
    staffing: Staffing
    coverage: DayCoverage | None
    measured_under: tuple[str, ...]
    """The standards by which the desk itself placed coming near and leaving, where they differ from ``standard``."""
    estimated_times: int
    """Measurements whose wall time comes from a clock that had not been set."""


def _nobody(_wall_s: float) -> str:
    return "unknown"


def _no_clause(_wall_s: float) -> Collection[str]:
    return ()


def score_day(
    measured: Sequence[Measured[Measurement]],
    standard: Standard,
    day: Day,
    on_duty_at: Callable[[float], str] = _nobody,
    exempt_at: Callable[[float], Collection[str]] = _no_clause,
    kept: Mapping[str, tuple[Verdict, ...]] = MappingProxyType({}),
) -> DeskDay:
    """Score everything a desk measured on one day.

    Encounters and calls belong to the day on which they began; attendance and gaps are cut at midnight. Any measurement
    that does not touch the day is left out, and the order in which they are given does not matter.

    Args:
        measured: Of one desk.
        standard: To score under.
        day: Which day.
        on_duty_at: Who was signed in at a Unix time; ``unknown`` where nobody was.
        exempt_at: The clauses by which whoever was on duty at a Unix time is not judged.
        kept: Verdicts that were made before under the same standard, by the measurement's id; what is not among them is judged.
    """
    touching = sorted(
        (item for item in measured if _touches(item, day)), key=lambda item: (item.wall_s, item.id)
    )
    encounters = tuple(
        replace(
            score_encounter(item, standard, exempt_at(item.wall_s), kept.get(item.id)),
            on_duty=on_duty_at(item.wall_s),
        )
        for item in only(Encounter, touching)
    )
    calls = tuple(
        replace(
            score_call(item, standard, exempt_at(item.wall_s), kept.get(item.id)),
            on_duty=on_duty_at(item.wall_s),
        )
        for item in only(Call, touching)
    )
    stretches = tuple(_stretch(item, day) for item in only(Attendance, touching))
    staffed = staffing(stretches)
    verdicts = [*(encounter.verdicts for encounter in encounters), *(call.verdicts for call in calls)]
    under = {encounter.measured.data.standard for encounter in encounters} - {standard.label}
    return DeskDay(
        day=day,
        standard=standard.label,
        encounters=encounters,
        calls=calls,
        presence=verdicts_on(staffed, standard, tuple(stretch.measurement for stretch in stretches)),
        tallies=tally(chain.from_iterable(verdicts)),
        waiting=waiting([encounter.wait for encounter in encounters if encounter.has_a_judged_wait]),
        service_level=service_level((call.measured.data for call in calls if call.is_judged), standard.phone),
        staffing=staffed,
        coverage=coverage_of(touching, day),
        measured_under=tuple(sorted(under)),
        estimated_times=sum(not item.synced for item in touching),
    )


def _touches(item: Measured[Measurement], day: Day) -> bool:
    if isinstance(item.data, Encounter | Call):
        return item.wall_s in day
    return day.clip(item.wall_s, item.end_wall_s) is not None


def _stretch(item: Measured[Attendance], day: Day) -> Stretch:
    from_s, to_s = day.clip(item.wall_s, item.end_wall_s) or (0.0, 0.0)
    return Stretch(item.id, to_s - from_s, item.data.staffed, item.data.coverage)
