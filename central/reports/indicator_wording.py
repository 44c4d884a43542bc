"""Indicators in words: what each is, how it is reckoned, and why a period has no number."""

from central.reports.indicator_values import PeriodValue, Why
from central.reports.language import gettext, later
from central.reports.wording import NOTHING, clause_title, duration, interval, percent
from central.statistics.indicators import Indicator
from central.statistics.period_charts import ChartMarkKind

TITLES = {
    "kept": later("No clause failed"),
    "wait.median": later("Wait until attended to"),
    "presence.share": later("Time with somebody at the desk"),
    "phone.of_answered": later("Answered in time, of answered calls"),
    "phone.of_offered": later("Answered or given up in time, of all calls"),
    "reply.within_h": later("Replies in time"),
    "coverage": later("Time in which everything could be measured"),
    "gaps": later("Hours in which something could not be measured"),
}
MEANINGS = {
    "kept": later("Of visits and calls, those in which no clause of the standard failed."),
    "clause": later("Of visits and calls to which the clause applies, those that met it."),
    "wait.median": later("The wait by which half of the customers had been attended to."),
    "presence.share": later("Of the time in which the desk could be seen, that with somebody at it."),
    "phone.of_answered": later(
        "Of the calls that were answered, those answered within the rings of the standard."
    ),
    "phone.of_offered": later(
        "Of all calls that were answered or given up, those that were so within the rings of the standard."
    ),
    "reply.within_h": later(
        "Of messages, those replied to within the hours of the standard, counted on the day on which that was decided."
    ),
    "coverage": later(
        "Of the time from a desk's first to its last sign of a day, that in which no part of it was missing."
    ),
    "gaps": later("Hours of a day in which a camera, the telephone or another part of a desk was missing."),
}
FORMULAS = {
    "kept": later("kept ÷ (kept + failed), with its Wilson interval; what cannot be told counts for neither"),
    "clause": later(
        "met ÷ (met + not met), with its Wilson interval; what cannot be told counts for neither"
    ),
    "wait.median": later("median of Kaplan and Meier; who left before waited longer than that"),
    "presence.share": later("seconds staffed ÷ (seconds staffed + seconds not staffed)"),
    "phone.of_answered": later("answered in time ÷ answered"),
    "phone.of_offered": later("(answered in time + given up in time) ÷ (answered + given up)"),
    "reply.within_h": later(
        "replied in time ÷ (replied in time + late); what was closed without a reply counts for neither"
    ),
    "coverage": later("1 - seconds missing ÷ seconds; gaps of several parts at once are counted once"),
    "gaps": later("seconds missing ÷ 3600; gaps of several parts at once are counted once"),
}
REASONS: dict[Why, str] = {
    "no_source": later("No ticket system is connected."),
    "no_data": later("Nothing was measured."),
    "few": later("Too few cases for a rate: counts only."),
    "one_host": later("Too few people were on duty: a figure of the team would be one person's."),
    "all_censored": later(
        "More than half of the customers left before they were attended to: there is no median."
    ),
    "no_cases": later("Cases belong to showrooms, and to no desk or person."),
    "profile": later("The profile of the showroom does not show it."),
}
MARKS: dict[ChartMarkKind, str] = {
    "standard": later("standard"),
    "model": later("software or networks"),
    "calibration": later("calibration"),
    "camera": later("cameras or other settings"),
    "desk": later("a desk came or went"),
    "baseline": later("new reference"),
}
CALLS = {
    "answered_in_time": later("answered in time"),
    "answered_late": later("answered late"),
    "abandoned_in_time": later("given up in time"),
    "abandoned_late": later("given up late"),
    "unknown": later("outcome not known"),
}


def title(indicator: Indicator) -> str:
    """What people call an indicator."""
    return gettext(TITLES[indicator.code]) if indicator.code in TITLES else clause_title(indicator.code)


def meaning(indicator: Indicator) -> str:
    """What it is, in a sentence."""
    return gettext(MEANINGS[indicator.code if indicator.code in MEANINGS else "clause"])


def formula(indicator: Indicator) -> str:
    """How it is reckoned."""
    return gettext(FORMULAS[indicator.code if indicator.code in FORMULAS else "clause"])


def figure(indicator: Indicator, value: float) -> str:
    """A value with its unit: ``85 %``, ``3.2 s``, ``1.5 h``."""
    if indicator.unit == "share":
        return percent(value)
    return duration(value) if indicator.unit == "s" else f"{value:.1f} h"


def period_figure(indicator: Indicator, value: PeriodValue) -> str:
    """What a period came to, with the interval of a share; a dash where there is no number."""
    if value.share is not None:
        return interval(value.share)
    return NOTHING if value.value is None else figure(indicator, value.value)


def reason(value: PeriodValue) -> str:
    """Why a period has no number, and what else is to be known of it; empty where there is nothing."""
    parts = [gettext(REASONS[value.why_not])] if value.why_not is not None else []
    if value.censored:
        parts.append(gettext("{count} left before they were attended to.").format(count=value.censored))
    if value.estimated:
        text = gettext("{count} times come from a clock that had not been set.")
        parts.append(text.format(count=value.estimated))
    return " ".join(parts)


def counts(value: PeriodValue) -> str:
    """The raw counts behind a service level: ``answered in time 12, answered late 3``."""
    return ", ".join(f"{gettext(CALLS[name])} {count}" for name, count in value.raw if count)


def mark_words(kind: ChartMarkKind) -> str:
    """What changed at a mark."""
    return gettext(MARKS[kind])
