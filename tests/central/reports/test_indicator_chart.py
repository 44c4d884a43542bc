"""Charts of indicators: marks where what is measured or asked became another, a year's reference behind a shorter picture, and what is drawn."""

from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_chart import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    IndicatorChart,
    chart_of,
    draw_indicator,
)
from central.reports.indicator_choices import IndicatorBaseline
from central.reports.indicator_values import IndicatorReader
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.statistics.indicators import INDICATORS
from central.verdicts.rules import standards_in_force
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event, reaction, visit
from tests.worlds.standard_texts import active_standard, house_standard

DAY_S = 86400.0
FIRST = date(2026, 9, 21)
DAYS = 40
FALLS = 30
"""Day from which on half of the customers wait for seven seconds."""


def lived_in(engine: Engine) -> None:
    """Twelve visits a day, at a desk that is there from the start."""
    with Session(engine) as session, session.begin():
        enter(session, "desk-1", company="North", showroom="Harbour", timezone="UTC")
        sent = []
        for day in range(DAYS):
            for n in range(12):
                at_s = day * DAY_S + 60.0 * n
                slow = n % 6 == 0 if day < FALLS else n % 2 == 0
                sent.append(visit(reaction("turned", 7.0 if slow else 2.0, at_s), at_s=at_s))
        raws = [event(each, number, "desk-1") for number, each in enumerate(sent, 1)]
        take_in(session, [read("deskside/1/desk-1/event", raw, OFFSET_S) for raw in raws], DeskDefaults())


def charted(
    engine: Engine, *said: IndicatorBaseline, code: str = "respond.within_s", shown: int = 10
) -> IndicatorChart:
    last = FIRST + timedelta(days=DAYS - 1)
    with Session(engine) as session:
        scope = IndicatorScope("showroom", stays(session))
        reader = IndicatorReader(session, scope, standards_in_force(session, STANDARD), FIRST, last)
        return chart_of(session, reader, INDICATORS[code], "day", last - timedelta(days=shown - 1), said)


def put_into_force(engine: Engine, day: int, body: str) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = (make_account(session, name, 1.0).id for name in ("writer", "approver"))
        active_standard(session, house_standard(4, "house", *body.split("\n")), writer, approver)
        moment_s = OFFSET_S + day * DAY_S
        activate_standard(
            session, "house", 4, known_showroom(session, "Harbour"), moment_s, approver, moment_s
        )


def test_a_fall_is_signalled_against_days_that_are_not_shown(engine: Engine) -> None:
    lived_in(engine)
    chart = charted(engine)
    assert len(chart.points) == 10
    assert chart.now is not None
    assert not chart.now.up
    assert FIRST + timedelta(days=FALLS - 1) <= chart.now.began <= chart.now.signalled
    assert chart.now.signalled <= FIRST + timedelta(days=FALLS + 6)
    assert chart.level is not None
    assert abs(chart.level - 10 / 12) < 0.05
    assert chart.points[-1].in_signal


def test_where_somebody_holds_the_present_level_the_chart_begins_anew_under_their_name(
    engine: Engine,
) -> None:
    lived_in(engine)
    said = IndicatorBaseline(FIRST + timedelta(days=FALLS), "a second counter opened", "Ada")
    chart = charted(engine, said)
    assert chart.now is None
    assert chart.learning is not None
    assert [(mark.kind, mark.what) for mark in chart.marks] == [("baseline", "Ada: a second counter opened")]


def test_a_standard_that_asks_another_number_by_the_clause_is_a_mark_and_one_that_does_not_is_none(
    engine: Engine,
) -> None:
    lived_in(engine)
    put_into_force(engine, FALLS, "[respond]\nwithin_s = 3")
    asked = charted(engine)
    assert [(mark.kind, mark.what) for mark in asked.marks] == [("standard", "house@4")]
    assert asked.now is None
    assert charted(engine, code="coverage").marks == ()


def test_what_is_drawn_lies_within_the_picture_and_upwards_is_more(engine: Engine) -> None:
    lived_in(engine)
    for code in ("respond.within_s", "wait.median"):
        chart = charted(engine, code=code, shown=40)
        picture = draw_indicator(chart, 0.9 if code == "respond.within_s" else 4.0)
        assert len(picture.points) == DAYS
        for each in picture.points:
            assert LEFT <= each.x <= WIDTH - RIGHT
            assert TOP <= each.y <= HEIGHT - BOTTOM
        highest = max(picture.points, key=lambda each: each.point.figure or 0.0)
        assert highest.y == min(each.y for each in picture.points)
        assert picture.level_y is not None
        assert len(picture.limits) == 2
