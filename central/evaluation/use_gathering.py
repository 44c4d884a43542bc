"""Gathers what an evaluation is drawn from: which desks, hours and functions were in use, what was asked and decided, and every indicator before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from central.appraisal.appraisal_rows import AppraisalRow, ContestClaimRow
from central.appraisal.gathering import Period
from central.desks.registry import RegisteredDesk, stays
from central.evaluation.evaluated_use import (
    EVENT_KINDS,
    FUNCTION_KINDS,
    NOT_HELD,
    ClauseUse,
    DutyNumbers,
    EvaluatedUse,
    EventKind,
    FunctionKind,
    HeldRule,
    IndicatorBoth,
    IndicatorSide,
    OtherChange,
    UsedDesk,
)
from central.people.duty_roster import shifts_in
from central.people.shifts import UNKNOWN
from central.promises.promise_rows import PromiseRow, PromiseVersionRow
from central.records.event_row import EventRow
from central.records.exclusions import COUNTS, excluded_rows
from central.records.query import DeskStretch
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_marks import marks_of
from central.reports.indicator_values import ASKED_BEFORE_S, IndicatorReader, PeriodValue
from central.reports.reply_book import case_clocks, decided_at
from central.scoring.judging import SCORING_VERSION
from central.settings import TicketSystemLink
from central.showrooms.premises import CompanyRow, Showroom, showrooms
from central.standards.activations import StandardActivationRow
from central.standards.in_force import StandardsInForce
from central.standards.standard_versions import StandardVersionRow
from central.statistics.indicators import INDICATORS
from central.statistics.share import SMALL_SAMPLE
from protocol.standard import CLAUSES, limits_of

QUARTER_HOUR_S = 900.0
"""Measurements are counted by so long a stretch, and then by the showroom's clock: every time zone differs from another by whole ones."""

_TYPES: tuple[tuple[EventKind, str], ...] = (
    ("visits", "deskside.encounter."),
    ("calls", "deskside.call."),
    ("sign_ins", "deskside.duty."),
    ("attendances", "deskside.attendance."),
    ("gaps", "deskside.gap."),
    ("help", "deskside.help."),
    ("desk_contests", "deskside.contest."),
)
"""How the types of what is counted begin."""


@dataclass(frozen=True, slots=True)
class EvaluatedScope:
    """A showroom, or a company as a whole."""

    company: str
    showroom: Showroom | None

    @property
    def key(self) -> str:
        """As it stands in the database: ``showroom:3``, ``company:North``."""
        return f"company:{self.company}" if self.showroom is None else f"showroom:{self.showroom.id}"

    @property
    def title(self) -> str:
        """In words for people."""
        return self.company if self.showroom is None else f"{self.company} · {self.showroom.name}"

    def stays(self, session: Session) -> tuple[RegisteredDesk, ...]:
        """The desks in the places that belong to it."""
        wanted = None if self.showroom is None else self.showroom.id
        return tuple(
            each
            for each in stays(session)
            if each.company == self.company and wanted in {None, each.showroom_id}
        )

    def timezone(self, session: Session) -> str:
        """By whose days a period is; of a company that of its first showroom."""
        if self.showroom is not None:
            return self.showroom.timezone
        return next((each.timezone for each in showrooms(session) if each.company == self.company), "UTC")


def evaluated_use(
    session: Session,
    scope: EvaluatedScope,
    period: Period,
    standards: StandardsInForce,
    links: Iterable[TicketSystemLink],
    as_of_wall_s: float,
) -> EvaluatedUse:
    """What an evaluation is drawn from, as the database has it now.

    Args:
        session: Where to read.
        scope: Of what.
        period: Whole days; as many days before are read for the effect.
        standards: What was in force where and when.
        links: The ticket systems whose cases are counted.
        as_of_wall_s: The present, as Unix time.
    """
    here, before, known_links = scope.stays(session), period.before, tuple(links)
    there = IndicatorScope("company" if scope.showroom is None else "showroom", here)
    reader = IndicatorReader(
        session, there, standards, before.first_day, period.last_day, known_links, as_of_wall_s
    )
    used = [
        _CountedDesk(session, stay, period) for stay in here if stay.stood_within(period.from_s, period.to_s)
    ]
    places = [place for place in showrooms(session) if place.company == scope.company]
    if scope.showroom is not None:
        places = [scope.showroom]
    cases = _cases_decided(session, known_links, standards, places, period, as_of_wall_s)
    return EvaluatedUse(
        company=scope.company,
        showroom=None if scope.showroom is None else scope.showroom.name,
        timezone=period.timezone,
        first_day=period.first_day.isoformat(),
        last_day=period.last_day.isoformat(),
        before_first_day=before.first_day.isoformat(),
        as_of_wall_s=as_of_wall_s,
        scoring=SCORING_VERSION,
        least_n=SMALL_SAMPLE,
        desks=tuple(each.desk for each in used),
        hours=tuple(sum(each.hours[hour] for each in used) for hour in range(24)),
        functions=_functions(session, scope, places, period) | {"cases_decided": cases},
        rules=tuple(_rules(standards, places, period)),
        clauses=tuple(_clauses(reader, standards, places, period)),
        not_held=NOT_HELD,
        indicators=tuple(_indicators(session, reader, before, period)),
        changes=tuple(_changes(session, reader, here)),
        staffing_before=_staffing(session, reader, here, before),
        staffing=_staffing(session, reader, here, period),
        without_time=sum(each.without_time for each in used),
    )


def people_on_duty(session: Session, scope: EvaluatedScope, period: Period) -> set[str]:
    """The pseudonyms of everybody who was signed in there and then: only to tell whether one person alone is evaluated."""
    stretches = [*_stretches(scope.stays(session), period)]
    return {shift.person for shifts in shifts_in(session, stretches) for shift in shifts} - {UNKNOWN}


class _CountedDesk:
    """What one desk measured in one place."""

    def __init__(self, session: Session, stay: RegisteredDesk, period: Period) -> None:
        zone = ZoneInfo(stay.timezone)
        low_s, high_s = _cut_to(stay, period)
        self.hours: Counter[int] = Counter()
        self.without_time = 0
        counts: Counter[EventKind] = Counter()
        days: set[date] = set()
        part = func.floor(EventRow.start_wall_s / QUARTER_HOUR_S)
        rows = session.execute(
            select(EventRow.type, EventRow.synced, part, func.count())
            .where(
                EventRow.device == stay.device,
                EventRow.start_wall_s >= low_s,
                EventRow.start_wall_s < high_s,
                COUNTS,
            )
            .group_by(EventRow.type, EventRow.synced, part)
        )
        for type_, synced, quarter, count in rows:
            kind = next((kind for kind, begins in _TYPES if type_.startswith(begins)), None)
            if not synced:
                # It counts; on which day and at which hour it was is not known.
                self.without_time += count
            else:
                at = datetime.fromtimestamp(float(quarter) * QUARTER_HOUR_S, zone)
                days.add(at.date())
                if kind in {"visits", "calls"}:
                    self.hours[at.hour] += count
            if kind is not None:
                counts[kind] += count
        self.desk = UsedDesk(
            device=stay.device,
            showroom=stay.showroom,
            days_there=_days_between(low_s, high_s, zone),
            days_measured=len(days),
            counts={kind: counts[kind] for kind in EVENT_KINDS},
        )


def _cut_to(stay: RegisteredDesk, period: Period) -> tuple[float, float]:
    low_s = period.from_s if stay.from_wall_s is None else max(period.from_s, stay.from_wall_s)
    return low_s, period.to_s if stay.until_wall_s is None else min(period.to_s, stay.until_wall_s)


def _days_between(low_s: float, high_s: float, zone: ZoneInfo) -> int:
    """Days of which any moment lies in a stretch of time, its end excluded."""
    first = datetime.fromtimestamp(low_s, zone).date()
    last = datetime.fromtimestamp(high_s - 1e-3, zone).date()
    return (last - first).days + 1


def _stretches(here: Iterable[RegisteredDesk], period: Period) -> Iterator[DeskStretch]:
    for stay in here:
        low_s, high_s = _cut_to(stay, period)
        if low_s < high_s:
            yield DeskStretch(stay.device, low_s, high_s)


def _functions(
    session: Session, scope: EvaluatedScope, places: Sequence[Showroom], period: Period
) -> dict[FunctionKind, int]:
    numbers = [place.id for place in places]

    def count(table: type, moment: ColumnElement[float] | object, *conditions: object) -> int:
        chosen = select(func.count()).select_from(table)
        within = (moment >= period.from_s, moment < period.to_s)  # type: ignore[operator]
        return session.scalar(chosen.where(*within, *conditions)) or 0  # type: ignore[arg-type]

    whose = select(CompanyRow.id).where(CompanyRow.name == scope.company).scalar_subquery()
    of_theirs = AppraisalRow.showroom_id.in_(numbers)
    theirs = select(AppraisalRow.id).where(of_theirs)
    promises = select(PromiseRow.id).where(PromiseRow.company == scope.company)
    if scope.showroom is not None:
        promises = promises.where(PromiseRow.showroom_id == scope.showroom.id)
    found: dict[FunctionKind, int] = {
        "standards_written": count(
            StandardVersionRow, StandardVersionRow.written_wall_s, StandardVersionRow.company_id == whose
        ),
        "standards_put_into_force": count(
            StandardActivationRow,
            StandardActivationRow.from_wall_s,
            StandardActivationRow.showroom_id.in_(numbers),
            StandardActivationRow.withdrawn_wall_s.is_(None),
        ),
        "appraisals_drafted": count(AppraisalRow, AppraisalRow.drafted_wall_s, of_theirs),
        "appraisals_signed": count(AppraisalRow, AppraisalRow.signed_wall_s, of_theirs),
        "contests_decided": count(
            ContestClaimRow, ContestClaimRow.decided_wall_s, ContestClaimRow.appraisal.in_(theirs)
        ),
        "promises_published": count(
            PromiseVersionRow, PromiseVersionRow.published_wall_s, PromiseVersionRow.promise.in_(promises)
        ),
    }
    return {kind: found.get(kind, 0) for kind in FUNCTION_KINDS}


def _cases_decided(
    session: Session,
    links: Sequence[TicketSystemLink],
    standards: StandardsInForce,
    places: Sequence[Showroom],
    period: Period,
    as_of_wall_s: float,
) -> int:
    if not links:
        return 0
    numbers = {place.id for place in places}
    clocks = case_clocks(session, links, standards, period.from_s - ASKED_BEFORE_S, as_of_wall_s)
    moments = (decided_at(each) for each in clocks if each.showroom.id in numbers)
    return sum(at_s is not None and period.from_s <= at_s < period.to_s for at_s in moments)


def _rules(standards: StandardsInForce, places: Sequence[Showroom], period: Period) -> Iterator[HeldRule]:
    for place in places:
        zone = ZoneInfo(place.timezone)
        for rule in standards.rules(place.id):
            begun = rule.from_s is None or rule.from_s < period.to_s
            if not begun or (rule.until_s is not None and rule.until_s <= period.from_s):
                continue
            from_s = rule.from_s if rule.from_s is not None and rule.from_s > period.from_s else None
            yield HeldRule(
                showroom=place.name,
                standard=rule.standard.label,
                state=rule.state,
                from_day=None if from_s is None else datetime.fromtimestamp(from_s, zone).date().isoformat(),
                clauses=sum(not limits_of(rule.standard, clause).open for clause in CLAUSES),
            )


def _clauses(
    reader: IndicatorReader, standards: StandardsInForce, places: Sequence[Showroom], period: Period
) -> Iterator[ClauseUse]:
    held = [
        rule.standard
        for place in places
        for rule in standards.rules(place.id)
        if (rule.from_s is None or rule.from_s < period.to_s)
        and (rule.until_s is None or rule.until_s > period.from_s)
    ]
    for clause in CLAUSES:
        # Presence is held against days: it stands among the indicators.
        if clause.startswith("presence.") or all(limits_of(each, clause).open for each in held):
            continue
        value = reader.value(INDICATORS[clause], period.first_day, period.last_day)
        letters = reader.letters(clause, period.first_day, period.last_day)
        yield ClauseUse(
            clause=clause,
            decided=letters["p"] + letters["f"],
            undecided=letters["i"],
            not_applicable=letters["n"],
            shown=value.why_not not in {"profile", "one_host"},
        )


def _indicators(
    session: Session, reader: IndicatorReader, before: Period, period: Period
) -> Iterator[IndicatorBoth]:
    for code, indicator in INDICATORS.items():
        marks = marks_of(session, indicator, reader.cells, ())
        yield IndicatorBoth(
            code=code,
            unit=indicator.unit,
            better=indicator.better,
            least_n=indicator.least_n,
            before=_side(reader.value(indicator, before.first_day, before.last_day)),
            after=_side(reader.value(indicator, period.first_day, period.last_day)),
            asked_otherwise=any(each.kind == "standard" for each in marks),
        )


def _changes(
    session: Session, reader: IndicatorReader, here: Sequence[RegisteredDesk]
) -> Iterator[OtherChange]:
    """What else changed: desks by their numbers, where a chart has what people call them."""
    numbers: dict[str, list[str]] = {}
    for stay in here:
        numbers.setdefault(stay.label or stay.device, []).append(stay.device)
    for each in marks_of(session, INDICATORS["kept"], reader.cells, ()):
        called = each.what if each.kind == "standard" else ", ".join(sorted({*numbers.get(each.what, ())}))
        yield OtherChange(day=each.day.isoformat(), kind=each.kind, what=called)


def _side(value: PeriodValue) -> IndicatorSide:
    share, ends = value.share, value.median_ends_s
    low, high = (share.low, share.high) if share is not None else ends or (None, None)
    return IndicatorSide(
        n=value.n,
        value=value.value,
        why_not=value.why_not,
        met=None if share is None else share.part,
        whole=None if share is None else share.whole,
        low=low,
        high=high,
        censored=value.censored,
        estimated=value.estimated,
    )


def _staffing(
    session: Session, reader: IndicatorReader, here: Sequence[RegisteredDesk], period: Period
) -> DutyNumbers:
    stretches = [*_stretches(here, period)]
    on_duty_s = 0.0
    visits = excluded = 0
    for stretch, shifts in zip(stretches, shifts_in(session, stretches), strict=True):
        for shift in shifts:
            # A shift that lasts still has no end to be counted to.
            if shift.person != UNKNOWN and shift.until_s is not None:
                on_duty_s += max(0.0, min(shift.until_s, stretch.to_s) - max(shift.from_s, stretch.from_s))
        visits += (
            session.scalar(
                select(func.count())
                .select_from(EventRow)
                .where(
                    EventRow.device == stretch.device,
                    EventRow.type.like("deskside.encounter.%"),
                    EventRow.start_wall_s >= stretch.from_s,
                    EventRow.start_wall_s < stretch.to_s,
                    COUNTS,
                )
            )
            or 0
        )
        excluded += len(excluded_rows(session, [stretch.device], stretch.from_s, stretch.to_s))
    return DutyNumbers(
        people=reader.cells.people(period.first_day, period.last_day),
        on_duty_h=round(on_duty_s / 3600.0, 3),
        visits=visits,
        excluded=excluded,
    )
