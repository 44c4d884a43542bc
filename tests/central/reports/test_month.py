"""The month of a showroom: every day at every desk, under the standard that was in force, with what the profile lets be shown."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.month import ShowroomMonth, month_of
from central.reports.month_chart import LEFT, RIGHT, WIDTH, draw_month
from central.reports.report import NothingFoundError, build_report
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.verdicts.filling import fill
from central.verdicts.rules import standards_in_force
from protocol.measurements import Measurement
from protocol.standard import Presence, Standard
from protocol.standards_folder import find_standard
from tests.worlds.desk_facts import OFFSET_S, STANDARD, call, event, reaction, staffed, visit, with_limits
from tests.worlds.standard_texts import active_standard, house_standard

DAY_S = 86400.0
SEPTEMBER = date(2026, 9, 1)


def keep(engine: Engine, device: str, *data: Measurement) -> None:
    with Session(engine) as session, session.begin():
        sent = [event(each, number, device) for number, each in enumerate(data, 1)]
        take_in(session, [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in sent], DeskDefaults())


def read_month(engine: Engine, first_day: date = SEPTEMBER, standard: Standard = STANDARD) -> ShowroomMonth:
    with Session(engine) as session:
        showroom = known_showroom(session, "Harbour")
        rules = standards_in_force(session, standard)
        return month_of(session, showroom, stays(session), rules, first_day)


@pytest.fixture
def harbour(engine: Engine) -> Engine:
    """Two desks; attended to after 2 s on the 21st, after 4 s on the 22nd, and not at all by the second desk."""
    with Session(engine) as session, session.begin():
        for device, showroom in (("desk-1", "Harbour"), ("desk-2", "Harbour"), ("desk-3", "Market")):
            enter(session, device, company="North", showroom=showroom, timezone="Europe/Berlin")
    first = [visit(reaction("turned", 2.0, 100.0 * n), at_s=100.0 * n) for n in range(1, 13)]
    second = [visit(reaction("turned", 4.0, DAY_S + 100.0 * n), at_s=DAY_S + 100.0 * n) for n in range(1, 13)]
    keep(engine, "desk-1", *first, *second, call(2, "answered", at_s=5000.0))
    keep(engine, "desk-2", *(visit(at_s=100.0 * n) for n in range(1, 4)))
    keep(engine, "desk-3", visit(reaction("turned", 2.0), at_s=100.0))
    return engine


def judge(engine: Engine) -> None:
    more = 1
    while more:
        with Session(engine) as session, session.begin():
            more = fill(session, STANDARD)


@pytest.mark.parametrize("judged", [False, True])
def test_a_month_counts_each_visit_and_call_once_whether_its_verdict_is_kept_yet_or_not(
    harbour: Engine, *, judged: bool
) -> None:
    if judged:
        judge(harbour)
    month = read_month(harbour)
    by_day = {day.day: figures for day, figures in month.days}
    assert len(by_day) == 30
    assert (by_day[21].visits, by_day[21].calls, by_day[22].visits, by_day[20].visits) == (15, 1, 12, 0)
    assert (month.whole.visits, month.whole.calls) == (27, 1)
    assert [(desk.device, desk.whole.visits) for desk in month.desks] == [("desk-1", 24), ("desk-2", 3)]
    assert month.whole.kept is not None
    assert (month.whole.kept.part, month.whole.kept.whole) == (25, 28)
    assert by_day[20].kept is None


def test_each_day_is_judged_under_what_was_in_force_on_it(harbour: Engine) -> None:
    """From the 22nd on within 3 s, where the default has 5."""
    with Session(harbour) as session, session.begin():
        writer, approver = (make_account(session, name, 1.0).id for name in ("writer", "approver"))
        text = house_standard(4, "strict", "[respond]", "within_s = 3")
        active_standard(session, text, writer, approver)
        moment_s = OFFSET_S + 0.4 * DAY_S
        place = known_showroom(session, "Harbour")
        activate_standard(session, "strict", 4, place, moment_s, approver, moment_s)
    for _ in range(2):
        month = read_month(harbour)
        failed = Counter(
            {day.day: figures.kept.whole - figures.kept.part for day, figures in month.days if figures.kept}
        )
        assert failed == {21: 3, 22: 12}
        assert [(rule.standard.label, rule.state) for rule in month.rules] == [
            ("house@3", "default"),
            ("strict@4", "active"),
        ]
        judge(harbour)


def test_a_clause_whose_figures_are_for_teams_stays_hidden_while_too_few_were_on_duty(
    harbour: Engine,
) -> None:
    month = read_month(harbour)
    assert not [each for each in month.clauses if each.clause.startswith("smile.")]
    assert [clause for clause in month.hidden if clause.startswith("smile.")]


@pytest.mark.parametrize("judged", [False, True])
def test_a_clause_on_staffed_time_counts_each_day_at_a_desk_as_the_report_of_that_day_judges_it(
    engine: Engine, *, judged: bool
) -> None:
    """Over midnight, over a day on which nobody looked, and with a stretch that is longer than a day."""
    with Session(engine) as session, session.begin():
        for device in ("desk-1", "desk-2"):
            enter(session, device, company="North", showroom="Harbour", timezone="Europe/Berlin")
    keep(
        engine,
        "desk-1",
        staffed(0.0, 0.97 * DAY_S),
        staffed(0.97 * DAY_S, DAY_S, staffed=False),
        staffed(DAY_S, 3.5 * DAY_S, coverage=0.999),
        staffed(3.5 * DAY_S, 3.6 * DAY_S, staffed=False),
        staffed(3.6 * DAY_S, 4.4 * DAY_S, coverage=0.5),
    )
    keep(engine, "desk-2", staffed(6 * DAY_S, 6.5 * DAY_S, staffed=False))
    if judged:
        judge(engine)
    standard = find_standard("eight-teeth")
    month = read_month(engine, standard=standard)
    (found,) = [each for each in month.clauses if each.clause == "presence.staffed_share"]
    came_to: Counter[str] = Counter()
    with Session(engine) as session:
        for number in range(1, 31):
            day = date(2026, 9, number)
            try:
                report = build_report(session, standard, day=day)
            except NothingFoundError:
                continue
            came_to.update(verdict.outcome for desk in report.desks for verdict in desk.days[0].presence)
    assert found.of_days
    assert found.met is not None
    assert (found.met.part, found.met.whole - found.met.part, found.open) == (
        came_to["pass"],
        came_to["fail"],
        came_to["indeterminate"],
    )
    assert min(came_to["pass"], came_to["fail"], came_to["indeterminate"]) > 0


def test_a_standard_that_asks_for_no_staffed_time_shows_none(harbour: Engine) -> None:
    with Session(harbour) as session, session.begin():
        enter(session, "desk-4", company="North", showroom="Harbour", timezone="Europe/Berlin")
    keep(harbour, "desk-4", staffed(0.0, DAY_S))
    assert [each.clause for each in read_month(harbour).clauses if each.of_days]
    silent = with_limits(presence=Presence())
    assert not [each for each in read_month(harbour, standard=silent).clauses if each.of_days]


def test_the_picture_has_a_mark_for_each_day_of_which_something_can_be_told(harbour: Engine) -> None:
    chart = draw_month(read_month(harbour).days)
    assert [mark.day.day for mark in chart.marks] == [21, 22]
    for mark in chart.marks:
        assert mark.high_y <= mark.y <= mark.low_y
        assert LEFT < mark.x < WIDTH - RIGHT
    assert [number for _, number in chart.numbers] == [1, 5, 10, 15, 20, 25, 30]
