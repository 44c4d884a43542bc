"""What a showroom would take, from what its desks measured: hours, rosters, and why customers were missed."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.staffing_chart import draw_staffing
from central.reports.staffing_need import StaffingNeed, staffing_need
from central.showrooms.premises import showrooms
from central.standards.in_force import StandardsInForce
from protocol.measurements import Duty, Encounter, Measurement
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event, reaction, staffed, visit

STANDARDS = StandardsInForce(STANDARD)
DAYS = date(2026, 9, 21), date(2026, 11, 1)
"""Six weeks from the Monday on which the timeline of these desks begins, at 14:13:20."""
WEEK_S = 7 * 86_400.0
AT_15_S = 2_800.0
MONDAY = 0


def long_visit(at_s: float, number: int, delay_s: float, **changes: object) -> Encounter:
    """A visit that takes a host for 240 s."""
    end_s = at_s + delay_s + 240.0
    facts = {"end_s": end_s, "left_s": end_s, "last_seen_s": end_s, "visit": number} | changes
    return visit(reaction("turned", delay_s, at_s), at_s=at_s, **facts)  # type: ignore[arg-type]


def crowded_mondays(first_week: int = 0, weeks: int = 6) -> list[Measurement]:
    """Each Monday at half past three six customers come at once, to one host, who is signed in."""
    found: list[Measurement] = []
    for week in range(first_week, first_week + weeks):
        at_s = week * WEEK_S + AT_15_S
        found.append(staffed(at_s - 3600.0, at_s + 7200.0))
        found.append(Duty(start_s=at_s, end_s=at_s + 3600.0, person="wren"))
        for number in range(6):
            arrival = "with_customer" if number else "present"
            found.append(
                long_visit(
                    at_s + 1800.0 + number,
                    week * 6 + number + 1,
                    99.0 if number else 1.0,
                    host_at_arrival=arrival,
                )
            )
    return found


def keep(session: Session, measured: list[Measurement], device: str = "harbour-1") -> None:
    enter(session, device, company="North", showroom="Harbour", timezone="UTC")
    sent = [event(each, number, device) for number, each in enumerate(measured, 1)]
    take_in(session, [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in sent], DeskDefaults())


def need_of(session: Session, weekday: int = MONDAY) -> StaffingNeed:
    (place,) = (each for each in showrooms(session) if each.name == "Harbour")
    return staffing_need(session, place, STANDARDS, DAYS, weekday)


@pytest.fixture
def session(engine: object) -> object:
    with Session(engine) as session:  # type: ignore[arg-type]
        yield session


def test_six_customers_at_once_need_six_hosts_where_one_was_and_their_waits_were_staffing(
    session: Session,
) -> None:
    keep(session, crowded_mondays())
    found = need_of(session)
    by_hour = {each.hour: each for each in found.hours}
    fifteen = by_hour[15]
    assert (fifteen.need.hosts, fifteen.need.low, fifteen.need.high) == (6, 6, 6)
    assert (fifteen.need.hours, fifteen.need.customers) == (6, 36)
    assert fifteen.signed_in is not None
    assert (fifteen.signed_in.mean, fifteen.signed_in.fewest, fifteen.signed_in.most) == (1.0, 1.0, 1.0)
    assert fifteen.staffed is not None
    assert fifteen.staffed.mean == pytest.approx(1.0)
    assert by_hour[14].need.why_not == "nobody_came"
    assert found.visits == 36
    assert dict(found.missed.counts)["all_busy"] == 30
    assert found.missed.of_staffing is not None
    assert (found.missed.of_staffing.part, found.missed.of_staffing.whole) == (30, 30)
    assert draw_staffing(found.hours).hours
    assert need_of(session) == found


def test_a_free_host_at_another_desk_makes_it_no_staffing(session: Session) -> None:
    keep(session, crowded_mondays())
    beside: list[Measurement] = [
        staffed(week * WEEK_S + AT_15_S - 3600.0, week * WEEK_S + AT_15_S + 7200.0) for week in range(6)
    ]
    keep(session, beside, "harbour-2")
    found = need_of(session)
    assert dict(found.missed.counts)["another_free"] == 30
    assert found.missed.of_staffing is not None
    assert found.missed.of_staffing.part == 0
    fifteen = next(each for each in found.hours if each.hour == 15)
    assert fifteen.staffed is not None
    assert fifteen.staffed.mean == pytest.approx(2.0)


def test_an_hour_that_one_desk_did_not_measure_is_left_out(session: Session) -> None:
    keep(session, crowded_mondays())
    keep(session, [staffed(AT_15_S - 3600.0, AT_15_S + 7200.0)], "harbour-2")
    found = need_of(session)
    assert found.unmeasured_hours > 5 * 3
    assert [each.need.why_not for each in found.hours if each.hour == 15] == ["few_hours"]


def test_absent_hosts_are_staffing_where_nobody_was_signed_in_and_not_where_somebody_was(
    session: Session,
) -> None:
    missed: list[Measurement] = [
        long_visit(AT_15_S + 300.0 * number, number + 1, 60.0, host_at_arrival="absent")
        for number in range(6)
    ]
    signed_in = Duty(start_s=AT_15_S, end_s=AT_15_S + 600.0 + 1.0, person="wren")
    keep(session, [staffed(AT_15_S - 3600.0, AT_15_S + 7200.0), signed_in, *missed])
    counts = dict(need_of(session).missed.counts)
    assert counts["away"] == 3
    assert counts["nobody_on_duty"] == 3


def test_who_the_hosts_are_changes_no_figure(session: Session) -> None:
    keep(session, crowded_mondays())
    found = need_of(session)
    other = [
        each.model_copy(update={"person": "lark"}) if isinstance(each, Duty) else each
        for each in crowded_mondays()
    ]
    session.rollback()
    keep(session, other)
    assert need_of(session) == found


def test_the_order_in_which_measurements_arrive_changes_nothing(session: Session) -> None:
    keep(session, crowded_mondays())
    found = need_of(session)
    session.rollback()
    keep(session, list(reversed(crowded_mondays())))
    assert need_of(session) == found


def test_visits_by_a_clock_that_jumped_and_showrooms_without_data_give_a_sentence_and_no_number(
    session: Session,
) -> None:
    keep(session, [])
    empty = need_of(session)
    assert (empty.hours, empty.visits, empty.lengths.n) == ((), 0, 0)
    assert not draw_staffing(empty.hours).hours
    jumped = long_visit(AT_15_S, 1, 1.0, last_seen_s=AT_15_S + 5 * 3600.0, left_s=None, ended_by="lost")
    keep(session, [staffed(AT_15_S - 3600.0, AT_15_S + 7200.0), jumped])
    found = need_of(session)
    assert (found.left_out, found.visits) == (1, 0)


def test_visits_of_which_no_end_was_seen_say_so(session: Session) -> None:
    cut = [
        each.model_copy(update={"ended_by": "gap", "left_s": None}) if isinstance(each, Encounter) else each
        for each in crowded_mondays()
    ]
    keep(session, cut)
    assert {each.hour: each.need.why_not for each in need_of(session).hours}[15] == "all_censored"


def test_visits_of_which_no_reaction_was_seen_have_no_length(session: Session) -> None:
    alone = [
        each.model_copy(update={"reactions": (), "wait_ended_by": "customer_left"})
        if isinstance(each, Encounter)
        else each
        for each in crowded_mondays()
    ]
    keep(session, alone)
    assert {each.hour: each.need.why_not for each in need_of(session).hours}[15] == "none_attended"
