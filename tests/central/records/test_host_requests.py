"""What hosts asked for at their pages is listed with whoever was on duty, and is part of what is held about them."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.privacy.held_of_person import everything_held
from central.records.host_requests import HostRequest, requests_since
from protocol.measurements import Contest, Duty, HelpWanted, Measurement
from tests.worlds.desk_facts import OFFSET_S, event, reaction, visit

VISIT = visit(reaction("turned", 1.0), at_s=100.0)


def keep(engine: Engine, *data: Measurement, device: str = "desk-1", first: int = 1) -> None:
    payloads = [event(item, number, device) for number, item in enumerate(data, first)]
    with Session(engine) as session, session.begin():
        take_in(session, [read(f"deskside/1/{device}/event", each, 0.0) for each in payloads], DeskDefaults())


@pytest.fixture
def asked(engine: Engine) -> Engine:
    keep(
        engine,
        Duty(start_s=90.0, end_s=90.0, person="wren", ongoing=True),
        VISIT,
        Contest(start_s=150.0, end_s=150.0, about="visit", visit_start_s=100.0),
        HelpWanted(start_s=160.0, end_s=160.0, kind="technical"),
    )
    keep(engine, Contest(start_s=155.0, end_s=155.0, about="day"), device="desk-2")
    return engine


def test_the_latest_comes_first_and_a_visit_is_named_by_when_it_began(asked: Engine) -> None:
    with Session(asked) as session:
        assert requests_since(session, 0.0) == (
            HostRequest("desk-1", OFFSET_S + 160.0, "technical"),
            HostRequest("desk-2", OFFSET_S + 155.0),
            HostRequest("desk-1", OFFSET_S + 150.0, visit_wall_s=OFFSET_S + 100.0),
        )
        assert requests_since(session, OFFSET_S + 156.0, "desk-2") == ()


def test_the_list_says_who_was_on_duty(asked: Engine, tmp_path: Path) -> None:
    url = asked.url.render_as_string(hide_password=False)
    done = CliRunner(env={"COLUMNS": "200"}).invoke(
        cli.app, ["requests", "list", "--db", url, "--days", "3660"]
    )
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.output.splitlines()[1:]]
    assert next(line[-2:] for line in lines if "desk-1" in line) == ["technical", "help"]
    assert ["wren" in line for line in lines] == [True, False, True]
    assert "contests the numbers of the day" in done.output
    none = CliRunner().invoke(cli.app, ["requests", "list", "--db", url, "--desk", "desk-9"])
    assert "nobody asked" in none.output


def test_what_somebody_contested_is_part_of_what_is_held_about_them(asked: Engine) -> None:
    with Session(asked) as session:
        (shift,) = everything_held(session, "wren", None)["shifts"]
    assert [each.get("about") or each.get("kind") for each in shift["measured"]] == [
        None,
        "visit",
        "technical",
    ]


def test_a_contest_names_nobody() -> None:
    assert "wren" not in event(Contest(start_s=150.0, end_s=150.0, about="day"), 3).decode()
    assert set(Contest.model_fields) == {"start_s", "end_s", "about", "visit_start_s"}
