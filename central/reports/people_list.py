"""The people within somebody's reach, by their pseudonyms: what they worked as and where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.roles import Grant, Right, may_at
from central.people.workforce import EmploymentRow, PersonRow
from central.showrooms.premises import CompanyRow, showrooms


@dataclass(frozen=True, slots=True)
class ListedWork:
    """What somebody worked as, where and from which day to which."""

    company: str
    showroom: str
    worked_as: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody, by their pseudonym."""

    number: int
    pseudonym: str
    company: str
    work: tuple[ListedWork, ...]
    """Within reach."""


def people_within_reach(session: Session, grants: Iterable[Grant], right: Right) -> tuple[ListedPerson, ...]:
    """Everybody within reach: by an employment in a showroom of it, or, without any, by all of their company."""
    grants = tuple(grants)
    names = {place.id: (place.company, place.name) for place in showrooms(session)}
    within: dict[int, list[ListedWork]] = defaultdict(list)
    employed: set[int] = set()
    for row in session.scalars(select(EmploymentRow).order_by(EmploymentRow.id)):
        employed.add(row.person_id)
        company, showroom = names[row.showroom_id]
        if may_at(grants, right, company, showroom):
            work = ListedWork(company, showroom, row.worked_as, row.first_day, row.last_day)
            within[row.person_id].append(work)
    rows = session.execute(
        select(PersonRow.id, PersonRow.pseudonym, CompanyRow.name)
        .join(CompanyRow, CompanyRow.id == PersonRow.company_id)
        .order_by(PersonRow.pseudonym)
    )
    return tuple(
        ListedPerson(number, pseudonym, company, tuple(within[number]))
        for number, pseudonym, company in rows
        if within[number] or (number not in employed and may_at(grants, right, company, ""))
    )
