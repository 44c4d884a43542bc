"""What a regular evaluation is drawn from: counts of a period and of as many days before; of nobody in particular; pure."""

from typing import Literal

from protocol.measurements import Message

FORMAT = 1
"""Raised with every change by which the same counts give another text: what was signed is then recomputed by what it was drawn with."""

NotHeld = Literal["service_cases", "problems", "lessons", "training", "supervision"]
NOT_HELD: tuple[NotHeld, ...] = ("service_cases", "problems", "lessons", "training", "supervision")
"""What the depth of use asks for, too, and no table holds yet: it is said, and not left out."""

EventKind = Literal["visits", "calls", "sign_ins", "attendances", "gaps", "help", "desk_contests"]
EVENT_KINDS: tuple[EventKind, ...] = (
    "visits",
    "calls",
    "sign_ins",
    "attendances",
    "gaps",
    "help",
    "desk_contests",
)
"""What a desk measured, or was asked for at its page."""

FunctionKind = Literal[
    "cases_decided",
    "standards_written",
    "standards_put_into_force",
    "appraisals_drafted",
    "appraisals_signed",
    "contests_decided",
    "promises_published",
]
FUNCTION_KINDS: tuple[FunctionKind, ...] = (
    "cases_decided",
    "standards_written",
    "standards_put_into_force",
    "appraisals_drafted",
    "appraisals_signed",
    "contests_decided",
    "promises_published",
)
"""Functions of the service, by what is kept of them."""


class UsedDesk(Message):
    """One desk in one place."""

    device: str
    """Its number, and not what people call it: a label may name somebody, and what is signed cannot be changed."""
    showroom: str
    days_there: int
    """Days of the period on which it stood there."""
    days_measured: int
    """Of them those on which it measured anything."""
    counts: dict[EventKind, int]
    """Without what a contest took out."""


class HeldRule(Message):
    """That a standard was in force in a showroom in the period, or a part of it."""

    showroom: str
    standard: str
    state: Literal["pilot", "active", "default"]
    from_day: str | None
    """None where it held before the period began."""
    clauses: int
    """How many it sets."""


class ClauseUse(Message):
    """How often a clause that is set could be decided: one that never is, is asked for and not measured."""

    clause: str
    decided: int
    undecided: int
    not_applicable: int
    shown: bool
    """False where the profile lets it be shown of nobody: then there are no counts."""


class IndicatorSide(Message):
    """An indicator in one of the two periods."""

    n: int
    value: float | None
    why_not: str | None
    """`central.reports.indicator_values.Why`."""
    met: int | None = None
    whole: int | None = None
    """Of a share of cases."""
    low: float | None = None
    high: float | None = None
    """Of a share of cases, or of a median."""
    censored: int = 0
    estimated: int = 0


class IndicatorBoth(Message):
    """An indicator before and in the period."""

    code: str
    unit: Literal["share", "s", "h"]
    better: Literal["up", "down"]
    least_n: int
    before: IndicatorSide
    after: IndicatorSide
    asked_otherwise: bool
    """Whether what the standard asks by it became another within the two periods."""


class OtherChange(Message):
    """Something that changed within the two periods and may explain an effect."""

    day: str
    kind: Literal["standard", "model", "calibration", "camera", "desk", "baseline"]
    what: str
    """A standard, or a desk by its number."""


class DutyNumbers(Message):
    """Who was on duty in one of the two periods, as numbers."""

    people: int
    on_duty_h: float
    visits: int
    excluded: int
    """Visits and calls that a contest took out."""


class EvaluatedUse(Message):
    """All that an evaluation rests on."""

    format: int = FORMAT
    company: str
    showroom: str | None
    """None of a company as a whole."""
    timezone: str
    first_day: str
    last_day: str
    """ISO days, both included."""
    before_first_day: str
    as_of_wall_s: float
    scoring: int
    least_n: int
    desks: tuple[UsedDesk, ...]
    hours: tuple[int, ...]
    """Visits and calls by the hour of the day at which they began, 24 of them."""
    functions: dict[FunctionKind, int]
    rules: tuple[HeldRule, ...]
    clauses: tuple[ClauseUse, ...]
    not_held: tuple[NotHeld, ...]
    indicators: tuple[IndicatorBoth, ...]
    changes: tuple[OtherChange, ...]
    staffing_before: DutyNumbers
    staffing: DutyNumbers
    without_time: int
    """Measurements of the period that were made before the clock of a desk was set: on which day and at which hour is not known."""
