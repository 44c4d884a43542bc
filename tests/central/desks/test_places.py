"""Where a desk stood, from when to when: moving it rewrites no history."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from central.desks.places import DeskPlace, without_holes
from central.desks.registry import BadMoveError, DeskDefaults, desks, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.report import build_report
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event, reaction, visit

LYON = DeskDefaults("Acme", "Lyon", "Europe/Paris")


def moved(session: Session, showroom: str, at_s: float, timezone: str | None = None) -> None:
    enter(session, "desk-1", company="Acme", showroom=showroom, since_wall_s=at_s, timezone=timezone)


def test_a_desk_that_is_moved_stood_where_it_stood(session: Session) -> None:
    enter(session, "desk-1", company="Acme", showroom="Lyon", label="Counter")
    moved(session, "Pudong", 5000.0, "Asia/Shanghai")
    assert [(stay.showroom, stay.from_wall_s, stay.until_wall_s) for stay in stays(session, "desk-1")] == [
        ("Pudong", 5000.0, None),
        ("Lyon", None, 5000.0),
    ]
    for at_s, showroom in ((4999.0, "Lyon"), (5000.0, "Pudong")):
        (then,) = (desk for desk in desks(session, at_s) if desk.device == "desk-1")
        assert then.showroom == showroom


def test_a_desk_cannot_have_moved_before_it_stood_where_it_stands(session: Session) -> None:
    enter(session, "desk-1", company="Acme", showroom="Lyon")
    moved(session, "Pudong", 5000.0)
    with pytest.raises(BadMoveError, match="stands where it is since 1970-01-01 01:23:20 UTC"):
        moved(session, "Tokyo", 4000.0)


def test_a_slip_is_corrected_without_a_move(session: Session) -> None:
    enter(session, "desk-1", company="Acme", showroom="Lyno")
    enter(session, "desk-1", showroom="Lyon", correct=True)
    assert [stay.showroom for stay in stays(session, "desk-1")] == ["Lyon"]


def test_where_nobody_had_said_where_a_desk_stands_saying_so_is_no_move(session: Session) -> None:
    enter(session, "desk-1", timezone="Asia/Tokyo")
    enter(session, "desk-1", company="Acme", showroom="Ginza")
    (stay,) = stays(session, "desk-1")
    assert (stay.showroom, stay.timezone) == ("Ginza", "Asia/Tokyo")


def test_a_visit_is_reported_in_the_showroom_in_which_it_happened(session: Session) -> None:
    moment_s = OFFSET_S + 3600.0
    for number, at_s in enumerate((100.0, 3500.0, 3700.0, 90000.0), 1):
        payload = event(visit(reaction("turned", 1.0), at_s=at_s), number)
        take_in(session, [read("deskside/1/desk-1/event", payload, 0.0)], DeskDefaults())
    enter(session, "desk-1", company="Acme", showroom="Lyon", timezone="Europe/Paris")
    moved(session, "Pudong", moment_s, "Asia/Shanghai")
    report = build_report(session, STANDARD, device="desk-1")
    told = [
        (part.desk.showroom, day.day.date, day.day.timezone, len(day.encounters))
        for part in report.desks
        for day in part.days
    ]
    # The clocks of both: 2026-09-21 14:13 UTC is 16:13 in Lyon and 22:13 in Pudong, an hour before the move.
    assert told == [
        ("Pudong", date(2026, 9, 22), "Asia/Shanghai", 1),
        ("Pudong", date(2026, 9, 21), "Asia/Shanghai", 1),
        ("Lyon", date(2026, 9, 21), "Europe/Paris", 2),
    ]
    (named_day,) = build_report(session, STANDARD, device="desk-1", day=date(2026, 9, 22)).desks
    assert named_day.desk.showroom == "Pudong"


def place(from_s: float | None, until_s: float | None) -> DeskPlace:
    return DeskPlace(1, "Acme", "", "Lyon", "x", "UTC", from_s, until_s)


def test_between_two_places_a_desk_stands_nobody_knows_where() -> None:
    found = without_holes([place(50.0, 60.0), place(10.0, 20.0)])
    assert [(each.showroom, each.from_wall_s, each.until_wall_s) for each in found] == [
        ("", 60.0, None),
        ("Lyon", 50.0, 60.0),
        ("", 20.0, 50.0),
        ("Lyon", 10.0, 20.0),
        ("", None, 10.0),
    ]
