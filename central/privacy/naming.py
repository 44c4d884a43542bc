"""The rows of the database that name a person: one search, by which they are handed out and by which they are erased."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.ingest.rows import RejectedRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.exemptions import ExemptionRow
from central.people.workforce import EmploymentRow, PersonRow
from central.records.event_row import EventRow
from central.records.query import DUTY
from protocol.envelope import Event, parse
from protocol.measurements import Duty

AT_ONCE = 500
"""Rows read at a time: a year of sign-ins of a large company stays out of memory."""


@dataclass(frozen=True, slots=True)
class NamingRows:
    """Every row that names one person, beside the measurements, of which there may be many (`duties_of`)."""

    person: PersonRow | None
    employments: tuple[EmploymentRow, ...]
    corrections: tuple[DutyCorrectionRow, ...]
    """Of duties: said to be this person's, made by them, or with their name in the reason."""
    exemptions: tuple[ExemptionRow, ...]
    rejected: tuple[RejectedRow, ...]
    """What was kept aside and has the name somewhere in it."""

    @property
    def count(self) -> int:
        """How many there are."""
        several = (self.employments, self.corrections, self.exemptions, self.rejected)
        return sum(map(len, several)) + (self.person is not None)


def rows_naming(session: Session, pseudonym: str) -> NamingRows:
    """Search the tables for a person."""
    person = session.scalar(select(PersonRow).where(PersonRow.pseudonym == pseudonym))
    employments = (
        ()
        if person is None
        else session.scalars(select(EmploymentRow).where(EmploymentRow.person_id == person.id)).all()
    )
    exemptions = select(ExemptionRow).where(ExemptionRow.person == pseudonym).order_by(ExemptionRow.id)
    corrections = session.scalars(select(DutyCorrectionRow).order_by(DutyCorrectionRow.id))
    rejected = session.scalars(
        select(RejectedRow).order_by(RejectedRow.id), execution_options={"yield_per": AT_ONCE}
    )
    spellings = _spellings(pseudonym)
    return NamingRows(
        person,
        tuple(employments),
        tuple(
            row for row in corrections if pseudonym in {row.person, row.made_by} or pseudonym in row.reason
        ),
        tuple(session.scalars(exemptions)),
        tuple(row for row in rejected if _has(row, spellings)),
    )


def duties_of(session: Session, pseudonym: str) -> Iterator[tuple[EventRow, Event[Duty]]]:
    """The sign-ins and duties of a person, as rows and as what they say, in the order in which they came."""
    chosen = select(EventRow).where(EventRow.type == DUTY).order_by(EventRow.id)
    for row in session.scalars(chosen, execution_options={"yield_per": AT_ONCE}):
        event = parse(row.raw.encode())
        if isinstance(event.data, Duty) and event.data.person == pseudonym:
            yield row, event  # type: ignore[misc]  # Event is covariant, and its data is a duty.


def _spellings(pseudonym: str) -> tuple[str, ...]:
    """How a name may stand in what was kept aside: as it is, or as JSON writes it."""
    return pseudonym, json.dumps(pseudonym)[1:-1], json.dumps(pseudonym, ensure_ascii=False)[1:-1]


def _has(row: RejectedRow, spellings: tuple[str, ...]) -> bool:
    return any(each.encode() in row.payload or each in row.reason for each in spellings)
