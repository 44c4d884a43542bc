"""Whose a standard is, as the database holds to it: on SQLite and on a real PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from central import cli
from central.accounts.account_book import give, make_account
from central.accounts.roles import Grant, Scope
from central.database.engine import open_for_writing
from central.desks.registry import enter
from central.standards.standard_companies import company_for_draft
from central.standards.standard_versions import StandardStepError, standard_versions, write_standard
from tests.worlds.standard_texts import active_standard, house_standard, two_people

FORBIDDEN = (
    "UPDATE standard_version SET company_id = NULL WHERE name = 'north'",
    "UPDATE standard_version SET company_id = (SELECT id FROM company WHERE name = 'South') WHERE name = 'north'",
    (
        "INSERT INTO standard_version (name, version, text, sha256, state, author, written_wall_s)"
        " SELECT name, 7, text, sha256, 'draft', author, 1.0 FROM standard_version WHERE name = 'north'"
    ),
    (
        "INSERT INTO standard_activation (version_id, showroom_id, from_wall_s, ordered_by, ordered_wall_s)"
        " SELECT standard_version.id, showroom.id, 9.0, author, 9.0 FROM standard_version, showroom"
        " WHERE standard_version.name = 'north' AND showroom.name = 'Market'"
    ),
)


def two_companies(session: Session) -> None:
    enter(session, "desk-1", company="North", showroom="Harbour")
    enter(session, "desk-2", company="South", showroom="Market")


def test_the_database_itself_keeps_a_standard_with_its_company(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        two_companies(session)
        write_standard(session, house_standard(1, "north"), writer, 1.0, company="North")
        session.execute(
            text("UPDATE standard_version SET state = 'pilot', approved_by = :by, approved_wall_s = 2.0"),
            {"by": approver},
        )
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    with Session(engine) as session:
        assert [each.company for each in standard_versions(session)] == ["North"]


def test_somebody_of_two_companies_says_for_which_and_somebody_of_none_writes_nothing(engine: Engine) -> None:
    north, south = (Grant("showroom_manager", Scope(company)) for company in ("North", "South"))
    with Session(engine) as session, session.begin():
        two_companies(session)
        with pytest.raises(StandardStepError, match=r"name the company .* North, South"):
            company_for_draft(session, (north, south), "house", "")
        assert company_for_draft(session, (north, south), "house", "South") == "South"
        assert company_for_draft(session, (north,), "house", "") == "North"
        assert company_for_draft(session, (Grant("area_manager"),), "house", "") is None
        with pytest.raises(StandardStepError, match="no company named 'East'"):
            write_standard(
                session, house_standard(), make_account(session, "writer", 0.0).id, 1.0, company="East"
            )
        with pytest.raises(StandardStepError, match="your roles reach: none"):
            company_for_draft(session, (Grant("host"),), "house", "")


@pytest.fixture
def db(tmp_path: Path) -> str:
    engine = open_for_writing(f"{tmp_path}/central.db")
    with Session(engine) as session, session.begin():
        two_companies(session)
        for name, grant in (
            ("writer", Grant("showroom_manager", Scope("North"))),
            ("north", Grant("area_manager", Scope("North"))),
            ("south", Grant("area_manager", Scope("South"))),
            ("all", Grant("area_manager")),
        ):
            give(session, make_account(session, name, 0.0).id, grant)
        active_standard(session, house_standard(1, "common"), *two_people_more(session))
    engine.dispose()
    return f"{tmp_path}/central.db"


def two_people_more(session: Session) -> tuple[int, int]:
    return make_account(session, "first", 0.0).id, make_account(session, "second", 0.0).id


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, list(arguments))


def test_the_command_line_lets_nobody_step_beyond_their_company_either(db: str, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(house_standard(1, "own"))
    beyond = run("standards", "write", str(file), "--by", "writer", "--company", "South", "--db", db)
    assert "no standard for South" in str(beyond.exception)
    assert run("standards", "write", str(file), "--by", "writer", "--db", db).exit_code == 0
    refused = run("standards", "approve", "own@1", "--by", "south", "--db", db)
    assert "the roles of south do not reach North, which own@1 is for" in str(refused.exception)
    refused = run("standards", "retire", "common@1", "--by", "north", "--db", db)
    assert "do not reach every company" in str(refused.exception)
    assert run("standards", "approve", "own@1", "--by", "north", "--db", db).exit_code == 0
    shown = run("standards", "versions", "--db", db).stdout
    assert "North" in shown
    assert "every company" in shown
