"""An evaluation is drafted by the program, equal to plain SQL by hand, followed up, signed by a person, and frozen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.accounts.account_book import known_account, make_account
from central.accounts.own_person import link_person
from central.appraisal.appraisal_steps import Taking, contest, decide_contest, draft_appraisal
from central.appraisal.gathering import BadPeriodError, Period
from central.desks.registry import DeskDefaults, enter
from central.evaluation.evaluation_rows import EvaluationRow
from central.evaluation.evaluation_steps import (
    Evaluating,
    EvaluationStepError,
    StaleEvaluationError,
    answer_recommendation,
    draft_evaluation,
    evaluated_anew,
    recommend,
    recommendations_of,
    renew_evaluation,
    sign_evaluation,
    take_back_recommendation,
    to_answer,
    withdraw_evaluation,
)
from central.evaluation.use_figures import figures_in, still_holds, use_of
from central.evaluation.use_gathering import EvaluatedScope
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.privacy.naming import left_naming
from central.privacy.person_names import Names
from central.showrooms.premises import showrooms
from central.standards.in_force import StandardsInForce
from central.verdicts.filling import fill
from protocol.measurements import Contest, Duty, HelpWanted, Measurement
from tests.central.database.test_registry_migration import stepped
from tests.worlds.appraised import DAY, WREN_MET, keep_harbour, visits_of_shift
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, event

NOW_S = 1_790_100_000.0
STANDARDS = StandardsInForce(STANDARD)
RESPOND = "respond.within_s"
BEFORE_MET = 6
"""Of twenty visits of the day before: in the period 64 of 80 are attended to in time."""
BEFORE_BOOT = "0" * 31 + "2"


def keep(session: Session, boot: str, offset_s: float, *data: Measurement, device: str = "harbour-1") -> None:
    sent = [event(each, number, device, boot, offset_s) for number, each in enumerate(data, 700)]
    take_in(session, [read(f"deskside/1/{device}/event", raw, offset_s) for raw in sent], DeskDefaults())
    session.flush()


def live(session: Session) -> None:
    """Harbour with four hosts on one day, and with one of them on the day before; desks of elsewhere that no figure may count."""
    keep_harbour(session)
    day_before = [Duty(start_s=0.0, end_s=1200.0, person="dove"), *visits_of_shift(0.0, BEFORE_MET)]
    keep(session, BEFORE_BOOT, OFFSET_S - 86_400.0, *day_before)
    keep(session, BOOT, OFFSET_S, HelpWanted(start_s=50.0, end_s=50.0, kind="technical"))
    enter(session, "market-1", company="South", showroom="Market", timezone="Europe/Berlin")
    keep(session, BOOT, OFFSET_S, *visits_of_shift(0.0, 20), device="market-1")
    enter(session, "harbour-3", company="North", showroom="Harbour", timezone="Europe/Berlin")
    for name in ("manager", "area", "dove@north"):
        make_account(session, name, 0.0)
    link_person(session, account(session, "dove@north"), "dove", account(session, "area"), 0.0)
    session.flush()


def account(session: Session, name: str) -> int:
    return known_account(session, name).id


def by(session: Session, name: str = "manager", now_s: float = NOW_S) -> Evaluating:
    return Evaluating(account(session, name), now_s, STANDARDS)


def harbour(session: Session) -> EvaluatedScope:
    return EvaluatedScope("North", next(each for each in showrooms(session) if each.name == "Harbour"))


def drafted(session: Session, day: date = DAY, scope: EvaluatedScope | None = None) -> EvaluationRow:
    number = draft_evaluation(session, by(session), scope or harbour(session), day, day)
    return session.get_one(EvaluationRow, number)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        live(session)
        yield session


BY_HAND = {
    "sqlite": {
        "from": "strftime('%s', '2026-09-20 22:00:00')",
        "to": "strftime('%s', '2026-09-21 22:00:00')",
        "hour": "cast(strftime('%H', start_wall_s + 7200, 'unixepoch') as integer)",
        "person": "json_extract(raw, '$.data.person')",
        "delay": "json_extract(raw, '$.data.reactions[0].delay_s')",
        "num": "cast({} as real)",
    },
    "postgresql": {
        "from": "extract(epoch from timestamptz '2026-09-21 00:00:00+02')",
        "to": "extract(epoch from timestamptz '2026-09-22 00:00:00+02')",
        "hour": "extract(hour from to_timestamp(start_wall_s) at time zone 'Europe/Berlin')::integer",
        "person": "raw::json->'data'->>'person'",
        "delay": "(raw::json->'data'->'reactions'->0->>'delay_s')::float",
        "num": "({})::float",
    },
}
"""What the two databases write otherwise. The day is 2026-09-21 in Berlin, which is two hours ahead of UTC."""


def test_the_figures_equal_plain_sql_by_hand(session: Session) -> None:
    row = drafted(session)
    drawn, figures = use_of(row.figures), figures_in(row.figures)
    words = BY_HAND[session.get_bind().dialect.name]
    within = (
        f"start_wall_s >= {words['num'].format(words['from'])} AND start_wall_s < {words['num'].format(words['to'])}"
        " AND device IN ('harbour-1', 'harbour-2', 'harbour-3')"
    )

    written = {"WITHIN": within, "EARLIER": within.replace("start_wall_s", "start_wall_s + 86400")}
    written |= {"HOUR": words["hour"], "PERSON": words["person"], "DELAY": words["delay"]}

    def asked(statement: str) -> list[tuple[Any, ...]]:
        for name, fragment in written.items():
            statement = statement.replace(name, fragment)
        return [tuple(each) for each in session.execute(text(statement))]

    # Scope: each desk by what it measured, and the hours of the day.
    by_type = {
        (device, kind): count
        for device, kind, count in asked(
            "SELECT device, type, count(*) FROM event WHERE WITHIN GROUP BY device, type"
        )
    }
    assert by_type[("harbour-1", "deskside.encounter.v2")] == 40
    kinds = {"visits": "encounter.v2", "calls": "call.v1", "sign_ins": "duty.v1", "gaps": "gap.v1"}
    kinds |= {"attendances": "attendance.v1", "help": "help.v1", "desk_contests": "contest.v1"}
    known = {
        name: next((t for _, t in by_type if t.startswith(f"deskside.{kind[:-1]}")), "")
        for name, kind in kinds.items()
    }
    for desk in drawn.desks:
        assert desk.counts == {name: by_type.get((desk.device, known[name]), 0) for name in desk.counts}
    assert [(desk.device, desk.days_there, desk.days_measured) for desk in drawn.desks] == [
        ("harbour-1", 1, 1),
        ("harbour-2", 1, 1),
        ("harbour-3", 1, 0),
    ]
    hours: dict[int, int] = dict(
        asked(
            "SELECT HOUR, count(*) FROM event WHERE WITHIN AND (type LIKE 'deskside.encounter.%' OR type LIKE 'deskside.call.%') GROUP BY 1"
        )
    )
    assert {hour: count for hour, count in enumerate(drawn.hours) if count} == hours
    assert figures["scope"]["visits"] == sum(desk.counts["visits"] for desk in drawn.desks) == 80
    # Effect: who was attended to within five seconds, in the period and on the day before.
    ((met, whole),) = asked(
        "SELECT sum(CASE WHEN DELAY <= 5 THEN 1 ELSE 0 END), count(*) FROM event WHERE WITHIN AND type LIKE 'deskside.encounter.%'"
    )
    ((met_before, whole_before),) = asked(
        "SELECT sum(CASE WHEN DELAY <= 5 THEN 1 ELSE 0 END), count(*) FROM event WHERE EARLIER AND type LIKE 'deskside.encounter.%'"
    )
    respond = next(each for each in drawn.indicators if each.code == RESPOND)
    assert (respond.after.met, respond.after.whole) == (met, whole) == (64, 80)
    assert (respond.before.met, respond.before.whole) == (met_before, whole_before) == (BEFORE_MET, 20)
    ((median_s,),) = asked(
        "SELECT DELAY FROM event WHERE WITHIN AND type LIKE 'deskside.encounter.%' ORDER BY 1 LIMIT 1 OFFSET 39"
    )
    wait = next(each for each in drawn.indicators if each.code == "wait.median")
    assert (wait.after.value, wait.after.n) == (median_s, whole)
    # What else changed: who was on duty.
    ((people, on_duty_s),) = asked(
        "SELECT count(DISTINCT PERSON), sum(duration_s) FROM event WHERE WITHIN AND type LIKE 'deskside.duty.%'"
    )
    assert (drawn.staffing.people, drawn.staffing.on_duty_h) == (
        people,
        round(float(str(on_duty_s)) / 3600, 3),
    )
    assert drawn.staffing_before.people == 1
    # Depth: how often each clause was decided, from the verdicts that are kept.
    while fill(session, STANDARD):
        pass
    renew_evaluation(session, by(session), row.id)
    clauses = {each.clause: each for each in use_of(row.figures).clauses}
    ((decided,),) = asked(
        "SELECT count(*) FROM verdict WHERE WITHIN AND substr(outcomes, 2, 1) IN ('p', 'f')"
    )
    assert clauses[RESPOND].decided == decided == 80


def test_before_and_after_stand_with_intervals_and_a_finding_where_chance_does_not_explain_it(
    session: Session,
) -> None:
    row = drafted(session)
    effects = {each["code"]: each for each in figures_in(row.figures)["effect"]["indicators"]}
    assert effects[RESPOND]["finding"] == "better"
    assert effects[RESPOND]["difference"]["low"] > 0.2
    assert effects["presence.share"]["finding"] == "no_value"
    assert effects["phone.rings"]["finding"] == "too_few"
    proposals = figures_in(row.figures)["proposals"]
    assert {"kind": "idle_desk", "what": "harbour-3"} in proposals
    assert {"kind": "unused", "what": "promises_published"} in proposals
    assert list(use_of(row.figures).not_held) == [
        "service_cases",
        "problems",
        "lessons",
        "training",
        "supervision",
    ]


def test_it_comes_to_the_same_bytes_from_kept_verdicts_and_from_none_and_names_nobody(
    session: Session,
) -> None:
    row = drafted(session)
    while fill(session, STANDARD):
        pass
    assert evaluated_anew(session, row, STANDARDS) == row.figures
    assert still_holds(row.figures, row.sha256)
    for person in ("wren", "dove", "lark", "robin"):
        assert person not in row.figures


def test_a_company_is_evaluated_as_a_whole_and_no_other_with_it(session: Session) -> None:
    whole = drafted(session, scope=EvaluatedScope("North", None))
    assert [each.device for each in use_of(whole.figures).desks] == ["harbour-1", "harbour-2", "harbour-3"]
    south = drafted(session, scope=EvaluatedScope("South", None))
    assert figures_in(south.figures)["scope"]["visits"] == 20


def test_each_earlier_recommendation_is_answered_before_the_next_is_signed(session: Session) -> None:
    first = drafted(session, date(2026, 9, 20))
    done = recommend(
        session, by(session), first.id, "a second telephone", "the area manager", date(2026, 10, 1)
    )
    other = recommend(session, by(session), first.id, "a lower counter", "the joiner", date(2026, 9, 21))
    with pytest.raises(EvaluationStepError, match="due after the period"):
        recommend(session, by(session), first.id, "at once", "somebody", date(2026, 9, 20))
    with pytest.raises(EvaluationStepError, match="name them"):
        recommend(session, by(session), first.id, "at once", " ", date(2026, 9, 30))
    sign_evaluation(session, by(session), first.id, "a beginning", first.sha256)
    second = drafted(session)
    assert [each.id for each in to_answer(session, second)] == [other, done]
    with pytest.raises(EvaluationStepError, match="not answered"):
        sign_evaluation(session, by(session), second.id, "better", second.sha256)
    answer_recommendation(session, by(session), second.id, done, "done", "it rings since Monday")
    with pytest.raises(EvaluationStepError, match="says something"):
        answer_recommendation(session, by(session), second.id, other, "not_done", " ")
    answer_recommendation(session, by(session), second.id, other, "not_done", "no money this quarter")
    sign_evaluation(session, by(session), second.id, "better", second.sha256)
    told = {
        each.id: (each.outcome, each.why, each.answered_in) for each in recommendations_of(session, first.id)
    }
    assert told == {
        done: ("done", "it rings since Monday", second.id),
        other: ("not_done", "no money this quarter", second.id),
    }
    # What is answered is not asked again.
    with pytest.raises(EvaluationStepError, match="nothing was measured"):
        drafted(session, date(2026, 9, 22))


def test_a_draft_that_is_withdrawn_answers_nothing(session: Session) -> None:
    first = drafted(session, date(2026, 9, 20))
    asked = recommend(session, by(session), first.id, "a second telephone", "the area", date(2026, 10, 1))
    sign_evaluation(session, by(session), first.id, "a beginning", first.sha256)
    second = drafted(session)
    answer_recommendation(session, by(session), second.id, asked, "done", "it rings")
    withdraw_evaluation(session, by(session), second.id)
    assert recommendations_of(session, first.id)[0].outcome is None
    third = drafted(session)
    assert (third.version, [each.id for each in to_answer(session, third)]) == (2, [asked])


def test_whoever_is_evaluated_alone_does_not_sign(session: Session) -> None:
    alone = drafted(session, date(2026, 9, 20))
    with pytest.raises(EvaluationStepError, match="one person's work"):
        sign_evaluation(session, by(session, "dove@north"), alone.id, "well done", alone.sha256)
    sign_evaluation(session, by(session), alone.id, "well done", alone.sha256)
    # Of four people one may sign.
    team = drafted(session)
    sign_evaluation(session, by(session, "dove@north"), team.id, "well done", team.sha256)


def test_what_was_signed_is_frozen_and_what_changed_since_makes_a_draft_stale(session: Session) -> None:
    row = drafted(session)
    seen = row.sha256
    appraisal = draft_appraisal(
        session,
        Taking(account(session, "manager"), NOW_S + 1e7, STANDARDS),
        "dove",
        harbour(session).showroom,  # type: ignore[arg-type]
        Period(DAY, DAY, "Europe/Berlin"),
    )
    taking = Taking(account(session, "dove@north"), NOW_S + 1e7, STANDARDS)
    claim = contest(session, taking, appraisal, ("harbour-1", BOOT, WREN_MET + 30), "the guard")
    decide_contest(
        session, Taking(account(session, "area"), NOW_S + 1e7, STANDARDS), claim, "excluded", "the guard"
    )
    with pytest.raises(StaleEvaluationError):
        sign_evaluation(session, by(session), row.id, "better", seen)
    renew_evaluation(session, by(session), row.id)
    assert figures_in(row.figures)["scope"]["visits"] == 79
    assert use_of(row.figures).staffing.excluded == 1
    recommend(session, by(session), row.id, "a second telephone", "the area", date(2026, 10, 1))
    back = recommend(session, by(session), row.id, "another", "the area", date(2026, 10, 1))
    take_back_recommendation(session, by(session), back)
    sign_evaluation(session, by(session), row.id, "better", row.sha256)
    session.commit()
    for change in (
        "UPDATE evaluation SET figures = '{}'",
        "UPDATE evaluation SET conclusion = 'others'",
        "DELETE FROM evaluation",
        "UPDATE recommendation SET text = 'none'",
        "DELETE FROM recommendation",
    ):
        with pytest.raises(DBAPIError, match="stays"):
            session.execute(text(change))
        session.rollback()
    with pytest.raises(EvaluationStepError, match="no such draft"):
        recommend(session, by(session), row.id, "later", "the area", date(2026, 10, 1))
    following = drafted(session)
    assert (following.id != row.id, following.version) == (True, 2)


def test_an_answer_that_was_signed_stays(session: Session) -> None:
    first = drafted(session, date(2026, 9, 20))
    asked = recommend(session, by(session), first.id, "a second telephone", "the area", date(2026, 10, 1))
    sign_evaluation(session, by(session), first.id, "a beginning", first.sha256)
    second = drafted(session)
    answer_recommendation(session, by(session), second.id, asked, "done", "it rings")
    sign_evaluation(session, by(session), second.id, "better", second.sha256)
    session.commit()
    with pytest.raises(DBAPIError, match="stays"):
        session.execute(text("UPDATE recommendation SET outcome = 'not_done'"))


def test_a_period_without_data_and_none_at_all_are_told_in_words(session: Session) -> None:
    with pytest.raises(EvaluationStepError, match=r"nothing was measured at North · Harbour from 2026-01-01"):
        draft_evaluation(session, by(session), harbour(session), date(2026, 1, 1), date(2026, 3, 31))
    with pytest.raises(BadPeriodError):
        draft_evaluation(session, by(session), harbour(session), DAY, date(2026, 9, 1))


def test_names_in_what_people_wrote_are_found_and_forgotten(session: Session) -> None:
    row = drafted(session)
    recommend(session, by(session), row.id, "let Wren rest", "wren", date(2026, 10, 1))
    sign_evaluation(session, by(session), row.id, "thanks to wren", row.sha256)
    told = left_naming(session, Names("wren"))
    columns = ("evaluation.conclusion", "recommendation.text", "recommendation.owner")
    assert [told.get(each) for each in columns] == [1, 1, 1]
    # The database lets a name go from what was signed, and nothing else.
    session.execute(text("UPDATE evaluation SET conclusion = 'thanks to erased-1'"))
    session.execute(text("UPDATE recommendation SET text = 'let erased-1 rest', owner = 'erased-1'"))
    session.expire_all()
    assert still_holds(row.figures, row.sha256)


def test_a_touch_at_a_desk_counts_as_such(session: Session) -> None:
    before = drafted(session)
    contests = {each.device: each.counts["desk_contests"] for each in use_of(before.figures).desks}
    assert contests == {"harbour-1": 0, "harbour-2": 0, "harbour-3": 0}
    keep(session, "0" * 31 + "9", OFFSET_S, Contest(start_s=60.0, end_s=60.0, about="day"))
    after = use_of(drafted(session).figures)
    assert {each.device: each.counts["desk_contests"] for each in after.desks}["harbour-1"] == 1
    assert {each.device: each.counts["help"] for each in after.desks}["harbour-1"] == 1


def test_the_migration_goes_back_and_forth(engine: Engine) -> None:
    stepped(engine, "0041", down=True)
    stepped(engine, "head")
    with Session(engine) as session:
        live(session)
        row = drafted(session)
        sign_evaluation(session, by(session), row.id, "better", row.sha256)
        session.commit()
        with pytest.raises(DBAPIError, match="stays"):
            session.execute(text("DELETE FROM evaluation"))
