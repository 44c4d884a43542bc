"""The figures of an evaluation: one text for the same counts, a met visit more lowers nothing, and what has no number says why."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from central.accounts.account_book import known_account, make_account
from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults, enter
from central.evaluation.evaluated_use import (
    EVENT_KINDS,
    FUNCTION_KINDS,
    NOT_HELD,
    ClauseUse,
    DutyNumbers,
    EvaluatedUse,
    IndicatorBoth,
    IndicatorSide,
    OtherChange,
    UsedDesk,
)
from central.evaluation.evaluation_rows import EvaluationRow
from central.evaluation.evaluation_steps import Evaluating, draft_evaluation
from central.evaluation.use_figures import effect_of, evaluation_text, figures_in, still_holds, use_of
from central.evaluation.use_gathering import EvaluatedScope
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.showrooms.premises import showrooms
from central.standards.in_force import StandardsInForce
from central.statistics.share import share_of
from protocol.measurements import Duty, Measurement
from tests.worlds.appraised import DAY, visits_of_shift
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event, visit
from tests.worlds.profiles import decide


def side(met: int, whole: int) -> IndicatorSide:
    share = share_of(met, whole)
    if share is None:
        return IndicatorSide(n=0, value=None, why_not="no_data")
    few = whole < 10
    return IndicatorSide(
        n=whole,
        value=None if few else share.share,
        why_not="few" if few else None,
        met=met,
        whole=whole,
        low=share.low,
        high=share.high,
    )


def both(before: IndicatorSide, after: IndicatorSide, **changes: Any) -> IndicatorBoth:
    facts: dict[str, Any] = {"code": "kept", "unit": "share", "better": "up", "least_n": 10}
    return IndicatorBoth(**facts | {"before": before, "after": after, "asked_otherwise": False} | changes)


def use(**changes: Any) -> EvaluatedUse:
    desks = tuple(
        UsedDesk(
            device=f"desk-{number}",
            showroom="Harbour",
            days_there=10,
            days_measured=measured,
            counts=dict.fromkeys(EVENT_KINDS, measured),
        )
        for number, measured in enumerate((0, 4, 9))
    )
    facts: dict[str, Any] = {
        "company": "North",
        "showroom": "Harbour",
        "timezone": "UTC",
        "first_day": "2026-07-01",
        "last_day": "2026-09-30",
        "before_first_day": "2026-03-31",
        "as_of_wall_s": 1.0,
        "scoring": 1,
        "least_n": 10,
        "desks": desks,
        "hours": (0,) * 24,
        "functions": dict.fromkeys(FUNCTION_KINDS, 1),
        "rules": (),
        "clauses": (
            ClauseUse(clause="smile.teeth", decided=0, undecided=9, not_applicable=0, shown=True),
            ClauseUse(clause="smile.hold_s", decided=2, undecided=7, not_applicable=0, shown=True),
            ClauseUse(clause="smile.lift_cm", decided=0, undecided=0, not_applicable=0, shown=False),
        ),
        "not_held": NOT_HELD,
        "indicators": (both(side(18, 20), side(8, 20)),),
        "changes": tuple(OtherChange(day="2026-07-0" + each, kind="desk", what="desk-1") for each in "123"),
        "staffing_before": DutyNumbers(people=3, on_duty_h=1.0, visits=1, excluded=0),
        "staffing": DutyNumbers(people=3, on_duty_h=1.0, visits=1, excluded=0),
        "without_time": 0,
    }
    return EvaluatedUse(**facts | changes)


def test_what_is_proposed_is_what_got_worse_was_hardly_decided_or_hardly_used() -> None:
    functions = dict.fromkeys(FUNCTION_KINDS, 1) | {"promises_published": 0}
    found = figures_in(evaluation_text(use(functions=functions)))["proposals"]
    assert [(each["kind"], each["what"]) for each in found] == [
        ("worse", "kept"),
        ("never_decided", "smile.teeth"),
        ("seldom_decided", "smile.hold_s"),
        ("idle_desk", "desk-0"),
        ("few_days", "desk-1"),
        ("unused", "promises_published"),
    ]


@given(st.randoms())
def test_the_order_of_arrival_changes_no_byte_and_the_text_comes_to_itself(chance: random.Random) -> None:
    first = use()
    mixed = {name: list(getattr(first, name)) for name in ("desks", "changes")}
    for each in mixed.values():
        chance.shuffle(each)
    text = evaluation_text(first.model_copy(update={name: tuple(each) for name, each in mixed.items()}))
    assert text == evaluation_text(first)
    assert evaluation_text(use_of(text)) == text
    assert not still_holds(text.replace("desk-1", "desk-7"), "0" * 64)


COUNTS = st.integers(1, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(COUNTS, COUNTS)
def test_a_met_visit_more_never_lowers_an_effect(before: tuple[int, int], after: tuple[int, int]) -> None:
    more = (after[0] + 1, after[1] + 1)
    first, second = (effect_of(both(side(*before), side(*each))) for each in (after, more))
    if first["difference"] is not None and second["difference"] is not None:
        assert second["difference"]["value"] >= first["difference"]["value"] - 1e-12
    if first["finding"] == "better":
        assert second["finding"] == "better"
    if second["finding"] == "worse":
        assert first["finding"] in {"worse", "too_few"}


@pytest.mark.parametrize(
    ("before", "after", "changes", "finding"),
    [
        (side(10, 20), side(19, 20), {}, "better"),
        (side(10, 20), side(19, 20), {"better": "down"}, "worse"),
        (side(10, 20), side(12, 20), {}, "not_told"),
        (side(1, 2), side(19, 20), {}, "too_few"),
        (side(0, 0), side(19, 20), {}, "no_value"),
        (side(10, 20), side(19, 20), {"asked_otherwise": True}, "asked_otherwise"),
        (
            IndicatorSide(n=9, value=0.5, why_not=None),
            IndicatorSide(n=9, value=0.9, why_not=None),
            {},
            "no_interval",
        ),
        (
            IndicatorSide(n=40, value=None, why_not="all_censored", censored=30),
            IndicatorSide(n=40, value=3.0, why_not=None, low=2.0, high=4.0),
            {"code": "wait.median", "unit": "s", "better": "down"},
            "no_value",
        ),
        (
            IndicatorSide(n=40, value=9.0, why_not=None, low=7.0, high=12.0),
            IndicatorSide(n=40, value=3.0, why_not=None, low=2.0, high=4.0),
            {"code": "wait.median", "unit": "s", "better": "down"},
            "better",
        ),
    ],
)
def test_a_finding_is_made_only_where_chance_does_not_explain_it(
    before: IndicatorSide, after: IndicatorSide, changes: dict[str, Any], finding: str
) -> None:
    assert effect_of(both(before, after, **changes))["finding"] == finding


def drafted(
    folder: Path, *measured: Measurement, profile: str = "other", clock: Any = "synced"
) -> EvaluatedUse:
    """The evaluation of a showroom with one desk that measured this."""
    with Session(open_for_writing(f"sqlite:///{folder}/central.db")) as session:
        decide(session, profile, "North", "Harbour")
        enter(session, "harbour-1", company="North", showroom="Harbour", timezone="Europe/Berlin")
        sent = [event(each, number, "harbour-1", clock=clock) for number, each in enumerate(measured, 1)]
        take_in(session, [read("deskside/1/harbour-1/event", raw, OFFSET_S) for raw in sent], DeskDefaults())
        make_account(session, "manager", 0.0)
        by = Evaluating(known_account(session, "manager").id, OFFSET_S + 9e4, StandardsInForce(STANDARD))
        (place,) = [each for each in showrooms(session) if each.name == "Harbour"]
        number = draft_evaluation(session, by, EvaluatedScope("North", place), DAY, DAY)
        return use_of(session.get_one(EvaluationRow, number).figures)


def shifts(*people: str) -> list[Measurement]:
    found: list[Measurement] = []
    for place, person in enumerate(people):
        found.append(Duty(start_s=place * 1200.0, end_s=(place + 1) * 1200.0, person=person))
        found += visits_of_shift(place * 1200.0, 15)
    return found


def test_other_names_of_the_same_people_change_no_byte(tmp_path: Path) -> None:
    texts = []
    for name, people in (("one", ("wren", "dove", "lark")), ("two", ("robin", "teal", "finch"))):
        (tmp_path / name).mkdir()
        texts.append(evaluation_text(drafted(tmp_path / name, *shifts(*people))))
    assert texts[0] == texts[1]


def test_where_one_host_makes_a_team_its_figures_are_not_shown_and_it_is_said(tmp_path: Path) -> None:
    found = drafted(tmp_path, *shifts("wren"), profile="eu-agreed")
    smiles = [each for each in found.indicators if each.code.startswith("smile.")]
    assert {each.after.why_not for each in smiles} <= {"one_host", "profile"}
    assert not [each for each in found.clauses if each.clause.startswith("smile.") and each.shown]


def test_waits_that_all_ended_unseen_have_no_median_and_it_is_said(tmp_path: Path) -> None:
    found = drafted(tmp_path, *(visit(at_s=100.0 + 60.0 * number) for number in range(20)))
    wait = next(each for each in found.indicators if each.code == "wait.median")
    assert (wait.after.value, wait.after.why_not, wait.after.censored) == (None, "all_censored", 20)
    assert effect_of(wait)["finding"] == "no_value"


def test_what_was_measured_before_a_clock_was_set_is_at_no_hour(tmp_path: Path) -> None:
    found = drafted(tmp_path, *shifts("wren"), clock="estimated")
    assert found.without_time == 21
    assert sum(found.hours) == 0
    assert [(each.days_measured, each.counts["visits"]) for each in found.desks] == [(0, 20)]
