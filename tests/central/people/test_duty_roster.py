"""Each visit and each call stands with whoever had signed in, and with nobody where nobody had."""

import json
import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.people.duty_corrections import BadCorrectionError, correct_duty
from central.reports.page import render_page
from central.reports.report import Report, build_report, report_json
from protocol.measurements import Duty, Measurement
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, call, event, reaction, staffed, visit

OTHER_BOOT = "e" * 32


def keep(engine: Engine, *data: Measurement, boot: str = BOOT, first: int = 1) -> None:
    payloads = [event(item, number, boot=boot) for number, item in enumerate(data, first)]
    with Session(engine) as session, session.begin():
        take_in(session, [read("deskside/1/desk-1/event", each, 0.0) for each in payloads], DeskDefaults())


def sign_in(person: str, at_s: float) -> Duty:
    return Duty(start_s=at_s, end_s=at_s, person=person, ongoing=True)


def seen(at_s: float) -> Measurement:
    return visit(reaction("turned", 1.0), at_s=at_s)


def told(engine: Engine) -> tuple[list[str], list[str]]:
    with Session(engine) as session:
        (part,) = build_report(session, STANDARD).desks
    (day,) = part.days
    return [each.on_duty for each in day.encounters], [each.on_duty for each in day.calls]


def test_a_visit_stands_with_whoever_had_signed_in_before_they_ever_sign_out(engine: Engine) -> None:
    keep(engine, seen(50.0), sign_in("wren", 90.0), seen(100.0), call(2, "answered", at_s=200.0))
    assert told(engine) == (["unknown", "wren"], ["wren"])
    keep(engine, Duty(start_s=90.0, end_s=300.0, person="wren"), seen(400.0), first=5)
    assert told(engine) == (["unknown", "wren", "unknown"], ["wren"])


def test_a_duty_ends_with_what_was_last_measured_before_the_power_failed(engine: Engine) -> None:
    keep(engine, sign_in("wren", 90.0), seen(100.0), staffed(100.0, 500.0))
    keep(engine, seen(1000.0), boot=OTHER_BOOT)
    assert told(engine)[0] == ["wren", "unknown"]


def test_a_correction_changes_who_it_was_and_nothing_that_was_measured(engine: Engine) -> None:
    keep(engine, sign_in("wren", 90.0), seen(100.0), seen(5000.0))
    with Session(engine) as session, session.begin():
        before = session.execute(text("SELECT raw FROM event ORDER BY id")).all()
        correct_duty(
            session,
            "desk-1",
            measurement=f"desk-1/{BOOT}/1",
            person="wren",
            from_wall_s=OFFSET_S + 90.0,
            until_wall_s=OFFSET_S + 3000.0,
            reason="forgot to sign out",
            made_by="m",
        )
        assert session.execute(text("SELECT raw FROM event ORDER BY id")).all() == before
    assert told(engine)[0] == ["wren", "unknown"]
    with pytest.raises(DBAPIError, match="stays as it was made"), engine.begin() as connection:
        connection.execute(text("UPDATE duty_correction SET person = 'lark'"))
    with Session(engine) as session, pytest.raises(BadCorrectionError, match="the reason"):
        correct_duty(
            session,
            "desk-1",
            measurement=None,
            person="wren",
            from_wall_s=1.0,
            until_wall_s=2.0,
            reason=" ",
            made_by="m",
        )


def test_report_and_json_say_who_it_was(engine: Engine) -> None:
    keep(engine, sign_in("wren", 90.0), seen(100.0), call(2, "answered", at_s=200.0))
    with Session(engine) as session:
        report: Report = build_report(session, STANDARD)
    day = json.loads(report_json(report))["desks"][0]["days"][0]
    assert day["visits"][0]["on_duty"] == day["calls"][0]["on_duty"] == "wren"
    page = render_page(report)
    assert "On duty: wren." in page
    assert re.search(r"<td[^>]*>wren</td>", page)


def test_duties_are_listed_and_corrected_from_the_command_line(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    keep(engine, sign_in("wren", 90.0), seen(100.0), seen(5000.0))

    def run(*arguments: str) -> str:
        result = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["duty", *arguments, "--db", url])
        return result.stdout or str(result.exception)

    fix = ["--person", "wren", "--from", "2026-09-21 14:14", "--until", "2026-09-21 14:20"]
    why = ["--reason", "forgot to sign out", "--by", "the manager"]
    assert "is no sign-in at desk-1" in run("correct", "desk-1", *fix, *why, "--duty", f"desk-1/{BOOT}/2")
    assert "what was measured stays" in run("correct", "desk-1", *fix, *why, "--duty", f"desk-1/{BOOT}/1")
    assert told(engine)[0] == ["wren", "unknown"]
    assert "there is no desk named" in run("list", "desk-9")
