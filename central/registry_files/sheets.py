"""The six sheets of the registry: which columns each has, and what a row of it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from central.registry_files import cells
from central.registry_files.cells import Column, WallMoment
from central.registry_files.entries import (
    EmploymentEntry,
    Entry,
    ExceptionEntry,
    HoursEntry,
    PersonEntry,
    PlaceEntry,
    ShowroomEntry,
)
from central.showrooms.premises import STRICTEST

Values = Mapping[str, Any]
"""What stands in a row, by column; None where a cell is empty."""
ZoneOf = Callable[[str, str], str]
"""The time zone of a company's showroom."""


class BadRowError(ValueError):
    """What a row says makes no sense; ``column`` is where it is said."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of file."""

    name: str
    """Of the file that an export writes: ``people`` of ``people.csv``."""
    entry: type[Entry]
    columns: tuple[Column, ...]
    says: Callable[[Values, ZoneOf], Entry]
    """The entry of a row whose cells are good; raises `BadRowError`."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of its columns, in order."""
        return tuple(column.name for column in self.columns)


def _showroom(row: Values, _zone_of: ZoneOf) -> Entry:
    return ShowroomEntry(
        row["company"],
        row["showroom"],
        row["region"] or "",
        row["timezone"],
        row["jurisdiction"] or STRICTEST,
    )


def _hours(row: Values, _zone_of: ZoneOf) -> Entry:
    _ascending(row, "opens", "closes", "the showroom closes before it opens")
    _ascending(row, "from", "until", "lies before the first day", or_same=True)
    return HoursEntry(
        row["company"],
        row["showroom"],
        row["weekday"],
        row["opens"],
        row["closes"],
        row["from"],
        row["until"],
    )


def _exception(row: Values, _zone_of: ZoneOf) -> Entry:
    if (row["opens"] is None) is not (row["closes"] is None):
        missing = "opens" if row["opens"] is None else "closes"
        raise BadRowError(missing, "is empty: name both times, or neither where the showroom is closed")
    _ascending(row, "opens", "closes", "the showroom closes before it opens")
    _ascending(row, "from", "until", "lies before the first day", or_same=True)
    return ExceptionEntry(
        row["company"],
        row["showroom"],
        row["from"],
        row["until"] or row["from"],
        row["title"],
        row["opens"],
        row["closes"],
    )


def _place(row: Values, zone_of: ZoneOf) -> Entry:
    company, showroom = row["company"] or "", row["showroom"] or ""
    if bool(company) is not bool(showroom):
        raise BadRowError(
            "showroom" if company else "company", "is empty: a desk stands in a company's showroom"
        )
    if showroom and row["timezone"]:
        raise BadRowError("timezone", "is the showroom's: leave it empty where a showroom is named")
    if not showroom and not row["timezone"]:
        raise BadRowError(
            "showroom",
            "is empty: name company and showroom, or the time zone of a desk that stands nowhere yet",
        )
    zone = zone_of(company, showroom) if showroom else row["timezone"]
    from_s, until_s = _unix(row, "from", zone), _unix(row, "until", zone)
    if from_s is not None and until_s is not None and until_s <= from_s:
        raise BadRowError("until", "must lie after the moment from which on the desk stands there")
    return PlaceEntry(
        row["device"],
        company,
        showroom,
        row["label"] or row["device"],
        row["timezone"] or "",
        from_s,
        until_s,
    )


def _person(row: Values, _zone_of: ZoneOf) -> Entry:
    return PersonEntry(row["pseudonym"], row["company"], row["name"] or "")


def _employment(row: Values, _zone_of: ZoneOf) -> Entry:
    _ascending(row, "from", "until", "lies before the first day", or_same=True)
    return EmploymentEntry(
        row["pseudonym"], row["company"], row["showroom"], row["worked_as"], row["from"], row["until"]
    )


def _ascending(row: Values, low: str, high: str, what: str, *, or_same: bool = False) -> None:
    first, last = row[low], row[high]
    if first is not None and last is not None and (last < first or (last == first and not or_same)):
        raise BadRowError(high, what)


def _unix(row: Values, column: str, zone: str) -> float | None:
    moment: WallMoment | None = row[column]
    if moment is None:
        return None
    try:
        return moment.unix(zone)
    except cells.BadCellError as error:
        raise BadRowError(column, str(error)) from None


_COMPANY = Column("company", cells.a_name, required=True)
_SHOWROOM = Column("showroom", cells.a_name, required=True)

SHEETS = (
    Sheet(
        "showrooms",
        ShowroomEntry,
        (
            _COMPANY,
            _SHOWROOM,
            Column("region", cells.a_name),
            Column("timezone", cells.a_timezone, required=True),
            Column("jurisdiction", cells.a_jurisdiction),
        ),
        _showroom,
    ),
    Sheet(
        "hours",
        HoursEntry,
        (
            _COMPANY,
            _SHOWROOM,
            Column("weekday", cells.a_weekday, required=True),
            Column("opens", cells.minutes, required=True),
            Column("closes", cells.minutes, required=True),
            Column("from", cells.a_day),
            Column("until", cells.a_day),
        ),
        _hours,
    ),
    Sheet(
        "exceptions",
        ExceptionEntry,
        (
            _COMPANY,
            _SHOWROOM,
            Column("from", cells.a_day, required=True),
            Column("until", cells.a_day),
            Column("title", cells.a_name, required=True),
            Column("opens", cells.minutes),
            Column("closes", cells.minutes),
        ),
        _exception,
    ),
    Sheet(
        "desks",
        PlaceEntry,
        (
            Column("device", cells.a_device, required=True),
            Column("company", cells.a_name),
            Column("showroom", cells.a_name),
            Column("label", cells.a_name),
            Column("timezone", cells.a_timezone),
            Column("from", cells.a_moment),
            Column("until", cells.a_moment),
        ),
        _place,
    ),
    Sheet(
        "people",
        PersonEntry,
        (
            Column("pseudonym", cells.a_pseudonym, required=True),
            _COMPANY,
            Column("name", cells.a_name),
        ),
        _person,
    ),
    Sheet(
        "employment",
        EmploymentEntry,
        (
            Column("pseudonym", cells.a_pseudonym, required=True),
            _COMPANY,
            _SHOWROOM,
            Column("worked_as", cells.work, required=True),
            Column("from", cells.a_day),
            Column("until", cells.a_day),
        ),
        _employment,
    ),
)
"""In the order in which they are taken in: each speaks only of what stands in one before it."""

COLUMN_NAMES = tuple(sorted({name for sheet in SHEETS for name in sheet.names}))


def sheet_of(header: tuple[str, ...]) -> Sheet | None:
    """The sheet that a first line is the header of: the one of whose columns it names the most, and the fewest others; None if of none."""
    named = {name.lower() for name in header}
    best = max(SHEETS, key=lambda sheet: _likeness(sheet, named))
    return best if named & set(best.names) else None


def _likeness(sheet: Sheet, named: set[str]) -> tuple[int, int]:
    required = {column.name for column in sheet.columns if column.required}
    known = set(sheet.names)
    return len(named & known) - len(named - known) - len(required - named), -len(known)
