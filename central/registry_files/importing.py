"""Taking sheets into the registry: all of them, or nothing where anything is wrong."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from central.desks.places import DeskPlaceRow
from central.desks.registry import DeskRow
from central.people.workforce import EmploymentRow, PersonRow
from central.registry_files.checking import Checked, SheetFault, check
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
from central.registry_files.holding import Holding, held
from central.registry_files.sheets import SHEETS
from central.showrooms.hours import ExceptionRow, HoursRow
from central.showrooms.premises import CompanyRow, RegionRow, ShowroomRow
from protocol.errors import MendableError
from protocol.program import refusal

MOST_BYTES = 50_000_000
"""A registry of a million rows; a longer file is no sheet of ours."""
AT_ONCE = 500
"""Keys in one statement: SQLite and PostgreSQL take many more, and each of our statements stays short."""


class BadSheetsError(MendableError):
    """Sheets cannot be taken in; it carries every fault that was found in them."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        self.faults = tuple(faults)
        count = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
        super().__init__("\n".join([f"nothing is taken in: {count}", *map(str, faults)]))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of one sheet."""

    sheet: str
    new: int
    changed: int
    same: int


def read_files(files: Iterable[Path]) -> tuple[tuple[str, bytes], ...]:
    """Name and content of files.

    Raises:
        BadSheetsError: One of them cannot be read.
    """
    found: list[tuple[str, bytes]] = []
    for file in files:
        try:
            with file.open("rb") as opened:
                found.append((str(file), opened.read(MOST_BYTES + 1)))
        except OSError as error:
            raise BadSheetsError(
                [SheetFault(str(file), 1, 0, "", f"cannot be read: {refusal(error)}")]
            ) from None
        if len(found[-1][1]) > MOST_BYTES:
            raise BadSheetsError([SheetFault(str(file), 1, 0, "", f"is longer than {MOST_BYTES:,} bytes")])
    return tuple(found)


def take_sheets(session: Session, files: Sequence[tuple[str, bytes]], *, dry_run: bool) -> tuple[Taken, ...]:
    """Take sheets into the registry, or only say what would become of them.

    A row whose key the registry holds changes that entry; what stands in no row stays as it is.

    Args:
        session: Its transaction takes the changes.
        files: Name and content of each.
        dry_run: Write nothing.

    Raises:
        BadSheetsError: Anything is wrong with them; nothing was written.
    """
    holding = held(session)
    checked = check(files, holding.entries)
    if checked.faults:
        raise BadSheetsError(checked.faults)
    taken = tuple(
        _counted(sheet.name, checked.entries[sheet.entry], holding.entries[sheet.entry])
        for sheet in SHEETS
        if checked.entries[sheet.entry]
    )
    if not dry_run:
        _write(session, checked, holding)
    return taken


def _counted(sheet: str, entries: Mapping[Key, Entry], known: Mapping[Key, Entry]) -> Taken:
    same = sum(known.get(key) == entry for key, entry in entries.items())
    new = len(entries.keys() - known.keys())
    return Taken(sheet, new, len(entries) - new - same, same)


def _write(session: Session, checked: Checked, holding: Holding) -> None:
    changed = {
        kind: {key: entry for key, entry in entries.items() if holding.entries[kind].get(key) != entry}
        for kind, entries in checked.entries.items()
    }
    showroom_ids = _write_showrooms(session, changed.get(ShowroomEntry, {}).values(), holding)
    person_ids = _write_people(session, changed.get(PersonEntry, {}).values(), holding)
    _write_desks(session, changed.get(PlaceEntry, {}).values(), holding)
    tables: dict[type[Entry], type[Any]] = {
        HoursEntry: HoursRow,
        ExceptionEntry: ExceptionRow,
        PlaceEntry: DeskPlaceRow,
        EmploymentEntry: EmploymentRow,
    }
    for kind, table in tables.items():
        entries = changed.get(kind, {})
        rows = [_facts(entry, showroom_ids, person_ids) for entry in entries.values()]
        # Deleted first and inserted again: whatever is changed to what, no two of them overlap on the way.
        gone = [holding.row_ids[kind][key] for key in entries if key in holding.row_ids[kind]]
        _delete(session, table, gone)
        if rows:
            _insert(session, table, rows)


def _write_showrooms(
    session: Session, entries: Iterable[Entry], holding: Holding
) -> dict[tuple[str, str], int]:
    """Write showrooms with their companies and regions; returns the keys of all."""
    wanted = [entry for entry in entries if isinstance(entry, ShowroomEntry)]
    companies = {row.name: row.id for row in session.scalars(select(CompanyRow))}
    for name in dict.fromkeys(entry.company for entry in wanted if entry.company not in companies):
        companies[name] = _added(session, CompanyRow(name=name))
    regions = {(row.company_id, row.name): row.id for row in session.scalars(select(RegionRow))}
    named = dict.fromkeys((companies[entry.company], entry.region) for entry in wanted if entry.region)
    for company_id, name in named:
        if (company_id, name) not in regions:
            regions[company_id, name] = _added(session, RegionRow(company_id=company_id, name=name))
    known = holding.row_ids[ShowroomEntry]
    for entry in wanted:
        facts = {
            "company_id": companies[entry.company],
            "region_id": regions.get((companies[entry.company], entry.region)),
            "name": entry.showroom,
            "timezone": entry.timezone,
            "jurisdiction": entry.jurisdiction,
        }
        if entry.key in known:
            session.execute(update(ShowroomRow).where(ShowroomRow.id == known[entry.key]).values(**facts))
        else:
            session.execute(insert(ShowroomRow), [facts])
    found = session.execute(
        select(CompanyRow.name, ShowroomRow.name, ShowroomRow.id).join(
            CompanyRow, CompanyRow.id == ShowroomRow.company_id
        )
    )
    return {(company, name): row_id for company, name, row_id in found}


def _write_people(session: Session, entries: Iterable[Entry], holding: Holding) -> dict[str, int]:
    """Write people; returns the keys of all."""
    companies = {row.name: row.id for row in session.scalars(select(CompanyRow))}
    known = holding.row_ids[PersonEntry]
    new: list[dict[str, object]] = []
    for entry in entries:
        if not isinstance(entry, PersonEntry):
            continue
        if entry.key in known:
            session.execute(
                update(PersonRow)
                .where(PersonRow.id == known[entry.key])
                .values(display_name=entry.name or None)
            )
        else:
            company_id = companies[entry.company]
            new.append(
                {"company_id": company_id, "pseudonym": entry.pseudonym, "display_name": entry.name or None}
            )
    if new:
        _insert(session, PersonRow, new)
    return {row.pseudonym: row.id for row in session.scalars(select(PersonRow))}


def _write_desks(session: Session, entries: Iterable[Entry], holding: Holding) -> None:
    """Enter desks that are not known yet; of the others, what nobody had said of their place ends where somebody does."""
    devices = {entry.device for entry in entries if isinstance(entry, PlaceEntry)}
    known = set(session.scalars(select(DeskRow.device)))
    if new := sorted(devices - known):
        now_s = time.time()
        session.execute(insert(DeskRow), [{"device": device, "registered_wall_s": now_s} for device in new])
    unsaid = [
        holding.row_ids[PlaceEntry][key]
        for key, entry in holding.entries[PlaceEntry].items()
        if isinstance(entry, PlaceEntry) and not entry.showroom and entry.device in devices
    ]
    _delete(session, DeskPlaceRow, unsaid)


def _facts(
    entry: Entry, showroom_ids: Mapping[tuple[str, str], int], person_ids: Mapping[str, int]
) -> dict[str, Any]:
    """The columns of an entry's row."""
    match entry:
        case HoursEntry():
            return {
                "showroom_id": showroom_ids[entry.company, entry.showroom],
                "weekday": entry.weekday,
                "opens_min": entry.opens_min,
                "closes_min": entry.closes_min,
                "first_day": entry.first_day,
                "last_day": entry.last_day,
            }
        case ExceptionEntry():
            return {
                "showroom_id": showroom_ids[entry.company, entry.showroom],
                "first_day": entry.first_day,
                "last_day": entry.last_day,
                "title": entry.title,
                "opens_min": entry.opens_min,
                "closes_min": entry.closes_min,
            }
        case PlaceEntry():
            return {
                "device": entry.device,
                "showroom_id": showroom_ids[entry.company, entry.showroom] if entry.showroom else None,
                "label": entry.label,
                "timezone": entry.timezone or None,
                "from_wall_s": entry.from_wall_s,
                "until_wall_s": entry.until_wall_s,
            }
        case EmploymentEntry():
            return {
                "person_id": person_ids[entry.pseudonym],
                "showroom_id": showroom_ids[entry.company, entry.showroom],
                "worked_as": entry.worked_as,
                "first_day": entry.first_day,
                "last_day": entry.last_day,
            }
        case _:
            raise TypeError(type(entry).__name__)


def _added(session: Session, row: CompanyRow | RegionRow) -> int:
    session.add(row)
    session.flush()
    return row.id


def _insert(session: Session, table: type[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows in one statement, be their cells empty or not."""
    session.execute(insert(table), [dict(row) for row in rows], execution_options={"render_nulls": True})


def _delete(session: Session, table: type[Any], row_ids: Sequence[int]) -> None:
    for first in range(0, len(row_ids), AT_ONCE):
        session.execute(delete(table).where(table.id.in_(row_ids[first : first + AT_ONCE])))
