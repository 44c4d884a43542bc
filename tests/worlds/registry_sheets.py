"""Sheets of a company with many showrooms, without an error, and errors of every kind to plant in them."""

from collections.abc import Callable
from dataclasses import dataclass

HEADERS = {
    "showrooms": "company,showroom,region,timezone,jurisdiction",
    "hours": "company,showroom,weekday,opens,closes,from,until",
    "exceptions": "company,showroom,from,until,title,opens,closes",
    "desks": "device,company,showroom,label,timezone,from,until",
    "people": "pseudonym,company,name",
    "employment": "pseudonym,company,showroom,worked_as,from,until",
}
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Europe/London")
SHOWROOMS = 100
ROWS = 5000
"""Of all sheets together, without their first lines."""


def good_sheets() -> dict[str, list[list[str]]]:
    """The rows of each sheet, first lines included: 5,000 that fit together."""
    rows: dict[str, list[list[str]]] = {name: [header.split(",")] for name, header in HEADERS.items()}
    for number in range(SHOWROOMS):
        company, showroom = f"Company {number % 5}", f"Showroom {number}"
        zone = ZONES[number % len(ZONES)]
        rows["showrooms"].append(
            [company, showroom, f"Region {number % 7}", zone, "cn" if number % 4 == 1 else "eu"]
        )
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday"):
            rows["hours"].append([company, showroom, day, "09:00", "12:30", "", ""])
            rows["hours"].append([company, showroom, day, "13:30", "18:00", "", ""])
        rows["exceptions"].append([company, showroom, "2026-10-01", "2026-10-07", "National holiday", "", ""])
        rows["exceptions"].append([company, showroom, "2026-12-24", "", "Christmas Eve", "09:00", "12:00"])
        for desk in range(3):
            device, other = f"desk-{number}-{desk}", f"Showroom {(number + 20) % SHOWROOMS}"
            rows["desks"].append([device, company, other, "Entrance", "", "", "2026-05-01"])
            rows["desks"].append([device, company, showroom, "Counter; left", "", "2026-05-01", ""])
    people = (ROWS - sum(len(found) - 1 for found in rows.values())) // 2
    for number in range(people):
        company, showroom = f"Company {number % 5}", f"Showroom {number % SHOWROOMS}"
        rows["people"].append([f"p-{number}", company, f'王 "Wren" {number}' if number % 3 else ""])
        rows["employment"].append([f"p-{number}", company, showroom, "host", "2026-01-01", "2026-12-31"])
    return rows


def written(rows: list[list[str]], separator: str = ",") -> bytes:
    """The rows as a spreadsheet writes them."""

    def cell(text: str) -> str:
        needs_quotes = any(letter in text for letter in f'{separator}"')
        return '"' + text.replace('"', '""') + '"' if needs_quotes else text

    return "".join(separator.join(map(cell, row)) + "\r\n" for row in rows).encode()


@dataclass(frozen=True)
class Planted:
    """An error in one row of one sheet."""

    sheet: str
    column: str
    """Where it is to be found; empty for the whole line."""
    text: str
    """What is said of it, in part."""
    plant: Callable[[list[str]], list[str]]
    """The row with the error."""


def _with(column: int, text: str) -> Callable[[list[str]], list[str]]:
    return lambda row: [*row[:column], text, *row[column + 1 :]]


def _changed(*changes: tuple[int, str]) -> Callable[[list[str]], list[str]]:
    def plant(row: list[str]) -> list[str]:
        return [dict(changes).get(number, cell) for number, cell in enumerate(row)]

    return plant


PLANTED = (
    Planted("showrooms", "company", "is empty", _with(0, "")),
    Planted(
        "showrooms",
        "timezone",
        "'Europa/Berlin' is no IANA time zone; 'Europe/Berlin'",
        _with(3, "Europa/Berlin"),
    ),
    Planted("showrooms", "timezone", "'MESZ' is no IANA time zone", _with(3, "MESZ")),
    Planted("showrooms", "timezone", "is empty", _with(3, "  ")),
    Planted("showrooms", "jurisdiction", "'de' is no jurisdiction that is known: eu", _with(4, "de")),
    Planted("showrooms", "region", "is 201 letters long, 200 are allowed", _with(2, "x" * 201)),
    Planted(
        "showrooms",
        "company",
        "says the same as line 2",
        lambda _: ["Company 0", "Showroom 0", "", "UTC", ""],
    ),
    Planted("hours", "weekday", "'someday' is no day of the week", _with(2, "someday")),
    Planted("hours", "opens", "'25:00' is no time of day", _with(3, "25:00")),
    Planted("hours", "closes", "closes before it opens", _with(4, "08:00")),
    Planted("hours", "until", "lies before the first day", _changed((5, "2026-06-01"), (6, "2026-05-01"))),
    Planted("hours", "from", "there is no day 2026-02-30", _with(5, "2026-02-30")),
    Planted("hours", "company", "there is no company 'Compani 3'", _with(0, "Compani 3")),
    Planted("hours", "until", "overlaps with line", _changed((3, "12:00"), (4, "12:15"))),
    Planted("exceptions", "from", "'01.10.2026' is no date: write YYYY-MM-DD", _with(2, "01.10.2026")),
    Planted("exceptions", "title", "is empty", _with(4, "")),
    Planted("exceptions", "opens", "is empty: name both times", _with(6, "12:00")),
    Planted("exceptions", "showroom", "has no showroom 'Showroom 1000'", _with(1, "Showroom 1000")),
    Planted("exceptions", "closes", "closes before it opens", _changed((5, "12:00"), (6, "12:00"))),
    Planted("desks", "device", "must be 1 to 63 lower-case letters", _with(0, "Desk 7")),
    Planted("desks", "showroom", "is empty: a desk stands in a company's showroom", _with(2, "")),
    Planted("desks", "timezone", "is the showroom's", _with(4, "Europe/Berlin")),
    Planted("desks", "from", "is no moment", _with(5, "yesterday")),
    Planted("desks", "until", "must lie after", _changed((5, "2026-06-01"), (6, "2026-05-01"))),
    Planted("desks", "until", "overlaps with line", _changed((5, "2026-04-01"), (6, "2026-04-02"))),
    Planted("desks", "from", "no clock is +99:00 from UTC", _with(5, "2026-05-01 10:00+99:00")),
    Planted("people", "pseudonym", "is empty", _with(0, "")),
    Planted("people", "pseudonym", "says the same as line 2", _changed((0, "p-0"), (1, "Company 0"))),
    Planted("people", "pseudonym", "is 101 letters long", _with(0, "x" * 101)),
    Planted("people", "company", "there is no company 'Nobody Ltd'", _with(1, "Nobody Ltd")),
    Planted("people", "name", "cannot be seen (U+0007)", _with(2, "bell \x07")),
    Planted("employment", "worked_as", "'boss' is no work that is known", _with(3, "boss")),
    Planted("employment", "pseudonym", "there is no person 'p-99999'", _with(0, "p-99999")),
    Planted(
        "employment",
        "company",
        "p-1 is a person of Company 1",
        _changed((0, "p-1"), (1, "Company 2"), (2, "Showroom 2")),
    ),
    Planted(
        "employment",
        "until",
        "overlaps with line 2",
        lambda _: ["p-0", "Company 0", "Showroom 0", "host", "2026-06-01", ""],
    ),
    Planted("employment", "", "the line has 4 cells, the first line has 6", lambda row: row[:4]),
    Planted("employment", "", "the line has 7 cells, the first line has 6", lambda row: [*row, "more"]),
)
"""37 of different kinds."""
