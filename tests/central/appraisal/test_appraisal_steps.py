"""An appraisal is drafted by the program, contested, decided by a second person, signed by a third, and frozen."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.accounts.account_book import give, known_account, make_account, set_password
from central.accounts.own_person import link_person
from central.accounts.roles import Grant
from central.appraisal.appraisal_rows import AppraisalRow
from central.appraisal.appraisal_steps import (
    AppraisalStepError,
    StaleDraftError,
    Taking,
    contest,
    decide_contest,
    draft_appraisal,
    drawn_anew,
    process_counts,
    renew_draft,
    say,
    sign_appraisal,
    versions_of,
    withdraw_appraisal,
)
from central.appraisal.forgetting_appraisals import forget_old_appraisals
from central.appraisal.gathering import BadPeriodError, Period
from central.appraisal.reading_back import behind, drawn_of, figures_of, holds
from central.database.engine import open_for_writing
from central.desks.registry import stays
from central.people.duty_corrections import correct_duty
from central.privacy.erasing import erase
from central.privacy.held_of_person import everything_held
from central.privacy.naming import left_naming
from central.privacy.person_names import Names
from central.records.exclusions import exclusion_of
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_values import IndicatorReader
from central.reports.month import month_of
from central.reports.own_day import own_day
from central.showrooms.premises import Showroom, showrooms
from central.standards.in_force import StandardsInForce
from central.statistics.indicators import INDICATORS
from central.verdicts.filling import fill
from tests.worlds.appraised import (
    DAY,
    PERIOD,
    WREN_MET,
    WREN_MISSED,
    keep_harbour,
    visit_number,
)
from tests.worlds.desk_facts import BOOT, STANDARD

RESPOND = "respond.within_s"
STANDARDS = StandardsInForce(STANDARD)
MISSED = WREN_MET
"""The first of wren's visits that took too long."""
NAME = ("harbour-1", BOOT, MISSED + 2)


def live(session: Session, profile: str = "other") -> None:
    """The showroom, and the accounts of a manager, of an area manager and of wren."""
    keep_harbour(session, profile)
    for name in ("manager", "area", "wren@north"):
        make_account(session, name, 0.0)
    link_person(session, account(session, "wren@north"), "wren", account(session, "area"), 0.0)
    session.flush()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A SQLite file in which the showroom stands; each test leaves it as it was."""
    engine = open_for_writing(f"sqlite:///{tmp_path_factory.mktemp('appraisals')}/central.db")
    with Session(engine) as session, session.begin():
        live(session)
    yield engine
    engine.dispose()


@pytest.fixture
def session(shared: Engine) -> Iterator[Session]:
    with Session(shared) as session:
        yield session
        session.rollback()


@pytest.fixture
def of_each_kind(engine: Engine) -> Iterator[Session]:
    """The same in SQLite, and in PostgreSQL."""
    with Session(engine) as session:
        live(session)
        yield session


def account(session: Session, name: str) -> int:
    return known_account(session, name).id


def by(session: Session, name: str, now_s: float = 1_790_100_000.0) -> Taking:
    return Taking(account(session, name), now_s, STANDARDS)


def harbour(session: Session) -> Showroom:
    return next(each for each in showrooms(session) if each.name == "Harbour")


def drafted(session: Session, who: str = "manager", person: str = "wren") -> AppraisalRow:
    number = draft_appraisal(session, by(session, who), person, harbour(session), PERIOD)
    return session.get_one(AppraisalRow, number)


def test_a_draft_holds_the_visits_of_one_person_and_each_figure_walks_back_to_them(session: Session) -> None:
    row = drafted(session)
    found = figures_of(row.figures)
    respond = found["clauses"][RESPOND]
    assert (found["visits"], found["calls"]) == (WREN_MET + WREN_MISSED, 1)
    assert (respond["met"], respond["not_met"]) == (WREN_MET, WREN_MISSED)
    assert respond["others"] == {"met": 18 + 15 + 19, "n": 60}
    assert respond["shrunken"]["prior"] == "empirical_bayes"
    assert respond["share"]["value"] < respond["shrunken"]["value"] < 52 / 60
    assert found["circumstances"]["party"]["held"] == 5
    assert found["circumstances"]["on_phone"]["held"] == 4
    assert found["circumstances"]["alone"] == {
        "held": 0,
        "known": 21,
        "not_known": 0,
        "held_beside": 0,
        "known_beside": 63,
    }
    assert found["on_duty_s"] == 1200.0
    assert found["unmeasured"] == [{"seconds": 60.0, "what": "camera staff"}]
    # The phone clause has one call: counts, and no rate.
    assert found["clauses"]["phone.rings"]["share"] is None
    drawn = drawn_of(row.figures)
    assert [each.measurement for each in behind(drawn, clause=RESPOND, outcome="met")] == [
        visit_number(number) for number in range(WREN_MET)
    ]
    assert len(behind(drawn, clause=RESPOND, outcome="decided")) == respond["n"]
    assert len(behind(drawn, circumstance="party")) == 5
    assert len(behind(drawn, circumstance="not-party")) == 15
    assert "lark" not in row.figures


def test_it_comes_to_the_same_bytes_from_kept_verdicts_and_from_none(session: Session) -> None:
    row = drafted(session)
    while fill(session, STANDARD):
        pass
    assert drawn_anew(session, row, STANDARDS) == row.figures
    assert holds(row.figures, row.sha256)


@pytest.mark.parametrize("profile", ["eu", "eu-agreed"])
def test_an_appraisal_where_smiles_of_one_person_are_not_shown_holds_no_smile_clause(
    tmp_path: Path, profile: str
) -> None:
    with Session(open_for_writing(f"sqlite:///{tmp_path}/central.db")) as session:
        live(session, profile)
        row = drafted(session)
        assert "smile" not in row.figures
        assert RESPOND in row.figures


def test_the_whole_way_ends_in_a_frozen_version_beside_the_one_before(of_each_kind: Session) -> None:
    session = of_each_kind
    row = drafted(session)
    say(session, by(session, "wren@north"), row.id, "the first of the afternoon was not a customer")
    claim = contest(session, by(session, "wren@north"), row.id, NAME, "a colleague, not a customer")
    manager, area = by(session, "manager"), by(session, "area")
    with pytest.raises(AppraisalStepError, match="decided before anybody signs"):
        sign_appraisal(session, manager, row.id, "a fair month", row.sha256)
    with pytest.raises(AppraisalStepError, match="their own contest"):
        decide_contest(session, by(session, "wren@north"), claim, "excluded", "so it was")
    seen = row.sha256
    assert decide_contest(session, area, claim, "excluded", "the guard, as the visit shows") == row.id
    with pytest.raises(StaleDraftError):
        sign_appraisal(session, manager, row.id, "a fair month", seen)
    with pytest.raises(AppraisalStepError, match="decided a contest does not sign"):
        sign_appraisal(session, area, row.id, "a fair month", row.sha256)
    with pytest.raises(AppraisalStepError, match="with reasons"):
        sign_appraisal(session, manager, row.id, "  ", row.sha256)
    with pytest.raises(AppraisalStepError, match="their own appraisal"):
        sign_appraisal(session, by(session, "wren@north"), row.id, "mine", row.sha256)
    sign_appraisal(session, manager, row.id, "a fair month", row.sha256)
    found = figures_of(row.figures)
    assert found["clauses"][RESPOND]["not_met"] == WREN_MISSED - 1
    assert found["excluded"] == 1
    assert drawn_anew(session, row, STANDARDS) == row.figures
    # A later correction makes the next version, and leaves this one as it was signed.
    frozen = row.figures
    second = contest(session, by(session, "wren@north"), row.id, (*NAME[:2], NAME[2] + 1), "neither")
    with pytest.raises(AppraisalStepError, match="signed the appraisal does not decide"):
        decide_contest(session, manager, second, "excluded", "right")
    following = decide_contest(session, area, second, "excluded", "right")
    session.expire_all()
    assert following != row.id
    assert [each.version for each in versions_of(session, row)] == [2, 1]
    assert row.figures == frozen
    assert holds(row.figures, row.sha256)
    assert drawn_anew(session, row, STANDARDS) != row.figures
    assert process_counts(session) == {
        "drafts": 1,
        "signed": 1,
        "corrected": 1,
        "withdrawn": 0,
        "contests": 2,
        "open": 0,
        "excluded": 2,
        "kept": 0,
    }


def test_an_exclusion_counts_in_every_figure_and_the_measurement_stays(session: Session) -> None:
    row = drafted(session)
    month = date(2026, 9, 1)

    def counted() -> tuple[int, ...]:
        there = month_of(session, harbour(session), stays(session), STANDARDS, month)
        own = own_day(session, "wren", DAY, STANDARDS)
        clause = next(each for each in there.clauses if each.clause == RESPOND)
        assert clause.met is not None
        scope = IndicatorScope("showroom", stays(session), "")
        reader = IndicatorReader(session, scope, STANDARDS, DAY, DAY)
        values = [reader.values(INDICATORS[code], "day")[0].n for code in (RESPOND, "wait.median")]
        return there.whole.visits, clause.met.whole, len(own.visits), *values

    for _ in range(2):
        before = counted()
        claim = contest(session, by(session, "wren@north"), row.id, (*NAME[:2], NAME[2] + _), "no customer")
        decide_contest(session, by(session, "area"), claim, "excluded", "so it was")
        assert counted() == tuple(each - 1 for each in before)
        # The second time round the verdicts are kept ones.
        while fill(session, STANDARD):
            pass
        assert counted() == tuple(each - 1 for each in before)
    assert session.scalar(text("SELECT count(*) FROM event WHERE device = 'harbour-1'")) == 46
    assert exclusion_of(session, *NAME) is not None


def test_a_contest_that_is_kept_changes_nothing(session: Session) -> None:
    row = drafted(session)
    seen = row.sha256
    claim = contest(session, by(session, "wren@north"), row.id, NAME, "no customer")
    decide_contest(session, by(session, "area"), claim, "kept", "the visit shows a customer")
    assert row.sha256 == seen
    sign_appraisal(session, by(session, "manager"), row.id, "a fair month", seen)
    for again in ("excluded", "kept"):
        with pytest.raises(AppraisalStepError):
            decide_contest(session, by(session, "area"), claim, again, "after all")


def test_the_database_itself_keeps_what_was_signed_and_decided(of_each_kind: Session) -> None:
    session = of_each_kind
    row = drafted(session)
    claim = contest(session, by(session, "wren@north"), row.id, NAME, "no customer")
    decide_contest(session, by(session, "area"), claim, "excluded", "so it was")
    say(session, by(session, "manager"), row.id, "seen")
    sign_appraisal(session, by(session, "manager"), row.id, "a fair month", row.sha256)
    session.commit()
    for change in (
        "UPDATE appraisal SET figures = '{}'",
        "UPDATE appraisal SET reasons = 'others'",
        "UPDATE appraisal SET signed_by = subject_account",
        "UPDATE exclusion SET reason = 'another'",
        "DELETE FROM exclusion",
        "UPDATE contest_claim SET outcome = 'kept'",
        "UPDATE appraisal_remark SET said = 'unseen'",
    ):
        with pytest.raises(DBAPIError):
            session.execute(text(change))
        session.rollback()


def test_nobody_appraises_themselves_by_any_account(session: Session) -> None:
    make_account(session, "WREN", 0.0)
    for own in ("wren@north", "WREN"):
        with pytest.raises(AppraisalStepError, match="their own"):
            drafted(session, own)
    row = drafted(session)
    for own in ("wren@north", "WREN"):
        with pytest.raises(AppraisalStepError, match="their own"):
            sign_appraisal(session, by(session, own), row.id, "mine", row.sha256)
        with pytest.raises(AppraisalStepError, match="their own"):
            withdraw_appraisal(session, by(session, own), row.id)
    with pytest.raises(AppraisalStepError, match="nobody else"):
        contest(session, by(session, "manager"), row.id, NAME, "not right")
    with pytest.raises(AppraisalStepError, match="not in the appraisal"):
        contest(session, by(session, "wren@north"), row.id, ("harbour-2", BOOT, 3), "not mine")


def test_a_corrected_duty_makes_a_draft_stale_and_drawing_it_anew_mends_it(session: Session) -> None:
    row = drafted(session)
    first = drawn_of(row.figures).work[0].wall_s
    correct_duty(
        session,
        "harbour-1",
        measurement=None,
        person="dove",
        from_wall_s=first - 1,
        until_wall_s=first + 1,
        reason="dove stood in",
        made_by="the manager",
    )
    with pytest.raises(StaleDraftError):
        sign_appraisal(session, by(session, "manager"), row.id, "a fair month", row.sha256)
    renew_draft(session, by(session, "manager"), row.id)
    sign_appraisal(session, by(session, "manager"), row.id, "a fair month", row.sha256)
    assert figures_of(row.figures)["visits"] == WREN_MET + WREN_MISSED - 1


def test_a_period_without_data_gives_a_sentence_and_no_draft(session: Session) -> None:
    manager = by(session, "manager")
    empty = Period(date(2026, 1, 1), date(2026, 1, 31), "Europe/Berlin")
    with pytest.raises(AppraisalStepError, match="nothing was measured at Harbour"):
        draft_appraisal(session, manager, "wren", harbour(session), empty)
    with pytest.raises(AppraisalStepError, match="about somebody"):
        draft_appraisal(session, manager, "unknown", harbour(session), PERIOD)
    with pytest.raises(BadPeriodError):
        draft_appraisal(session, manager, "wren", harbour(session), Period(DAY, date(2026, 9, 1), "UTC"))
    assert session.scalars(select(AppraisalRow)).all() == []


def test_the_trend_is_against_as_many_days_just_before(session: Session) -> None:
    day = Period(date(2026, 9, 22), date(2026, 9, 22), "Europe/Berlin")
    with pytest.raises(AppraisalStepError, match="nothing was measured"):
        draft_appraisal(session, by(session, "manager"), "wren", harbour(session), day)
    assert day.before == PERIOD


def test_an_appraisal_is_kept_no_longer_than_who_was_on_duty(session: Session) -> None:
    row = drafted(session)
    claim = contest(session, by(session, "wren@north"), row.id, NAME, "no customer")
    decide_contest(session, by(session, "area"), claim, "excluded", "so it was")
    sign_appraisal(session, by(session, "manager"), row.id, "a fair month", row.sha256)
    over_s, day_s = PERIOD.to_s, 86400.0
    assert forget_old_appraisals(session, None, over_s + 9000 * day_s) == 0
    assert forget_old_appraisals(session, 100, over_s + 100 * day_s) == 0
    assert forget_old_appraisals(session, 100, over_s + 102 * day_s) == 1
    assert process_counts(session)["contests"] == 0
    assert exclusion_of(session, *NAME) is not None


def test_who_is_erased_leaves_no_appraisal_and_the_team_keeps_its_figures(of_each_kind: Session) -> None:
    session = of_each_kind
    row = drafted(session)
    claim = contest(session, by(session, "wren@north"), row.id, NAME, "wren saw the guard")
    decide_contest(session, by(session, "area"), claim, "excluded", "as wren says, a guard")
    sign_appraisal(session, by(session, "manager"), row.id, "wren had a fair month", row.sha256)
    other = drafted(session, person="dove")
    say(session, by(session, "manager"), other.id, "as good as Wren")
    held = everything_held(session, "wren", known_account(session, "wren@north"))["appraisals"]
    assert [each["reasons"] for each in held] == ["wren had a fair month"]
    assert held[0]["contests"][0]["reason"] == "as wren says, a guard"
    assert "by_stratum" not in json.dumps(held)
    give(session, account(session, "area"), Grant("administrator"))
    set_password(session, account(session, "area"), "a hash")
    before = month_of(session, harbour(session), stays(session), STANDARDS, date(2026, 9, 1))
    erase(
        session,
        "wren",
        account=known_account(session, "wren@north"),
        actor="x",
        reason="asked",
        now_wall_s=2.0,
    )
    after = month_of(session, harbour(session), stays(session), STANDARDS, date(2026, 9, 1))
    assert (after.whole, after.clauses) == (before.whole, before.clauses)
    assert left_naming(session, Names("wren")) == {}
    assert session.scalars(select(AppraisalRow.person)).all() == ["dove"]
    assert exclusion_of(session, *NAME) is not None
