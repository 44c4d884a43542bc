"""The rows of the database that name a person: one search, by which they are handed out and by which they are erased."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, column, func, inspect, or_, select, update
from sqlalchemy import table as light_table
from sqlalchemy.orm import Session

from central.accounts.account_book import Account
from central.appraisal.appraisal_rows import AppraisalRow
from central.competitions.competition_rows import CompetitionEntryRow
from central.competitions.forgetting_competitions import entries_of_person
from central.ingest.rows import RejectedRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.exemptions import ExemptionRow
from central.people.workforce import EmploymentRow, PersonRow
from central.privacy.person_names import Names
from central.privacy.text_columns import TEXT_COLUMNS, Handling, columns_that_are
from central.records.event_row import EventRow
from central.records.query import DUTY
from protocol.envelope import Event, parse
from protocol.measurements import Duty

BYTES = {"passkey.credential_id", "passkey.public_key", "rejected.payload"}
"""Columns that hold bytes and no letters."""
AT_ONCE = 500
"""Rows read at a time: a year of sign-ins of a large company stays out of memory."""

OWN_PERSON: dict[str, str] = {
    "appraisal": "person",
    "appraisal_remark": "appraisal",
    "contest_claim": "appraisal",
    "duty_correction": "",
    "exemption": "person",
}
"""Tables whose rows may be the person's own, by the column that says whose; those are no mentions, and are erased whole (corrections: with the duties)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that somebody typed about something else, and that has the person's name in it."""

    table: str
    key: tuple[tuple[str, Any], ...]
    """Columns of the table's key, each with its value in the row."""
    column: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, such as ``exclusion 3``."""
        return " ".join([self.table, *(str(value) for _, value in self.key)])

    def write(self, session: Session, text: str) -> None:
        """Put another text into its place."""
        there = [column(name) == value for name, value in self.key]
        session.execute(
            update(light_table(self.table, column(self.column))).where(*there).values({self.column: text})
        )


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
        tuple(_mentions(session, pseudonym, names)),
    )


def names_of(session: Session, pseudonym: str, account: Account | None = None) -> Names:
    """What a person is called: by the pseudonym, by their name, and by the name of their account, where they have one."""
    return _names(pseudonym, _person(session, pseudonym), account)


def _person(session: Session, pseudonym: str) -> PersonRow | None:
    return session.scalar(select(PersonRow).where(PersonRow.pseudonym == pseudonym))


def _names(pseudonym: str, person: PersonRow | None, account: Account | None) -> Names:
    others = ((person.display_name or "") if person else "", account.name if account else "")
    return Names(pseudonym, tuple(each for each in others if each))


def _mentions(session: Session, pseudonym: str, names: Names) -> Iterator[Mention]:
    """The texts about something or somebody else that have one of the names in them."""
    keys = inspect(session.connection())
    looked_for: dict[Handling, Callable[[str], bool]] = {"typed": names.stand_in, "label": names.label_names}
    for handling, named in looked_for.items():
        for table, columns in sorted(columns_that_are(handling).items()):
            whose = OWN_PERSON.get(table)
            if whose == "":
                continue
            key = keys.get_pk_constraint(table)["constrained_columns"]
            read: list[ColumnClause[Any]] = [column(each) for each in dict.fromkeys((*key, *columns))]
            chosen = (
                select(*read).select_from(light_table(table, *read)).order_by(*[column(each) for each in key])
            )
            if whose is not None:
                own = select(AppraisalRow.id).where(AppraisalRow.person == pseudonym)
                chosen = chosen.where(
                    column(whose) != pseudonym if whose == "person" else column(whose).not_in(own)
                )
            for row in session.execute(chosen).mappings():
                for each in columns:
                    if row[each] is not None and named(row[each]):
                        yield Mention(table, tuple((name, row[name]) for name in key), each, row[each])


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
    for name in sorted(TEXT_COLUMNS):
        table, _, text = name.partition(".")
        if table == EventRow.__tablename__ or name in BYTES:
            continue
        naming = [func.lower(column(text)).contains(each.lower(), autoescape=True) for each in names.every]
        if count := session.scalar(select(func.count()).select_from(light_table(table)).where(or_(*naming))):
            found[name] = count
    return found


def _has(row: RejectedRow, names: Names) -> bool:
    return names.stand_in_payload(row.payload) or any(
        each in text for each in names.every for text in (row.reason, row.topic)
    )
