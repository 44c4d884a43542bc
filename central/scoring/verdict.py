"""One clause of a standard held against one measured value: pass, fail, indeterminate or not applicable."""

from dataclasses import dataclass
from typing import Literal

from protocol.measurements import Quantity
from protocol.standard import Limits

Outcome = Literal["pass", "fail", "indeterminate", "not_applicable"]

K_SIGMA = 1.96
"""A limit within so many standard errors of the value is inside the measurement error: 95 % of a normal error, two-sided."""

MIN_COVERAGE = 0.5
"""A value that could be measured for less than half of the time asked about does not speak for that time."""

MOMENT_SE_S = 0.05
"""Standard error of a moment that was sent without one: the desk places onsets and offsets within 0.1 s, two sigma."""

DURATION_SE_S = MOMENT_SE_S * 2**0.5
"""Standard error of a duration between two such moments."""

DEPARTURE_SE_S = 0.35
"""Standard error of the moment a customer left or was last seen: the desk places it within 0.7 s, two sigma."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one clause on one measurement, or on a day of them."""

    clause: str
    """Its place in the standard: ``respond.within_s``."""
    outcome: Outcome
    reason: str
    """Why, in words that stand on their own."""
    limits: Limits
    value: float | None = None
    """The measured value in the clause's unit; None where there was nothing to measure."""
    se: float | None = None
    """Its standard error, one sigma."""
    measurements: tuple[str, ...] = ()
    """Ids of the measurements the verdict rests on."""


def within(low: float, high: float, limits: Limits) -> Outcome:
    """Whether a value known to lie between ``low`` and ``high`` keeps to the limits.

    Pass when the whole interval does, fail when none of it does, indeterminate when a limit runs through it.
    An exact value (``low == high``) on a limit keeps to it.
    """
    minimum = float("-inf") if limits.min is None else limits.min
    maximum = float("inf") if limits.max is None else limits.max
    if low >= minimum and high <= maximum:
        return "pass"
    if low > maximum or high < minimum:
        return "fail"
    return "indeterminate"


def judge_value(
    clause: str, value: float, se: float, limits: Limits, judged: Limits | None = None
) -> Verdict:
    """Hold a value with its standard error against limits.

    Args:
        clause: Place in the standard.
        value: Measured value.
        se: Its standard error, one sigma; 0 for what is counted exactly.
        limits: What the standard asks.
        judged: The limits to judge by, where they are not the written ones; see `as_count`.
    """
    margin = K_SIGMA * se
    outcome = within(value - margin, value + margin, judged or limits)
    reason = {
        "pass": "within the standard",
        "fail": "outside the standard",
        "indeterminate": "the limit lies within the measurement error",
    }[outcome]
    return Verdict(clause, outcome, reason, limits, value, se)


def judge_quantity(clause: str, quantity: Quantity, limits: Limits, judged: Limits | None = None) -> Verdict:
    """Hold a quantity against limits; one that was hardly ever measurable is indeterminate."""
    if quantity.coverage < MIN_COVERAGE:
        reason = f"measurable for only {quantity.coverage:.0%} of the time"
        return Verdict(clause, "indeterminate", reason, limits, quantity.value, quantity.se)
    return judge_value(clause, quantity.value, quantity.se, limits, judged)


def as_count(limits: Limits) -> Limits:
    """Limits for a whole number that was estimated with an error: "at least 8" begins at 7.5, "at most 4" ends at 4.5."""
    return Limits(
        min=None if limits.min is None else limits.min - 0.5,
        max=None if limits.max is None else limits.max + 0.5,
    )


def not_applicable(clause: str, limits: Limits, reason: str) -> Verdict:
    """The clause does not apply to this measurement."""
    return Verdict(clause, "not_applicable", reason, limits)


def indeterminate(clause: str, limits: Limits, reason: str, value: float | None = None) -> Verdict:
    """The measurement does not decide the clause, for another reason than the value's error."""
    return Verdict(clause, "indeterminate", reason, limits, value)
