"""A database of the time when company and showroom were text in a desk's entry keeps everything, as rows."""

from pathlib import Path

import alembic.command
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.database.engine import _config, migrate, open_for_migration, open_for_reading
from central.desks.registry import RegisteredDesk, desks, stays

OLD = (
    ("desk-1", "Acme", "North Street", "Reception", "Europe/Berlin"),
    ("desk-2", "Acme", "North Street", "desk-2", "Europe/Berlin"),
    ("desk-3", "Acme", "North Street", "desk-3", "Asia/Shanghai"),
    ("desk-4", "", "", "Nobody's", "Asia/Tokyo"),
    ("desk-5", "Solo", "", "desk-5", "UTC"),
    ("desk-6", "", "Lyon", "desk-6", "Europe/Paris"),
    ("desk-7", "Acme", "North Street (Asia/Shanghai)", "desk-7", "UTC"),
)


def stepped(engine: Engine, revision: str, *, down: bool = False) -> None:
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        (alembic.command.downgrade if down else alembic.command.upgrade)(config, revision)


@pytest.fixture
def old(tmp_path: Path) -> str:
    file = tmp_path / "central.db"
    file.touch()
    engine = open_for_migration(str(file))
    stepped(engine, "0003")
    with engine.begin() as connection:
        for device, company, showroom, label, timezone in OLD:
            connection.execute(
                text(
                    "INSERT INTO desk (device, company, showroom, label, timezone, registered_wall_s, state)"
                    " VALUES (:device, :company, :showroom, :label, :timezone, 1.0, 'ready')"
                ),
                {
                    "device": device,
                    "company": company,
                    "showroom": showroom,
                    "label": label,
                    "timezone": timezone,
                },
            )
        connection.execute(
            text("INSERT INTO boot (device, bootid, settled, first_wall_s) VALUES ('desk-1', 'f', 7, 1.0)")
        )
    engine.dispose()
    return str(file)


def test_what_stood_as_text_becomes_rows_and_every_desk_stands_where_it_stood(old: str) -> None:
    engine = open_for_migration(old)
    migrate(engine)
    engine.dispose()
    engine = open_for_reading(old)
    with Session(engine) as session:
        found = {desk.device: desk for desk in desks(session)}
        assert all(
            (stay.from_wall_s, stay.until_wall_s, stay.state) == (None, None, "ready")
            for stay in stays(session)
        )
        assert session.execute(text("SELECT settled FROM boot")).scalar() == 7
        assert session.execute(text("SELECT DISTINCT jurisdiction FROM showroom")).scalars().all() == ["eu"]
    engine.dispose()

    def told(desk: RegisteredDesk) -> tuple[str, ...]:
        return desk.company, desk.showroom, desk.label, desk.timezone

    assert [told(found[f"desk-{number}"]) for number in range(1, 8)] == [
        ("Acme", "North Street", "Reception", "Europe/Berlin"),
        ("Acme", "North Street", "desk-2", "Europe/Berlin"),
        # Two showrooms went by one name: their clocks tell them apart.
        ("Acme", "North Street (Asia/Shanghai, 2)", "desk-3", "Asia/Shanghai"),
        ("", "", "Nobody's", "Asia/Tokyo"),
        # Where one of both was named, both are called so.
        ("Solo", "Solo", "desk-5", "UTC"),
        ("Lyon", "Lyon", "desk-6", "Europe/Paris"),
        ("Acme", "North Street (Asia/Shanghai)", "desk-7", "UTC"),
    ]
    assert found["desk-1"].showroom_id == found["desk-2"].showroom_id != found["desk-3"].showroom_id


def test_the_way_back_writes_where_each_desk_stands_as_text_again(old: str) -> None:
    engine = open_for_migration(old)
    migrate(engine)
    stepped(engine, "0003", down=True)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT device, company, showroom, label, timezone FROM desk ORDER BY device")
        ).all()
    engine.dispose()
    kept = {row[0]: tuple(row) for row in rows}
    for entry in OLD:
        if entry[0] in {"desk-1", "desk-2", "desk-4", "desk-7"}:
            assert kept[entry[0]] == entry
