"""Sheets are taken in as a whole, or every error is listed and nothing is written."""

import itertools
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.database.table import Table
from central.desks.places import DeskPlaceRow
from central.desks.registry import DeskDefaults, desks, enter, register, stays
from central.people.workforce import EmploymentRow, PersonRow
from central.registry_files.exporting import sheets
from central.registry_files.importing import BadSheetsError, Taken, take_sheets
from central.showrooms.premises import ShowroomRow
from tests.worlds.registry_sheets import PLANTED, ROWS, good_sheets, written

FEW_STATEMENTS = 400
"""Statements that 5,000 rows take: one for each of 100 showrooms, and some more; not one for each row."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_for_writing(f"sqlite:///{tmp_path}/central.db")
    yield engine
    engine.dispose()


def take(engine: Engine, **files: str | bytes) -> tuple[Taken, ...]:
    with Session(engine) as session, session.begin():
        return take_sheets(session, _given(files), dry_run=False)


def tried(engine: Engine, **files: str | bytes) -> tuple[Taken, ...]:
    with Session(engine) as session, session.begin():
        return take_sheets(session, _given(files), dry_run=True)


def _given(files: Mapping[str, str | bytes]) -> list[tuple[str, bytes]]:
    return [(f"{name}.csv", text.encode() if isinstance(text, str) else text) for name, text in files.items()]


def complaints(engine: Engine, **files: str | bytes) -> list[str]:
    before = everything(engine)
    with pytest.raises(BadSheetsError) as refused:
        take(engine, **files)
    assert everything(engine) == before
    return [str(fault) for fault in refused.value.faults]


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=str)
            for name, table in Table.metadata.tables.items()
            if name != "audit"
        }


SHOWROOM = "company,showroom,region,timezone,jurisdiction\nAcme,Lyon,,Europe/Paris,eu\nAcme,Pudong,East,Asia/Shanghai,cn\n"


def test_five_thousand_rows_are_taken_in_with_few_statements_and_a_second_time_change_nothing(
    engine: Engine,
) -> None:
    files = {name: written(rows) for name, rows in good_sheets().items()}
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    taken = take(engine, **files)
    assert len(statements) < FEW_STATEMENTS
    assert sum(sheet.new for sheet in taken) == ROWS
    before = everything(engine)
    again = take(engine, **files)
    assert [(sheet.new, sheet.changed) for sheet in again] == [(0, 0)] * 6
    assert everything(engine) == before


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_planted_error_is_listed_with_its_line_and_column_and_nothing_is_written(
    engine: Engine, separator: str
) -> None:
    assert len(PLANTED) == 37
    rows = good_sheets()
    expected = set()
    # Some lines from another, so that no error is another's cause.
    picks = {name: itertools.count(41, 17) for name in rows}
    for planted in PLANTED:
        sheet = rows[planted.sheet]
        number = next(picks[planted.sheet])
        if planted.sheet == "showrooms":
            # In lines of their own: what other sheets say of the others stays true.
            number = len(sheet)
            sheet.append(["Company 9", f"Showroom {number}", "", "UTC", "eu"])
        if planted.sheet == "people" or (planted.sheet, planted.column) == ("employment", "pseudonym"):
            number = len(sheet)
            sheet.append([f"q-{number}", "Company 0", ""] if planted.sheet == "people" else list(sheet[-1]))
        if "overlaps" in planted.text:
            number = len(sheet)
            sheet.append(list(sheet[1]))
        sheet[number] = planted.plant(sheet[number])
        column = rows[planted.sheet][0].index(planted.column) + 1 if planted.column else None
        expected.add((f"{planted.sheet}.csv", number + 1, column, planted.text))
    files = {name: written(found, separator) for name, found in rows.items()}
    before = everything(engine)
    for taking in (tried, take):
        with pytest.raises(BadSheetsError, match="37 errors") as refused:
            taking(engine, **files)
        found = refused.value.faults
        for file, line, column, words in expected:
            assert [
                fault
                for fault in found
                if (fault.file, fault.line) == (file, line)
                and column in (None, fault.column)
                and words in fault.what
            ], (file, line, column, words, [str(fault) for fault in found if fault.line == line])
    assert everything(engine) == before


def test_what_was_exported_is_read_again_as_it_was(engine: Engine, tmp_path: Path) -> None:
    take(engine, **{name: written(rows) for name, rows in good_sheets().items()})
    with Session(engine) as session, session.begin():
        register(session, {"lost-desk": 0.0}, DeskDefaults(timezone="Asia/Tokyo"))
        enter(session, "desk-1-1", showroom="Showroom 6", label='The "long" counter, 2nd floor')
        written_out = sheets(session)
    other = open_for_writing(f"sqlite:///{tmp_path}/other.db")
    take(other, **written_out)
    with Session(other) as session:
        assert sheets(session) == written_out
        (lost,) = (desk for desk in desks(session) if desk.device == "lost-desk")
    assert (lost.company, lost.timezone) == ("", "Asia/Tokyo")
    other.dispose()


def test_a_dry_run_of_good_sheets_writes_nothing(engine: Engine) -> None:
    before = everything(engine)
    assert tried(engine, a=SHOWROOM) == (Taken("showrooms", 2, 0, 0),)
    assert everything(engine) == before


def test_a_row_with_the_key_of_an_entry_changes_it_and_the_others_stay(engine: Engine) -> None:
    take(engine, a=SHOWROOM, b="pseudonym,company,name\nw,Acme,Wren\nx,Acme,\n")
    taken = take(
        engine,
        a="showroom;timezone;company\nLyon;Europe/London;Acme\n",
        b="pseudonym,company,name\nw,Acme,\n",
    )
    assert taken == (Taken("showrooms", 0, 1, 0), Taken("people", 0, 1, 0))
    with Session(engine) as session:
        zones = session.scalars(select(ShowroomRow.timezone).order_by(ShowroomRow.name)).all()
        assert zones == ["Europe/London", "Asia/Shanghai"]
        assert session.scalars(select(PersonRow.display_name)).all() == [None, None]


def test_a_desk_of_which_nobody_had_said_where_it_stands_stood_there_as_the_sheet_says(
    engine: Engine,
) -> None:
    with Session(engine) as session, session.begin():
        register(session, {"desk-1": 0.0}, DeskDefaults())
    take(engine, a=SHOWROOM, b="device,company,showroom,from\ndesk-1,Acme,Pudong,2026-05-01\n")
    with Session(engine) as session:
        here, before = stays(session, "desk-1")
    # 2026-05-01 00:00 in Shanghai, where the clock is eight hours ahead of UTC.
    assert (here.showroom, here.from_wall_s) == ("Pudong", 1777564800.0)
    assert (before.showroom, before.until_wall_s) == ("", 1777564800.0)


def test_a_desk_is_moved_by_a_sheet_and_what_was_before_stays(engine: Engine) -> None:
    sheet = "device,company,showroom,from,until\n"
    take(engine, a=SHOWROOM, b=sheet + "desk-1,Acme,Lyon,,\n")
    assert (
        "overlaps with what the registry holds"
        in complaints(engine, b=sheet + "desk-1,Acme,Pudong,2026-05-01,\n")[0]
    )
    take(engine, b=sheet + "desk-1,Acme,Lyon,,2026-05-01\ndesk-1,Acme,Pudong,2026-05-02,\n")
    with Session(engine) as session:
        assert [stay.showroom for stay in stays(session, "desk-1")] == ["Pudong", "", "Lyon"]


def test_changes_that_would_overlap_on_their_way_are_no_overlap(engine: Engine) -> None:
    sheet = "pseudonym,company,showroom,worked_as,from,until\n"
    person = "pseudonym,company\nw,Acme\n"
    early, late = "w,Acme,Lyon,host,2026-01-01,{}\n", "w,Acme,Lyon,host,2026-07-01,{}\n"
    take(engine, a=SHOWROOM, b=person, c=sheet + early.format("2026-03-01") + late.format("2026-08-01"))
    take(engine, c=sheet + late.format("") + early.format("2026-06-30"))
    found = complaints(engine, c=sheet + early.format("2026-07-01"))
    assert found == [
        "c.csv: line 2, column 6 (until): overlaps with what the registry holds: both would hold at once"
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1: the file is empty"),
        (b"\n\r\n;;;\n", "line 1: the file is empty"),
        ("pseudonym,company".encode("utf-16"), "line 1: the file is written in UTF-16"),
        (b"who,where\na,b\n", "line 1: is no first line of a sheet. There are showrooms: company"),
        (b"pseudonym,company,nick\nw,Acme,x\n", "line 1, column 3 (nick): is no column of people"),
        (b"pseudonym,company,Company\nw,Acme,x\n", "line 1, column 3 (Company): names a column twice"),
        (b"pseudonym,name\nw,x\n", "line 1: the column company is missing"),
        (b"pseudonym,company\nJ\xf6rg,Acme\n", "line 2, column 1 (pseudonym): is not UTF-8 (byte 0xF6)"),
        (
            b'pseudonym,company\n"w,Acme\n',
            "line 2, column 1 (pseudonym): the quote is not closed on its line",
        ),
        (
            b'pseudonym,company\n"w"x,Acme\n',
            "line 2, column 1 (pseudonym): 'x' stands behind the closing quote",
        ),
        (b'pseudonym,company\nw"x,Acme\n', "line 2, column 1 (pseudonym): a quote stands inside a cell"),
    ],
)
def test_how_a_file_is_written_is_told_with_its_place(engine: Engine, data: bytes, told: str) -> None:
    take(engine, a=SHOWROOM)
    (found,) = complaints(engine, x=data)
    assert found.startswith(f"x.csv: {told}")


def test_a_moment_that_the_clocks_jumped_over_is_refused_and_one_that_came_twice_is_told_apart(
    engine: Engine,
) -> None:
    sheet = "device,company,showroom,from,until\n"
    (found,) = complaints(engine, a=SHOWROOM, b=sheet + "desk-1,Acme,Lyon,2026-03-29 02:30,\n")
    assert "there was no 2026-03-29 02:30 in Europe/Paris" in found
    second = "desk-1,Acme,Lyon,,2026-10-25 02:30+01:00\n"
    take(engine, a=SHOWROOM, b=sheet + second)
    with Session(engine) as session:
        assert "2026-10-25 02:30:00+01:00" in sheets(session)["desks"]


def test_an_error_in_a_showroom_is_not_told_again_of_all_who_work_there(engine: Engine) -> None:
    bad = "company,showroom,timezone\nAcme,Lyon,Mars\n"
    people = "pseudonym,company\n" + "".join(f"p{n},Acme\n" for n in range(9))
    work = "pseudonym,company,showroom,worked_as\n" + "".join(f"p{n},Acme,Lyon,host\n" for n in range(9))
    (found,) = complaints(engine, a=bad, b=people, c=work)
    assert "column 3 (timezone)" in found


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO desk_place (device, label, timezone, from_wall_s) VALUES ('desk-1', 'x', 'UTC', 100.0)",
        "INSERT INTO desk_place (device, label, timezone, until_wall_s) VALUES ('desk-1', 'x', 'UTC', 100.0)",
        "UPDATE desk_place SET until_wall_s = 300.0 WHERE until_wall_s = 50.0",
        "INSERT INTO desk_place (device, label, from_wall_s, until_wall_s) VALUES ('desk-1', 'x', 60, 70)",
        "INSERT INTO desk_place (device, label, timezone, from_wall_s, until_wall_s) VALUES ('desk-1', 'x', 'UTC', 70, 60)",
        "INSERT INTO employment (person_id, showroom_id, worked_as, first_day) SELECT person_id, showroom_id, worked_as, '2026-12-31' FROM employment",
        "INSERT INTO showroom_hours (showroom_id, weekday, opens_min, closes_min) SELECT showroom_id, weekday, 700, 800 FROM showroom_hours",
        "INSERT INTO showroom_exception (showroom_id, first_day, last_day, title, opens_min, closes_min) SELECT showroom_id, first_day, last_day, title, 1, 2 FROM showroom_exception",
    ],
)
def test_the_database_itself_refuses_what_overlaps(engine: Engine, statement: str) -> None:
    with Session(engine) as session, session.begin():
        register(session, {"desk-1": 0.0}, DeskDefaults())
        session.execute(text("UPDATE desk_place SET until_wall_s = 50.0"))
        session.add(DeskPlaceRow(device="desk-1", label="x", timezone="UTC", from_wall_s=80.0))
    take(
        engine,
        a=SHOWROOM,
        b="pseudonym,company\nw,Acme\n",
        c="pseudonym,company,showroom,worked_as,from,until\nw,Acme,Lyon,host,2026-01-01,2026-12-31\n",
        d="company,showroom,weekday,opens,closes\nAcme,Lyon,mon,9,12\n",
        e="company,showroom,from,title\nAcme,Lyon,2026-12-25,Christmas\n",
    )
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(statement))
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(EmploymentRow)) == 1


def test_places_that_touch_do_not_overlap(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        register(session, {"desk-1": 0.0}, DeskDefaults())
        session.execute(text("UPDATE desk_place SET until_wall_s = 50.0"))
        session.add(DeskPlaceRow(device="desk-1", label="x", timezone="UTC", from_wall_s=50.0))


def test_rows_in_any_order_are_taken_in_alike(engine: Engine, tmp_path: Path) -> None:
    shuffled = {}
    for name, rows in good_sheets().items():
        header, *rest = rows[:400]
        shuffled[name] = written([header, *random.Random(5).sample(rest, len(rest))])
    whole = {name: written(rows) for name, rows in good_sheets().items() if name in {"showrooms", "people"}}
    take(engine, **(shuffled | whole))
