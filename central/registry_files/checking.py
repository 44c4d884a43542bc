"""Sheets held against each other and against what the registry knows: every error, each with file, line and column. Pure."""

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from central.registry_files.cells import BadCellError, nearest
from central.registry_files.csv_lines import CsvFault, CsvLine, read_lines
from central.registry_files.entries import (
    EmploymentEntry,
    Entry,
    Key,
    PersonEntry,
    PlaceEntry,
    ShowroomEntry,
    Span,
)
from central.registry_files.sheets import COLUMN_NAMES, SHEETS, BadRowError, Sheet, sheet_of

Known = Mapping[type[Entry], Mapping[Key, Entry]]
"""What the registry holds: the entries of each kind by their keys."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing that is wrong, with its place."""

    file: str
    line: int
    column: int
    """Counted from 1; 0 where the whole line is meant."""
    name: str
    """Of the column; empty where it has none."""
    what: str

    def __str__(self) -> str:
        named = f" ({self.name})" if self.name else ""
        column = f", column {self.column}{named}" if self.column else ""
        return f"{self.file}: line {self.line}{column}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Row:
    order: int
    """Of all rows of all files."""
    file: str
    line: int
    sheet: Sheet
    columns: Mapping[str, int]
    values: dict[str, Any]
    good: bool

    def fault(self, column: str, what: str) -> SheetFault:
        return SheetFault(self.file, self.line, self.columns.get(column, 0), column, what)


_Entered = tuple[Span, tuple[Span, ...], _Row | None]
"""Something that holds for a while: the first of its stretches, all of them, and its row; None for what the registry holds."""


@dataclass(slots=True)
class Checked:
    """What sheets say: the entries of each kind by their keys, and everything that is wrong with them."""

    entries: dict[type[Entry], dict[Key, Entry]] = field(default_factory=lambda: defaultdict(dict))
    faults: list[SheetFault] = field(default_factory=list)
    rows: int = 0


def check(files: Sequence[tuple[str, bytes]], known: Known) -> Checked:
    """Read sheets and hold them against each other and the registry.

    Args:
        files: Name and content of each.
        known: What the registry holds.
    """
    checked = Checked()
    read = (row for name, data in files for row in _rows(name, data, checked.faults))
    rows = [replace(row, order=order) for order, row in enumerate(read)]
    checked.rows = len(rows)
    references = _References(rows, known)
    kept: dict[type[Entry], dict[Key, tuple[_Row, Entry]]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: SHEETS.index(row.sheet)):
        if not row.good:
            continue
        try:
            references.check(row)
            entry = row.sheet.says(row.values, references.zone_of)
        except BadRowError as error:
            checked.faults.append(row.fault(error.column, str(error)))
            continue
        first = kept[type(entry)].setdefault(entry.key, (row, entry))[0]
        if first is not row:
            checked.faults.append(row.fault(row.sheet.names[0], f"says the same as {_place(first, row)}"))
    for kind, found in kept.items():
        checked.faults += _overlaps(found, known.get(kind, {}))
        checked.entries[kind] = {key: entry for key, (_, entry) in found.items()}
    order = {name: number for number, (name, _) in enumerate(files)}
    checked.faults.sort(key=lambda fault: (order[fault.file], fault.line, fault.column))
    return checked


def _rows(name: str, data: bytes, faults: list[SheetFault]) -> Iterator[_Row]:
    lines, wrong = read_lines(data, COLUMN_NAMES)
    if not lines:
        faults += [_placed(name, fault, {}) for fault in wrong]
        return
    header, *rest = lines
    sheet = sheet_of(header.cells)
    if sheet is None:
        faults += [_placed(name, fault, {}) for fault in wrong]
        files = "; ".join(f"{sheet.name}: {', '.join(sheet.names)}" for sheet in SHEETS)
        faults.append(
            SheetFault(name, header.number, 0, "", f"is no first line of a sheet. There are {files}")
        )
        return
    columns: dict[str, int] = {}
    for number, cell in enumerate(header.cells, 1):
        if cell.lower() in columns:
            faults.append(SheetFault(name, header.number, number, cell, "names a column twice"))
        elif cell and cell.lower() not in sheet.names:
            what = f"is no column of {sheet.name}{nearest(cell.lower(), sheet.names)}"
            faults.append(SheetFault(name, header.number, number, cell, what))
        elif cell:
            columns[cell.lower()] = number
    faults += [
        SheetFault(name, header.number, 0, "", f"the column {column.name} is missing")
        for column in sheet.columns
        if column.required and column.name not in columns
    ]
    faults += [_placed(name, fault, columns) for fault in wrong]
    spoilt = {fault.line for fault in wrong}
    for line in rest:
        yield _row(name, line, sheet, columns, len(header.cells), faults, spoilt=line.number in spoilt)


def _row(
    name: str,
    line: CsvLine,
    sheet: Sheet,
    columns: Mapping[str, int],
    width: int,
    faults: list[SheetFault],
    *,
    spoilt: bool,
) -> _Row:
    """A row with what stands in its cells; of one whose quotes or bytes are wrong nothing more is said."""
    values: dict[str, Any] = dict.fromkeys(sheet.names)
    before = len(faults)
    cells = line.cells
    if not spoilt and (len(cells) < width or any(cells[width:])):
        what = f"the line has {len(cells)} cells, the first line has {width}"
        faults.append(SheetFault(name, line.number, min(len(cells), width + 1), "", what))
        spoilt = True
    for column in sheet.columns:
        number = columns.get(column.name)
        cell = cells[number - 1] if number is not None and number <= len(cells) else ""
        if not cell:
            if column.required and number is not None and not spoilt:
                faults.append(SheetFault(name, line.number, number, column.name, "is empty"))
            continue
        try:
            values[column.name] = column.read(cell)
        except BadCellError as error:
            values[column.name] = cell
            if not spoilt:
                faults.append(SheetFault(name, line.number, number or 0, column.name, str(error)))
    complete = all(column.name in columns for column in sheet.columns if column.required)
    good = not spoilt and complete and len(faults) == before
    return _Row(0, name, line.number, sheet, columns, values, good)


class _References:
    """What rows may speak of: the registry's showrooms and people, and those of the sheets, be the rest of their rows good or not."""

    def __init__(self, rows: Iterable[_Row], known: Known) -> None:
        self._zones: dict[tuple[str, str], str] = {}
        self._companies: dict[str, str] = {}
        for entry in known.get(ShowroomEntry, {}).values():
            if isinstance(entry, ShowroomEntry):
                self._zones[entry.company, entry.showroom] = entry.timezone
        for entry in known.get(PersonEntry, {}).values():
            if isinstance(entry, PersonEntry):
                self._companies[entry.pseudonym] = entry.company
        self._registered = dict(self._companies)
        told: set[tuple[str, str]] = set()
        for row in rows:
            if row.sheet.entry is ShowroomEntry and row.values["company"] and row.values["showroom"]:
                name = row.values["company"], row.values["showroom"]
                if name not in told:
                    told.add(name)
                    self._zones[name] = row.values["timezone"] if row.good else "UTC"
            elif row.sheet.entry is PersonEntry and row.values["pseudonym"]:
                self._companies.setdefault(row.values["pseudonym"], row.values["company"] or "")
        self._owners = {company for company, _ in self._zones}

    def zone_of(self, company: str, showroom: str) -> str:
        """The time zone of a showroom that is known."""
        return self._zones[company, showroom]

    def check(self, row: _Row) -> None:
        """Refuse a row that speaks of what is not there.

        Raises:
            BadRowError: It does.
        """
        company, showroom = row.values.get("company"), row.values.get("showroom")
        if row.sheet.entry is not ShowroomEntry and company and company not in self._owners:
            raise BadRowError(
                "company", f"there is no company {company!r} with a showroom{nearest(company, self._owners)}"
            )
        if (
            row.sheet.entry is not ShowroomEntry
            and showroom
            and company
            and (company, showroom) not in self._zones
        ):
            others = [name for owner, name in self._zones if owner == company]
            raise BadRowError(
                "showroom", f"{company} has no showroom {showroom!r}{nearest(showroom, others)}"
            )
        person = row.values.get("pseudonym") or ""
        if row.sheet.entry is EmploymentEntry:
            if person not in self._companies:
                raise BadRowError(
                    "pseudonym", f"there is no person {person!r}{nearest(person, self._companies)}"
                )
            if self._companies[person] != company:
                raise BadRowError(
                    "company", f"{person} is a person of {self._companies[person] or 'no company'}"
                )
        if row.sheet.entry is PersonEntry and self._registered.get(person, company) != company:
            raise BadRowError(
                "company", f"{person} is already registered as a person of {self._registered[person]}"
            )


def _overlaps(found: Mapping[Key, tuple[_Row, Entry]], known: Mapping[Key, Entry]) -> Iterator[SheetFault]:
    """One fault for each row that overlaps with another, or with what the registry holds and the sheets do not change."""
    groups: dict[Key, list[tuple[tuple[Span, ...], _Row | None]]] = defaultdict(list)
    for row, entry in found.values():
        if entry.spans is not None:
            groups[entry.spans[0]].append((entry.spans[1], row))
    for key, entry in known.items():
        if entry.spans is None or key in found or entry.spans[0] not in groups:
            continue
        if isinstance(entry, PlaceEntry) and not entry.showroom:
            continue  # Nobody had said where it stood; now somebody does.
        groups[entry.spans[0]].append((entry.spans[1], None))
    for members in groups.values():
        yield from _in_one_group(members)


def _in_one_group(members: list[tuple[tuple[Span, ...], _Row | None]]) -> Iterator[SheetFault]:
    """Entered one after the other, registry first, then line by line: each that fits in no more is a fault and left out."""
    entered: list[_Entered] = []
    members.sort(key=lambda member: -1 if member[1] is None else member[1].order)
    for spans, row in members:
        met = next((other for other in _near(entered, spans) if _meet(spans, other[1])), None)
        if met is None:
            bisect.insort(entered, (spans[0], spans, row), key=lambda item: item[0])
        elif row is not None:
            with_what = "what the registry holds" if met[2] is None else _place(met[2], row)
            column = "until" if "until" in row.columns else row.sheet.names[0]
            yield row.fault(column, f"overlaps with {with_what}: both would hold at once")


def _near(entered: list[_Entered], spans: tuple[Span, ...]) -> Iterable[_Entered]:
    """Those that may overlap: of stretches that lie apart on one line only the last one that begins before the end of this."""
    until = bisect.bisect_left(entered, spans[0][1], key=lambda item: item[0][0])
    return reversed(entered[max(0, until - 1) : until] if len(spans) == 1 else entered[:until])


def _meet(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return all(a[0] < b[1] and b[0] < a[1] for a, b in zip(one, other, strict=True))


def _place(of: _Row, seen_from: _Row) -> str:
    return f"line {of.line}" if of.file == seen_from.file else f"{of.file}, line {of.line}"


def _placed(name: str, fault: CsvFault, columns: Mapping[str, int]) -> SheetFault:
    column = next((named for named, number in columns.items() if number == fault.column), "")
    return SheetFault(name, fault.line, fault.column, column, fault.what)
