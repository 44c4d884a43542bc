"""The values of indicators: equal to what the day's page says, of teams and of people, and words in place of numbers that prove nothing."""

from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.crm.pulled import CasePlace, PulledCase
from central.crm.taking_in import crm_row, take_in_case
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.replies.case_history import CaseMessage
from central.reports.indicator_cells import IndicatorScope, ScopeKind
from central.reports.indicator_values import IndicatorReader, PeriodValue
from central.settings import TicketSystemLink
from central.statistics.indicators import INDICATORS
from central.verdicts.filling import fill
from central.verdicts.rules import standards_in_force
from protocol.measurements import Duty, Measurement
from tests.worlds.desk_facts import (
    OFFSET_S,
    STANDARD,
    call,
    event,
    gap,
    posture,
    reaction,
    smile,
    staffed,
    visit,
)
from tests.worlds.profiles import decide

DAY_S = 86400.0
FIRST, LAST = date(2026, 9, 21), date(2026, 9, 27)


def keep(
    engine: Engine, device: str, *data: Measurement, boot: str = "a" * 32, clock: str = "synced"
) -> None:
    with Session(engine) as session, session.begin():
        raws = [event(each, n, device, boot, OFFSET_S, clock) for n, each in enumerate(data, 1)]  # type: ignore[arg-type]
        take_in(session, [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in raws], DeskDefaults())


@pytest.fixture
def house(engine: Engine) -> Engine:
    """Two desks in one showroom: twelve visits on the 21st, eleven on the 22nd of which six customers left, calls, staffing and a gap."""
    with Session(engine) as session, session.begin():
        for device in ("desk-1", "desk-2"):
            enter(session, device, company="North", showroom="Harbour", timezone="UTC")
        decide(session, "other", "North", "Harbour")
    first = [
        visit(reaction("turned", 2.0, 100.0 * n), at_s=100.0 * n, smile=smile(), posture=posture())
        for n in range(1, 13)
    ]
    second = [visit(reaction("turned", 7.0, DAY_S + 100.0 * n), at_s=DAY_S + 100.0 * n) for n in range(1, 6)]
    left = [visit(at_s=DAY_S + 100.0 * n) for n in range(6, 12)]
    keep(
        engine,
        "desk-1",
        *first,
        *second,
        *left,
        call(2, "answered", at_s=2000.0),
        call(5, "answered", at_s=2100.0),
        call(1, "abandoned", at_s=2200.0),
        staffed(0.0, 3000.0),
        gap(3000.0, 6600.0),
        Duty(start_s=0.0, end_s=DAY_S - 1.0, person="wren"),
        Duty(start_s=DAY_S, end_s=2 * DAY_S, person="lark"),
    )
    return engine


def reader(session: Session, scope: str = "showroom", person: str = "", device: str = "") -> IndicatorReader:
    held = tuple(each for each in stays(session) if device in ("", each.device))
    kind = IndicatorScope(scope, held, person)  # type: ignore[arg-type]
    return IndicatorReader(session, kind, standards_in_force(session, STANDARD), FIRST, LAST)


def days(session: Session, code: str, **of: str) -> dict[date, PeriodValue]:
    return {each.first_day: each for each in reader(session, **of).values(INDICATORS[code], "day")}


def test_a_clause_counts_each_day_and_a_week_is_the_sum_of_its_days(house: Engine) -> None:
    with Session(house) as session:
        found = days(session, "respond.within_s")
        assert (found[FIRST].value, found[FIRST].n) == (1.0, 12)
        second = found[date(2026, 9, 22)]
        assert second.share is not None
        assert second.share.part == 0
        (week,) = reader(session).values(INDICATORS["respond.within_s"], "week")
        assert week.n == sum(each.n for each in found.values())
        assert found[date(2026, 9, 25)].why_not == "no_data"


def test_a_wait_of_which_most_left_has_no_median_and_says_so(house: Engine) -> None:
    with Session(house) as session:
        found = days(session, "wait.median")
    assert (found[FIRST].value, found[FIRST].why_not) == (2.0, None)
    second = found[date(2026, 9, 22)]
    assert (second.value, second.why_not, second.censored) == (None, "all_censored", 6)


def test_both_formulas_of_the_service_level_stand_on_the_same_raw_counts(house: Engine) -> None:
    with Session(house) as session:
        answered, offered = (
            days(session, "phone.of_answered")[FIRST],
            days(session, "phone.of_offered")[FIRST],
        )
    assert answered.share is not None
    assert offered.share is not None
    assert (answered.share.part, answered.share.whole) == (1, 2)
    assert (offered.share.part, offered.share.whole) == (2, 3)
    assert answered.raw == offered.raw
    assert dict(answered.raw)["abandoned_in_time"] == 1
    assert answered.why_not == "few"


def test_staffing_coverage_and_gaps_are_those_of_the_day(house: Engine) -> None:
    with Session(house) as session:
        assert days(session, "presence.share")[FIRST].value == 1.0
        assert days(session, "gaps")[FIRST].value == pytest.approx(1.0)
        assert days(session, "coverage")[FIRST].value == pytest.approx(1 - 3600 / 35200, abs=0.001)


KINDS: tuple[ScopeKind, ...] = ("showroom", "company", "desk")
LINK = TicketSystemLink(
    name="support", kind="roundup", url="http://127.0.0.1:9", company="North", showroom="Harbour"
)


def test_replies_are_counted_on_the_day_on_which_each_was_decided_and_are_no_desks(house: Engine) -> None:
    first_s = OFFSET_S
    with Session(house) as session, session.begin():
        for n in range(12):
            asked_s = first_s + 60.0 * n
            # Ten within two hours; one after thirty; one never, which falls due a day later.
            after_h = None if n == 11 else 30.0 if n == 10 else 2.0
            messages = [CaseMessage(f"{n}-q", asked_s, "in", "requestor")]
            if after_h is not None:
                messages.append(CaseMessage(f"{n}-r", asked_s + after_h * 3600.0, "out", "person"))
            case = PulledCase(str(n), "7", tuple(messages), (), (CasePlace(asked_s, ""),), whole=True)
            take_in_case(session, crm_row(session, "support").id, case)
    with Session(house) as session:
        held = tuple(stays(session))
        rules, now_s = standards_in_force(session, STANDARD), first_s + 7 * DAY_S
        code = INDICATORS["reply.within_h"]
        found = {
            kind: IndicatorReader(session, IndicatorScope(kind, held), rules, FIRST, LAST, (LINK,), now_s)
            for kind in KINDS
        }
        by_day = {each.first_day: each for each in found["showroom"].values(code, "day")}
        first, second = by_day[FIRST], by_day[date(2026, 9, 22)]
        assert (first.value, first.n) == (1.0, 10)
        assert second.share is not None
        assert (second.share.part, second.share.whole, second.why_not) == (0, 2, "few")
        whole = found["company"].value(code, FIRST, LAST).share
        assert whole is not None
        assert (whole.part, whole.whole) == (10, 12)
        assert found["desk"].value(code, FIRST, LAST).why_not == "no_cases"
        assert reader(session).value(code, FIRST, LAST).why_not == "no_source"


def test_one_person_has_what_was_measured_while_they_were_on_duty(house: Engine) -> None:
    with Session(house) as session:
        wren = days(session, "respond.within_s", scope="person", person="wren")
        lark = days(session, "respond.within_s", scope="person", person="lark")
    assert (wren[FIRST].n, wren[date(2026, 9, 22)].n) == (12, 0)
    assert (lark[FIRST].n, lark[date(2026, 9, 22)].n) == (0, 11)


def test_other_names_of_the_same_people_change_no_figure_of_the_team(house: Engine) -> None:
    codes = [code for code in INDICATORS if code != "reply.within_h"]
    with Session(house) as session:
        before = {code: days(session, code) for code in codes}
    with Session(house) as session, session.begin():
        session.execute(text("UPDATE event SET raw = replace(raw, '\"wren\"', '\"robin\"')"))
        session.execute(text("UPDATE event SET raw = replace(raw, '\"lark\"', '\"wren\"')"))
    with Session(house) as session:
        assert {code: days(session, code) for code in codes} == before


def test_kept_verdicts_and_a_second_look_change_nothing(house: Engine) -> None:
    codes = [code for code in INDICATORS if code != "reply.within_h"]
    with Session(house) as session:
        before = {code: days(session, code) for code in codes}
    with Session(house) as session, session.begin():
        while fill(session, STANDARD):
            pass
    with Session(house) as session:
        assert {code: days(session, code) for code in codes} == before


def test_what_comes_late_is_counted_though_the_day_was_read_before(house: Engine) -> None:
    with Session(house) as session:
        before = days(session, "phone.of_offered")[FIRST].n
    keep(house, "desk-2", call(2, "answered", at_s=2500.0), boot="b" * 32)
    with Session(house) as session:
        assert days(session, "phone.of_offered")[FIRST].n == before + 1
        assert days(session, "phone.of_offered", scope="desk", device="desk-2")[FIRST].n == 1


def test_times_of_a_clock_that_had_not_been_set_are_told(house: Engine) -> None:
    keep(house, "desk-2", call(2, "answered", at_s=2500.0), boot="c" * 32, clock="estimated")
    with Session(house) as session:
        assert days(session, "phone.of_offered")[FIRST].estimated == 1


def test_what_a_profile_shows_of_nobody_is_words_and_the_wait_is_a_number_under_each(engine: Engine) -> None:
    """Nobody has decided for the showroom: it works by the strictest profile."""
    with Session(engine) as session, session.begin():
        enter(session, "desk-1", company="North", showroom="Harbour", timezone="UTC")
    met = [visit(reaction("turned", 1.0, 100.0 * n), at_s=100.0 * n, smile=smile()) for n in range(1, 13)]
    keep(engine, "desk-1", *met, Duty(start_s=0.0, end_s=2000.0, person="wren"))
    with Session(engine) as session:
        assert days(session, "smile.teeth")[FIRST].why_not == "profile"
        assert days(session, "respond.within_s")[FIRST].value == 1.0


def test_figures_of_a_team_are_words_while_too_few_were_on_duty_and_never_those_of_one_person(
    engine: Engine,
) -> None:
    with Session(engine) as session, session.begin():
        enter(session, "desk-1", company="North", showroom="Harbour", timezone="UTC")
        decide(session, "eu-agreed", "North", "Harbour")
    sent: list[Measurement] = []
    for day, people in enumerate((["wren"], ["wren", "lark", "robin"])):
        for n in range(12):
            at_s = day * DAY_S + 100.0 * n
            sent.append(visit(reaction("turned", 1.0, at_s), at_s=at_s, smile=smile(), posture=posture()))
        for n, person in enumerate(people):
            start_s = day * DAY_S + 1000.0 * n
            sent.append(Duty(start_s=start_s, end_s=start_s + 900.0, person=person))
    keep(engine, "desk-1", *sent)
    with Session(engine) as session:
        team = reader(session).cells.level("smile.teeth")
        found = days(session, "smile.teeth")
        alone = days(session, "smile.teeth", scope="person", person="wren")
    assert team == "team"
    assert found[FIRST].why_not == "one_host"
    assert found[date(2026, 9, 22)].n == 12
    assert {each.why_not for each in alone.values()} == {"profile"}
