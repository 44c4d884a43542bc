"""An appraisal as a page shows it: its figures as shares with their intervals, clause by clause."""

from dataclasses import dataclass
from typing import Any

from central.appraisal.appraisal_rows import AppraisalRow
from central.appraisal.appraised_work import CIRCUMSTANCES, DrawnFrom
from central.appraisal.reading_back import drawn_of, figures_of, holds
from central.statistics.share import ShareOf
from protocol.standard import CLAUSES, Limits


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One clause of an appraisal."""

    clause: str
    limits: tuple[Limits, ...]
    """More than one where the standard changed within the period."""
    figures: dict[str, Any]
    own: ShareOf | None
    before: ShareOf | None
    reasons: tuple[tuple[str, int], ...]
    """Why nothing was decided, the most frequent first."""


@dataclass(frozen=True, slots=True)
class ShownCircumstance:
    """In how many visits and calls a circumstance held: theirs, and those of everybody else there."""

    name: str
    held: int
    known: int
    not_known: int
    own: ShareOf | None
    others: ShareOf | None


@dataclass(frozen=True, slots=True)
class ShownAppraisal:
    """What a page shows of one version."""

    row: AppraisalRow
    state: str
    """``draft``, ``signed`` or ``withdrawn``."""
    drawn: DrawnFrom
    figures: dict[str, Any]
    clauses: tuple[ShownClause, ...]
    circumstances: tuple[ShownCircumstance, ...]
    holds: bool
    """Whether its text still has its hash, and is what its measurements come to."""


def state_of(row: AppraisalRow) -> str:
    """``draft``, ``signed`` or ``withdrawn``."""
    if row.withdrawn_wall_s is not None:
        return "withdrawn"
    return "draft" if row.signed_wall_s is None else "signed"


def shown_appraisal(row: AppraisalRow) -> ShownAppraisal:
    """Read a version back as a page shows it."""
    found, drawn = figures_of(row.figures), drawn_of(row.figures)
    return ShownAppraisal(
        row,
        state_of(row),
        drawn,
        found,
        tuple(_clause(clause, found["clauses"][clause]) for clause in CLAUSES if clause in found["clauses"]),
        tuple(_circumstance(name, found["circumstances"][name]) for name in CIRCUMSTANCES),
        holds(row.figures, row.sha256),
    )


def _clause(clause: str, each: dict[str, Any]) -> ShownClause:
    trend = each["trend"]
    reasons = sorted(each["reasons"].items(), key=lambda item: (-item[1], item[0]))
    return ShownClause(
        clause,
        tuple(Limits(min=asked["min"], max=asked["max"]) for asked in each["limits"]),
        each,
        _share(each["met"], each["n"], each["share"]),
        _share(trend["met"], trend["n"], trend["share"]),
        tuple(reasons),
    )


def _circumstance(name: str, each: dict[str, int]) -> ShownCircumstance:
    def share(part: int, whole: int) -> ShareOf | None:
        return ShareOf(part, whole, part / whole, 0.0, 0.0) if whole else None

    return ShownCircumstance(
        name,
        each["held"],
        each["known"],
        each["not_known"],
        share(each["held"], each["known"]),
        share(each["held_beside"], each["known_beside"]),
    )


def _share(met: int, whole: int, rate: dict[str, float] | None) -> ShareOf | None:
    if not whole:
        return None
    if rate is None:
        return ShareOf(met, whole, met / whole, 0.0, 1.0)
    return ShareOf(met, whole, rate["value"], rate["low"], rate["high"])
