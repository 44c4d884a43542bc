"""The registry on SQLite and on a real PostgreSQL: the same sheets in and out, and what overlaps is refused by both."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults, enter, register, stays
from central.registry_files.exporting import sheets
from central.registry_files.importing import take_sheets
from tests.worlds.registry_sheets import good_sheets, written


def test_sheets_are_taken_in_twice_and_written_out_as_they_were(engine: Engine) -> None:
    files = [(f"{name}.csv", written(rows)) for name, rows in good_sheets().items()]
    for _ in range(2):
        with Session(engine) as session, session.begin():
            taken = take_sheets(session, files, dry_run=False)
    assert [(sheet.new, sheet.changed) for sheet in taken] == [(0, 0)] * 6
    with Session(engine) as session:
        again = [(f"{name}.csv", text.encode()) for name, text in sheets(session).items()]
        unchanged = take_sheets(session, again, dry_run=True)
    assert sum(sheet.same for sheet in unchanged) == 5000


OVERLAPPING = (
    "INSERT INTO desk_place (device, label, timezone, from_wall_s) VALUES ('desk-1', 'x', 'UTC', 100.0)",
    "INSERT INTO desk_place (device, label, timezone) VALUES ('desk-1', 'x', 'UTC')",
    "UPDATE desk_place SET until_wall_s = 5001.0 WHERE until_wall_s = 5000.0",
    (
        "INSERT INTO employment (person_id, showroom_id, worked_as, first_day)"
        " SELECT person_id, showroom_id, worked_as, last_day FROM employment"
    ),
    (
        "INSERT INTO showroom_hours (showroom_id, weekday, opens_min, closes_min)"
        " SELECT showroom_id, weekday, closes_min - 1, closes_min FROM showroom_hours"
    ),
    (
        "INSERT INTO showroom_exception (showroom_id, first_day, last_day, title, opens_min, closes_min)"
        " SELECT showroom_id, first_day, last_day, title, 1, 2 FROM showroom_exception"
    ),
)


def test_what_overlaps_is_refused_and_what_touches_is_not(engine: Engine) -> None:
    sheets_of_one = (
        "company,showroom,timezone\nAcme,Lyon,Europe/Paris\n",
        "pseudonym,company\nw,Acme\n",
        "pseudonym,company,showroom,worked_as,from,until\nw,Acme,Lyon,host,2026-01-01,2026-06-30\n",
        "company,showroom,weekday,opens,closes\nAcme,Lyon,mon,9,12\n",
        "company,showroom,from,title\nAcme,Lyon,2026-12-25,Christmas\n",
    )
    with Session(engine) as session, session.begin():
        register(session, {"desk-1": 0.0}, DeskDefaults("Acme", "Lyon", "Europe/Paris"))
        enter(session, "desk-1", showroom="Pudong", since_wall_s=5000.0)
        files = [(f"{number}.csv", sheet.encode()) for number, sheet in enumerate(sheets_of_one)]
        take_sheets(session, files, dry_run=False)
        assert [stay.showroom for stay in stays(session)] == ["Pudong", "Lyon"]
    for statement in OVERLAPPING:
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(statement))
    with Session(engine) as session, session.begin():
        later = sheets_of_one[2].replace("2026-01-01,2026-06-30", "2026-07-01,")
        take_sheets(session, [("later.csv", later.encode())], dry_run=False)
