"""What the registry holds, as the entries of sheets, with the keys of the rows in which they stand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.places import DeskPlaceRow
from central.people.workforce import EmploymentRow, PersonRow
from central.registry_files.entries import (
    EmploymentEntry,
    Entry,
    ExceptionEntry,
    HoursEntry,
    Key,
    PersonEntry,
    PlaceEntry,
    ShowroomEntry,
)
from central.showrooms.hours import ExceptionRow, HoursRow
from central.showrooms.premises import CompanyRow, showrooms


@dataclass(slots=True)
class Holding:
    """Everything the registry holds."""

    entries: dict[type[Entry], dict[Key, Entry]] = field(default_factory=lambda: defaultdict(dict))
    row_ids: dict[type[Entry], dict[Key, int]] = field(default_factory=lambda: defaultdict(dict))
    """The key of the row of each."""

    def zone_of(self, company: str, showroom: str) -> str:
        """The time zone of a showroom that it holds."""
        entry = self.entries[ShowroomEntry][company, showroom]
        assert isinstance(entry, ShowroomEntry)  # noqa: S101  Entries lie under their own kind.
        return entry.timezone


def held(session: Session) -> Holding:
    """Read the registry."""
    holding = Holding()
    places: dict[int, tuple[str, str]] = {}
    for found in showrooms(session):
        places[found.id] = found.company, found.name
        there = ShowroomEntry(found.company, found.name, found.region, found.timezone, found.jurisdiction)
        holding.entries[ShowroomEntry][there.key] = there
        holding.row_ids[ShowroomEntry][there.key] = found.id
    people = {row.id: row for row in session.scalars(select(PersonRow))}
    for row_id, entry in _entries(session, places, people):
        holding.entries[type(entry)][entry.key] = entry
        holding.row_ids[type(entry)][entry.key] = row_id
    return holding


def _entries(
    session: Session, places: dict[int, tuple[str, str]], people: dict[int, PersonRow]
) -> Iterator[tuple[int, Entry]]:
    companies = {row.id: row.name for row in session.scalars(select(CompanyRow))}
    for person in people.values():
        yield (
            person.id,
            PersonEntry(person.pseudonym, companies[person.company_id], person.display_name or ""),
        )
    for hours in session.scalars(select(HoursRow)):
        yield (
            hours.id,
            HoursEntry(
                *places[hours.showroom_id],
                hours.weekday,
                hours.opens_min,
                hours.closes_min,
                hours.first_day,
                hours.last_day,
            ),
        )
    for exception in session.scalars(select(ExceptionRow)):
        yield (
            exception.id,
            ExceptionEntry(
                *places[exception.showroom_id],
                exception.first_day,
                exception.last_day,
                exception.title,
                exception.opens_min,
                exception.closes_min,
            ),
        )
    for place in session.scalars(select(DeskPlaceRow)):
        showroom = ("", "") if place.showroom_id is None else places[place.showroom_id]
        yield (
            place.id,
            PlaceEntry(
                place.device,
                *showroom,
                place.label,
                place.timezone or "",
                place.from_wall_s,
                place.until_wall_s,
            ),
        )
    for work in session.scalars(select(EmploymentRow)):
        yield (
            work.id,
            EmploymentEntry(
                people[work.person_id].pseudonym,
                *places[work.showroom_id],
                work.worked_as,
                work.first_day,
                work.last_day,
            ),
        )
