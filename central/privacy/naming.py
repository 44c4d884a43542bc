"""The rows of the database that name a person: one search, by which they are handed out and by which they are erased."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Session

from central.accounts.account_book import Account
from central.accounts.tokens import TokenRow
from central.appraisal.appraisal_rows import AppraisalRemarkRow, AppraisalRow, ContestClaimRow
from central.competitions.competition_rows import BenchmarkRow, CompetitionEntryRow, CompetitionRow
from central.competitions.forgetting_competitions import entries_of_person
from central.database.table import Table
from central.desks.places import DeskPlaceRow
from central.evaluation.evaluation_rows import EvaluationRow, RecommendationRow
from central.ingest.rows import RejectedRow
from central.monitoring.source_rows import MonitoredNoteRow, MonitoredSourceRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.exemptions import ExemptionRow
from central.people.workforce import EmploymentRow, PersonRow
from central.privacy.erasures import ErasureRow
from central.privacy.person_names import Names
from central.promises.promise_rows import PromiseSideRow, PromiseVersionRow
from central.records.event_row import EventRow
from central.records.exclusions import ExclusionRow
from central.records.query import DUTY
from central.showrooms.hours import ExceptionRow
from central.showrooms.profile_decisions import ProfileDecisionRow
from protocol.envelope import Event, parse
from protocol.measurements import Duty

AT_ONCE = 500
"""Rows read at a time: a year of sign-ins of a large company stays out of memory."""

LABELS: tuple[tuple[type[Any], str], ...] = (
    (DeskPlaceRow, "label"),
    (ExceptionRow, "title"),
    (TokenRow, "label"),
    (CompetitionRow, "title"),
)
"""Columns of short texts that somebody typed about something else."""

WRITTEN: tuple[tuple[type[Any], str], ...] = (
    (PromiseVersionRow, "text"),
    (PromiseVersionRow, "ended_why"),
    (PromiseSideRow, "source"),
    (MonitoredSourceRow, "title"),
    (MonitoredSourceRow, "owner"),
    (MonitoredNoteRow, "text"),
    (EvaluationRow, "conclusion"),
    (RecommendationRow, "text"),
    (RecommendationRow, "owner"),
    (RecommendationRow, "why"),
)
"""Columns of whole sentences that somebody wrote about something else."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that somebody typed about something else, and that has the person's name in it."""

    row: Any
    """Of a table with a number as its key."""
    column: str

    @property
    def text(self) -> str:
        """The text."""
        return str(getattr(self.row, self.column))


@dataclass(frozen=True, slots=True)
class NamingRows:
    """Every row that names one person, beside the measurements, of which there may be many (`duties_of`)."""

    names: Names
    person: PersonRow | None
    employments: tuple[EmploymentRow, ...]
    corrections: tuple[DutyCorrectionRow, ...]
    """Of duties: said to be this person's, made by them, or with their name in the reason."""
    exemptions: tuple[ExemptionRow, ...]
    appraisals: tuple[AppraisalRow, ...]
    entries: tuple[CompetitionEntryRow, ...]
    """Of competitions."""
    rejected: tuple[RejectedRow, ...]
    """What was kept aside and has the name somewhere in it."""
    mentions: tuple[Mention, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        several = (
            self.employments,
            self.corrections,
            self.exemptions,
            self.appraisals,
            self.entries,
            self.rejected,
            self.mentions,
        )
        return sum(map(len, several)) + (self.person is not None)


def rows_naming(session: Session, pseudonym: str, account: Account | None = None) -> NamingRows:
    """Search the tables for a person, by the pseudonym and by what else they are called.

    Args:
        session: Where to read.
        pseudonym: What they sign in with.
        account: Their account, where they have one.
    """
    person = _person(session, pseudonym)
    employments = (
        ()
        if person is None
        else session.scalars(select(EmploymentRow).where(EmploymentRow.person_id == person.id)).all()
    )
    names = _names(pseudonym, person, account)
    exemptions = session.scalars(select(ExemptionRow).order_by(ExemptionRow.id)).all()
    corrections = session.scalars(select(DutyCorrectionRow).order_by(DutyCorrectionRow.id))
    rejected = session.scalars(
        select(RejectedRow).order_by(RejectedRow.id), execution_options={"yield_per": AT_ONCE}
    )
    return NamingRows(
        names,
        person,
        tuple(employments),
        tuple(
            row
            for row in corrections
            if row.person == pseudonym or names.stand_in(row.made_by) or names.stand_in(row.reason)
        ),
        tuple(row for row in exemptions if row.person == pseudonym),
        tuple(
            session.scalars(
                select(AppraisalRow).where(AppraisalRow.person == pseudonym).order_by(AppraisalRow.id)
            )
        ),
        entries_of_person(session, pseudonym),
        tuple(row for row in rejected if _has(row, names)),
        (
            *(
                Mention(row, "reason")
                for row in exemptions
                if row.person != pseudonym and names.stand_in(row.reason)
            ),
            *_mentions(session, names),
            *_said_of_others(session, pseudonym, names),
        ),
    )


def names_of(session: Session, pseudonym: str, account: Account | None = None) -> Names:
    """What a person is called: by the pseudonym, by their name, and by the name of their account, where they have one."""
    return _names(pseudonym, _person(session, pseudonym), account)


def _person(session: Session, pseudonym: str) -> PersonRow | None:
    return session.scalar(select(PersonRow).where(PersonRow.pseudonym == pseudonym))


def _names(pseudonym: str, person: PersonRow | None, account: Account | None) -> Names:
    others = ((person.display_name or "") if person else "", account.name if account else "")
    return Names(pseudonym, tuple(each for each in others if each))


def _mentions(session: Session, names: Names) -> Iterator[Mention]:
    """The texts about no person in particular that have one of the names in them."""
    erasures = session.scalars(select(ErasureRow).order_by(ErasureRow.id))
    decided = session.scalars(select(ProfileDecisionRow).order_by(ProfileDecisionRow.id))
    for reasoned in (*erasures, *decided):
        if names.stand_in(reasoned.reason):
            yield Mention(reasoned, "reason")
    for written, column in WRITTEN:
        for row in session.scalars(select(written).order_by(written.id)):
            if names.stand_in(getattr(row, column) or ""):
                yield Mention(row, column)
    for table, column in LABELS:
        for row in session.scalars(select(table).order_by(table.id)):
            if names.label_names(getattr(row, column)):
                yield Mention(row, column)


def _said_of_others(session: Session, pseudonym: str, names: Names) -> Iterator[Mention]:
    """What was written in appraisals of others, of contests and exclusions, and has one of the names in it."""
    own = select(AppraisalRow.id).where(AppraisalRow.person == pseudonym)
    of_others: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
        (AppraisalRow, ("reasons",), AppraisalRow.id.not_in(own)),
        (AppraisalRemarkRow, ("said",), AppraisalRemarkRow.appraisal.not_in(own)),
        (ContestClaimRow, ("said", "reason"), ContestClaimRow.appraisal.not_in(own)),
        (ExclusionRow, ("reason",), ExclusionRow.id > 0),
        (BenchmarkRow, ("practice",), BenchmarkRow.id > 0),
    )
    for table, columns, condition in of_others:
        for row in session.scalars(select(table).where(condition).order_by(table.id)):
            for column in columns:
                if names.stand_in(getattr(row, column) or ""):
                    yield Mention(row, column)


def duties_of(session: Session, pseudonym: str) -> Iterator[tuple[EventRow, Event[Duty]]]:
    """The sign-ins and duties of a person, as rows and as what they say, in the order in which they came."""
    chosen = select(EventRow).where(EventRow.type == DUTY).order_by(EventRow.id)
    for row in session.scalars(chosen, execution_options={"yield_per": AT_ONCE}):
        event = parse(row.raw.encode())
        if isinstance(event.data, Duty) and event.data.person == pseudonym:
            yield row, event  # type: ignore[misc]  # Event is covariant, and its data is a duty.


def left_naming(session: Session, names: Names) -> dict[str, int]:
    """In how many rows of which column a name stands: what nobody may change, such as a standard's text, and names of other things.

    Measurements are left out, of which only sign-ins and duties hold a name (`duties_of`), and payloads.
    """
    found = {}
    for table in Table.metadata.sorted_tables:
        for column in table.columns if table.name != EventRow.__tablename__ else ():
            if isinstance(column.type, String | Text):
                naming = [func.lower(column).contains(each.lower(), autoescape=True) for each in names.every]
                for each in naming:
                    if count := session.scalar(select(func.count()).select_from(table).where(each)):
                        found[f"{table.name}.{column.name}"] = count
    return found


def _has(row: RejectedRow, names: Names) -> bool:
    return names.stand_in_payload(row.payload) or any(
        each in text for each in names.every for text in (row.reason, row.topic)
    )
