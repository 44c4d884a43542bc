"""The registry written out as sheets that an import reads again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from central.registry_files.cells import WEEKDAYS, written_minutes, written_moment
from central.registry_files.csv_lines import join_line
from central.registry_files.entries import (
    EmploymentEntry,
    Entry,
    ExceptionEntry,
    HoursEntry,
    PersonEntry,
    PlaceEntry,
    ShowroomEntry,
)
from central.registry_files.holding import Holding, held
from central.registry_files.sheets import SHEETS
from protocol.errors import MendableError
from protocol.output_file import check_replaceable
from protocol.program import refusal

UTF8_MARK = "\ufeff"
"""By this a spreadsheet knows that the file is UTF-8, and shows Chinese and German names as they are."""


class UnwritableSheetsError(MendableError):
    """The sheets cannot be written there."""


def sheets(session: Session) -> dict[str, str]:
    """The text of each sheet by its name."""
    holding = held(session)
    written = {}
    for sheet in SHEETS:
        entries = holding.entries[sheet.entry].values()
        rows = sorted(_cells(entry, holding) for entry in entries)
        lines = [join_line(sheet.names), *(join_line(cells) for cells in rows)]
        written[sheet.name] = UTF8_MARK + "".join(f"{line}\r\n" for line in lines)
    return written


def write_sheets(session: Session, folder: Path) -> tuple[Path, ...]:
    """Write the sheets into a folder, which is made where it is not there; earlier sheets are replaced.

    Raises:
        UnwritableSheetsError: They cannot be written.
        NotReplacedError: A file of that name is there, and is no such sheet.
    """
    texts = {folder / f"{name}.csv": text for name, text in sheets(session).items()}
    for file, text in texts.items():
        check_replaceable(file, text.split("\r\n")[0].encode(), "sheet of the registry")
    for file, text in texts.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        except OSError as error:
            raise UnwritableSheetsError(f"{file} cannot be written: {refusal(error)}") from None
    return tuple(texts)


def _cells(entry: Entry, holding: Holding) -> tuple[str, ...]:
    match entry:
        case ShowroomEntry():
            return entry.company, entry.showroom, entry.region, entry.timezone, entry.jurisdiction
        case HoursEntry():
            return (
                *(entry.company, entry.showroom, WEEKDAYS[entry.weekday]),
                *(written_minutes(entry.opens_min), written_minutes(entry.closes_min)),
                *_days(entry.first_day, entry.last_day),
            )
        case ExceptionEntry():
            return (
                *(entry.company, entry.showroom, *_days(entry.first_day, entry.last_day), entry.title),
                *(written_minutes(entry.opens_min), written_minutes(entry.closes_min)),
            )
        case PlaceEntry():
            zone = holding.zone_of(entry.company, entry.showroom) if entry.showroom else entry.timezone
            return (
                *(entry.device, entry.company, entry.showroom, entry.label, entry.timezone),
                *(written_moment(entry.from_wall_s, zone), written_moment(entry.until_wall_s, zone)),
            )
        case PersonEntry():
            return entry.pseudonym, entry.company, entry.name
        case EmploymentEntry():
            return (
                *(entry.pseudonym, entry.company, entry.showroom, entry.worked_as),
                *_days(entry.first_day, entry.last_day),
            )


def _days(*days: Any) -> Iterable[str]:
    return ("" if day is None else day.isoformat() for day in days)
