"""The profile of a showroom decided by command: one proposes, another signs, and nobody beyond their reach."""

import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.account_book import give, make_account
from central.accounts.roles import EVERYTHING, Grant, Role, Scope
from central.database.engine import open_for_writing
from central.showrooms.premises import entered_showroom
from central.showrooms.profile_decisions import ProfilesInForce, decisions

PLACE = "North / Harbour"


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/central.db"
    engine = open_for_writing(url)
    with Session(engine) as session, session.begin():
        for company, showroom in (("North", "Harbour"), ("South", "Market")):
            entered_showroom(session, company, showroom, "Europe/Berlin")
        accounts: dict[str, tuple[Role, Scope]] = {
            "ada": ("area_manager", Scope("North")),
            "bob": ("works_council", EVERYTHING),
            "eve": ("area_manager", Scope("South")),
            "tom": ("technician", EVERYTHING),
        }
        for name, (role, scope) in accounts.items():
            give(session, make_account(session, name, 1.0).id, Grant(role, scope))
    engine.dispose()
    return url


def run(db: str, *arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, ["profiles", *arguments, "--db", db])
    return result.stdout + str(result.exception or "")


def propose(db: str, by: str, reason: str = "agreed with the council") -> str:
    return run(db, "propose", PLACE, "eu-agreed", "--reason", reason, "--by", by)


def in_force(db: str) -> str:
    engine = open_for_writing(db)
    with Session(engine) as session:
        found = ProfilesInForce(decisions(session)).at(1, time.time()).name
    engine.dispose()
    return found


def test_a_profile_holds_once_a_second_person_has_signed_what_the_first_proposed(db: str) -> None:
    assert "eu" in run(db, "list")
    assert "profiles sign 1" in propose(db, "ada")
    assert "eu-agreed: profiles sign 1" in run(db, "list")
    assert in_force(db) == "eu"
    assert "another person does" in run(db, "sign", "1", "--by", "ada")
    assert in_force(db) == "eu"
    assert f"{PLACE} works by eu-agreed" in run(db, "sign", "1", "--by", "bob")
    assert in_force(db) == "eu-agreed"
    assert "no open proposal 1" in run(db, "sign", "1", "--by", "bob")
    engine = open_for_writing(db)
    with engine.connect() as connection:
        noted = connection.execute(text("SELECT actor, action FROM audit ORDER BY number")).all()
    engine.dispose()
    assert [action for _, action in noted] == ["profile proposed", "profile signed"]
    assert len({actor for actor, _ in noted}) == 2


def test_who_may_not_decide_there_changes_nothing(db: str) -> None:
    assert "no role that decides on profiles" in propose(db, "tom")
    assert "no open account" in propose(db, "nobody")
    assert "there is no showroom 'North / Harbour' that eve may decide on" in propose(db, "eve")
    assert "a decision has a reason" in propose(db, "ada", " ")
    propose(db, "ada")
    assert "no open proposal 1 that eve" in run(db, "sign", "1", "--by", "eve")
    engine = open_for_writing(db)
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET closed_wall_s = 2.0 WHERE name = 'bob'"))
    engine.dispose()
    assert "no open account named 'bob'" in run(db, "sign", "1", "--by", "bob")
    assert in_force(db) == "eu"


def test_what_a_profile_allows_is_told_without_a_database() -> None:
    told = CliRunner().invoke(cli.app, ["profiles", "show", "eu"])
    assert "smile: off" in told.stdout
    assert "names of who was on duty: kept 730 days at most" in told.stdout
    assert "there" in str(CliRunner().invoke(cli.app, ["profiles", "show", "none"]).exception)
