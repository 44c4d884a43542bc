"""What is monitored: sources with a rhythm and an owner, what was noted of each, what is overdue, and what may explain an indicator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.audit.audit_log import note
from central.monitoring.rhythm import RHYTHMS, Rhythm, due_on
from central.monitoring.source_rows import (
    NOTE_LIMIT,
    OWNER_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    MonitoredNoteRow,
    MonitoredSourceRow,
)
from central.statistics.indicators import INDICATORS
from protocol.errors import RefusalError

MonitoredKind = Literal["customers", "market", "competitors", "team"]
KINDS: tuple[MonitoredKind, ...] = get_args(MonitoredKind)


class MonitoringStepError(RefusalError):
    """Nothing such can be done with a source; the text says why."""


@dataclass(frozen=True, slots=True)
class SourceSaid:
    """What somebody says of a source."""

    kind: str
    title: str
    rhythm: str
    owner: str
    unit: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitoredSource:
    """A source, free of any database session."""

    number: int
    company: str
    showroom_id: int | None
    said: SourceSaid
    made_by: int
    made_wall_s: float
    made_on: date
    last: date | None
    """Of the latest note; None where there is none yet."""
    ended_by: int | None
    ended_wall_s: float | None

    @property
    def due(self) -> date:
        """The last day on which the next note is in time."""
        rhythm: Rhythm = next(each for each in RHYTHMS if each == self.said.rhythm)
        return due_on(self.last or self.made_on, rhythm)

    def overdue(self, today: date) -> bool:
        """Whether a note is missing: the day it was due on has ended."""
        return self.ended_wall_s is None and today > self.due


@dataclass(frozen=True, slots=True)
class MonitoredNote:
    """What was noted."""

    source: int
    day: date
    text: str
    value: float | None
    signal: bool
    made_by: int
    made_wall_s: float


def begin_monitoring(
    session: Session,
    company: str,
    showroom_id: int | None,
    said: SourceSaid,
    account: int,
    actor: str,
    now_wall_s: float,
    today: date,
) -> int:
    """Enter a source; returns its number.

    Raises:
        MonitoringStepError: It cannot be entered so.
    """
    _examine(said)
    row = MonitoredSourceRow(
        company=company,
        showroom_id=showroom_id,
        made_by=account,
        made_wall_s=now_wall_s,
        made_on=today,
        **_columns(said),
    )
    session.add(row)
    session.flush()
    note(session, now_wall_s, actor, "source of monitoring entered", f"source {row.id}")
    return row.id


def change_monitoring(session: Session, number: int, said: SourceSaid, actor: str, now_wall_s: float) -> None:
    """Say something else of a source.

    Raises:
        MonitoringStepError: It cannot be said so, or the source has ended.
    """
    _examine(said)
    row = _lasting(session, number)
    before = f"{row.rhythm}, {row.codes}"
    for column, value in _columns(said).items():
        setattr(row, column, value)
    # Title and owner stay out of the log, which nobody may change: they may name somebody.
    note(
        session,
        now_wall_s,
        actor,
        "source of monitoring changed",
        f"source {number}",
        f"{before} -> {row.rhythm}, {row.codes}",
    )


def end_monitoring(session: Session, number: int, account: int, actor: str, now_wall_s: float) -> None:
    """Monitor a source no more; what was noted stays.

    Raises:
        MonitoringStepError: It has ended.
    """
    row = _lasting(session, number)
    row.ended_by, row.ended_wall_s = account, now_wall_s
    note(session, now_wall_s, actor, "source of monitoring ended", f"source {number}")


def note_found(
    session: Session,
    number: int,
    day: date,
    text: str,
    value: float | None,
    account: int,
    actor: str,
    now_wall_s: float,
    today: date,
    *,
    signal: bool = False,
) -> None:
    """Note what was found at a source.

    Raises:
        MonitoringStepError: It cannot be noted so, or the source has ended.
    """
    row = _lasting(session, number)
    if not 0 < len(text.strip()) <= NOTE_LIMIT:
        raise MonitoringStepError("A note has 1 to {most} letters.", most=NOTE_LIMIT)
    if day > today:
        raise MonitoringStepError("A note is dated by what it tells of, and not by a day to come.")
    if value is not None and not isfinite(value):
        raise MonitoringStepError("A value is a number.")
    if value is not None and not row.unit:
        raise MonitoringStepError(
            "This source has no unit, so nobody could tell what a value is: give it one first."
        )
    session.add(
        MonitoredNoteRow(
            source=number,
            day=day,
            text=text.strip(),
            value=value,
            signal=signal,
            made_by=account,
            made_wall_s=now_wall_s,
        )
    )
    note(session, now_wall_s, actor, "noted of monitoring", f"source {number}", day.isoformat())


def monitored_sources(session: Session) -> tuple[MonitoredSource, ...]:
    """Every source, by company and number."""
    last = (
        select(MonitoredNoteRow.source, func.max(MonitoredNoteRow.day).label("day"))
        .group_by(MonitoredNoteRow.source)
        .subquery()
    )
    rows = session.execute(
        select(MonitoredSourceRow, last.c.day)
        .outerjoin(last, last.c.source == MonitoredSourceRow.id)
        .order_by(MonitoredSourceRow.company, MonitoredSourceRow.id)
    )
    return tuple(
        MonitoredSource(
            row.id,
            row.company,
            row.showroom_id,
            SourceSaid(row.kind, row.title, row.rhythm, row.owner, row.unit, tuple(row.codes.split())),
            row.made_by,
            row.made_wall_s,
            row.made_on,
            day,
            row.ended_by,
            row.ended_wall_s,
        )
        for row, day in rows
    )


def notes_of(
    session: Session, sources: Collection[int], since: date | None = None
) -> tuple[MonitoredNote, ...]:
    """What was noted of some sources, the latest first."""
    chosen = select(MonitoredNoteRow).where(MonitoredNoteRow.source.in_(sources))
    if since is not None:
        chosen = chosen.where(MonitoredNoteRow.day >= since)
    rows = session.scalars(chosen.order_by(MonitoredNoteRow.day.desc(), MonitoredNoteRow.id.desc()))
    return tuple(
        MonitoredNote(row.source, row.day, row.text, row.value, row.signal, row.made_by, row.made_wall_s)
        for row in rows
    )


def may_explain(
    session: Session, company: str, showrooms: Collection[int], code: str, first: date, last: date
) -> tuple[tuple[MonitoredSource, MonitoredNote], ...]:
    """The signals of a stretch of days that may explain an indicator of some showrooms, ascending; of sources that have ended, too."""
    sources = {
        each.number: each
        for each in monitored_sources(session)
        if each.company == company
        and code in each.said.codes
        and (each.showroom_id is None or each.showroom_id in showrooms)
    }
    found = [each for each in notes_of(session, sources, first) if each.signal and each.day <= last]
    return tuple((sources[each.source], each) for each in reversed(found))


def _columns(said: SourceSaid) -> dict[str, str]:
    return {
        "kind": said.kind,
        "title": said.title.strip(),
        "rhythm": said.rhythm,
        "owner": said.owner.strip(),
        "unit": said.unit.strip(),
        "codes": " ".join(dict.fromkeys(said.codes)),
    }


def _examine(said: SourceSaid) -> None:
    if said.kind not in KINDS or said.rhythm not in RHYTHMS:
        raise MonitoringStepError("A source is of customers, market, competitors or team, and has a rhythm.")
    if not 0 < len(said.title.strip()) <= TITLE_LIMIT:
        raise MonitoringStepError("A source needs a title.")
    if not 0 < len(said.owner.strip()) <= OWNER_LIMIT:
        raise MonitoringStepError("A source needs an owner: what nobody sees to is not looked at.")
    if len(said.unit.strip()) > UNIT_LIMIT:
        raise MonitoringStepError("A unit has at most {most} letters.", most=UNIT_LIMIT)
    if unknown := [code for code in said.codes if code not in INDICATORS]:
        raise MonitoringStepError("There is no indicator {code}.", code=unknown[0])


def _lasting(session: Session, number: int) -> MonitoredSourceRow:
    row = session.get(MonitoredSourceRow, number)
    if row is None or row.ended_wall_s is not None:
        raise MonitoringStepError("This source is monitored no more.")
    return row
