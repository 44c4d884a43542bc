"""How long each thing is kept, as the settings say: the list that the page of privacy shows, and that is enforced by the service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from central.settings import Retention

Otherwise = Literal["erased", "quarter of an hour", "log-in", "never"]
"""How long what has no days is kept: until the person is erased, for a quarter of an hour, until a log-in ends, or for ever."""


@dataclass(frozen=True, slots=True)
class KeptField:
    """One thing that is kept."""

    key: str
    days: Callable[[Retention], int | None]
    """By the settings; None: without a limit by days."""
    otherwise: Otherwise = "never"


def _events(kept: Retention) -> int | None:
    return kept.events_days


def _names(kept: Retention) -> int | None:
    return min((each for each in (kept.names_days, kept.events_days) if each is not None), default=None)


def _manner(kept: Retention) -> int | None:
    return min((each for each in (kept.manner_days, kept.events_days) if each is not None), default=None)


def _no_days(_: Retention) -> int | None:
    return None


KEPT_FIELDS: tuple[KeptField, ...] = (
    KeptField("visits", _events),
    KeptField("manner", _manner),
    KeptField("duty", _names),
    KeptField("calls", _events),
    KeptField("presence", _events),
    KeptField("requests", _events),
    KeptField("desk", _events),
    KeptField("aside", lambda kept: kept.rejected_days),
    KeptField("boots", lambda kept: kept.boots_days),
    KeptField("appraisals", lambda kept: kept.names_days),
    KeptField("entries", lambda kept: kept.names_days),
    KeptField("exclusions", lambda kept: kept.names_days),
    KeptField("exemptions", lambda kept: kept.names_days),
    KeptField("cases", lambda kept: kept.cases_days),
    KeptField("alerts", lambda kept: kept.alerts_days),
    KeptField("people", _no_days, "erased"),
    KeptField("failed", _no_days, "quarter of an hour"),
    KeptField("logged_in", _no_days, "log-in"),
    KeptField("decisions", _no_days),
    KeptField("audit", _no_days),
)
"""In the order in which the page shows them."""
