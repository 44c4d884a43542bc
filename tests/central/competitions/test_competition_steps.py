"""A competition: its rules are shown before it begins, people enter it themselves, and nobody is shown who did not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.accounts.account_book import give, known_account, make_account, set_password
from central.accounts.own_person import link_person
from central.accounts.roles import Grant
from central.appraisal.appraisal_steps import Taking
from central.competitions.benchmark_book import BenchmarkError, benchmarks, describe_desk, end_benchmark
from central.competitions.competition_outcome import outcome_of, reckoned_again
from central.competitions.competition_rules import BadRulesError, CompetitionRules
from central.competitions.competition_steps import (
    CompetitionStepError,
    announce,
    call_off,
    change_rules,
    close_competition,
    competition,
    draft_competition,
    enter_competition,
    names_in,
    withdraw_entry,
)
from central.competitions.forgetting_competitions import forget_old_entries
from central.privacy.erasing import erase
from central.privacy.held_of_person import everything_held
from central.privacy.naming import left_naming
from central.privacy.person_names import Names
from central.showrooms.premises import Showroom, showrooms
from central.standards.in_force import StandardsInForce
from tests.worlds.appraised import DAY, keep_harbour
from tests.worlds.desk_facts import STANDARD

RESPOND = "respond.within_s"
STANDARDS = StandardsInForce(STANDARD)
BEFORE_S = datetime(2026, 9, 19, tzinfo=UTC).timestamp()
DURING_S = datetime(2026, 9, 21, 15, tzinfo=UTC).timestamp()
AFTER_S = datetime(2026, 9, 23, tzinfo=UTC).timestamp()
HOSTS = ("wren", "dove", "lark", "robin")
"""Who met 12, 18, 15 and 19 of 20 visits."""


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """The showroom in SQLite and in PostgreSQL; each host has an account."""
    with Session(engine) as session:
        live(session)
        yield session


def live(session: Session, profile: str = "other") -> None:
    keep_harbour(session, profile)
    for name in ("manager", *(f"{person}@north" for person in HOSTS)):
        make_account(session, name, 0.0)
    for person in HOSTS:
        own, by = (known_account(session, name).id for name in (f"{person}@north", "manager"))
        link_person(session, own, person, by, 0.0)
    session.flush()


def rules(**changes: object) -> CompetitionRules:
    facts: dict[str, object] = {
        "between": "people",
        "company": "North",
        "showroom": "Harbour",
        "weights": {RESPOND: 1.0},
        "first_day": DAY,
        "last_day": DAY,
        "least_n": 10,
        "ties": "shared",
        "seed": 7,
        "draws": 2000,
    }
    return CompetitionRules.model_validate(facts | changes)


def by(session: Session, name: str = "manager", now_s: float = BEFORE_S) -> Taking:
    return Taking(known_account(session, name).id, now_s, STANDARDS)


def announced(session: Session, **changes: object) -> int:
    held = rules(**changes)
    number = draft_competition(session, by(session), "The quick autumn", held)
    announce(session, by(session), number, held.sha256)
    return number


def closed(session: Session, number: int) -> str:
    close_competition(session, by(session, now_s=AFTER_S), number)
    row = competition(session, number, AFTER_S).row
    assert row.outcome is not None
    return row.outcome


def test_rules_stay_once_they_were_announced_and_cannot_be_announced_once_it_began(session: Session) -> None:
    number = draft_competition(session, by(session), "The quick autumn", rules())
    changed = rules(least_n=15)
    change_rules(session, by(session), number, changed)
    with pytest.raises(CompetitionStepError, match="read them again"):
        announce(session, by(session), number, rules().sha256)
    with pytest.raises(CompetitionStepError, match="before a competition begins"):
        announce(session, by(session, now_s=DURING_S), number, changed.sha256)
    announce(session, by(session), number, changed.sha256)
    found = competition(session, number, BEFORE_S)
    assert (found.state, found.version, found.rules.least_n) == ("announced", 2, 15)
    with pytest.raises(CompetitionStepError, match="announced and stay"):
        change_rules(session, by(session), number, rules())
    session.commit()
    for statement in (
        "UPDATE competition_rules SET rules = '{}'",
        "INSERT INTO competition_rules (competition, version, rules, sha256, made_by, made_wall_s) SELECT competition, 9, rules, sha256, made_by, 0 FROM competition_rules WHERE version = 1",
        "UPDATE competition SET announced_wall_s = 0",
    ):
        with pytest.raises(DBAPIError, match="stay"):
            session.execute(text(statement))
        session.rollback()


def test_the_outcome_ranks_who_entered_and_is_reckoned_again_byte_for_byte(session: Session) -> None:
    number = announced(session)
    for person in HOSTS:
        enter_competition(session, by(session, f"{person}@north"), number)
    with pytest.raises(CompetitionStepError, match="after its last day"):
        close_competition(session, by(session, now_s=DURING_S), number)
    outcome = closed(session, number)
    assert reckoned_again(rules(), outcome) == outcome
    assert not [person for person in HOSTS if person in outcome]
    found = competition(session, number, AFTER_S).outcome
    assert found is not None
    who = {row.person: name for name, row in names_in(session, number).items()}
    came_to = {each.who: each for each in found.entrants}
    assert {person: came_to[who[person]].counts for person in HOSTS} == {
        "wren": ((12, 20),),
        "dove": ((18, 20),),
        "lark": ((15, 20),),
        "robin": ((19, 20),),
    }
    # 19 and 18 of 20 cannot be told apart.
    assert {who["robin"], who["dove"]} <= set(found.winners)
    assert found.figures_shown
    with pytest.raises(DBAPIError, match="stays"):
        session.execute(text("UPDATE competition SET outcome = '{}'"))


def test_nobody_is_in_it_who_did_not_enter_and_whose_figure_would_come_out_has_it_withheld(
    session: Session,
) -> None:
    number = announced(session)
    for person in ("wren", "dove", "lark"):
        enter_competition(session, by(session, f"{person}@north"), number)
    closed(session, number)
    found = competition(session, number, AFTER_S).outcome
    assert found is not None
    assert len(found.entrants) == 3
    # Robin alone did not enter: the showroom's figure less those of the others is robin's.
    assert not found.figures_shown


def test_a_withdrawal_takes_somebody_out_before_the_end_and_after_it(session: Session) -> None:
    number = announced(session)
    for person in HOSTS:
        enter_competition(session, by(session, f"{person}@north"), number)
    withdraw_entry(session, by(session, "wren@north", DURING_S), number)
    with pytest.raises(CompetitionStepError, match="not in this competition"):
        withdraw_entry(session, by(session, "wren@north", DURING_S), number)
    with pytest.raises(CompetitionStepError, match="before it begins"):
        enter_competition(session, by(session, "wren@north", DURING_S), number)
    closed(session, number)
    found = competition(session, number, AFTER_S).outcome
    assert found is not None
    assert len(found.entrants) == 3
    withdraw_entry(session, by(session, "dove@north", AFTER_S), number)
    assert {row.person for row in names_in(session, number).values()} == {"lark", "robin"}


def test_people_cannot_compete_in_what_the_profile_does_not_show_of_one_person(session: Session) -> None:
    session.rollback()
    live(session, "eu")
    number = draft_competition(session, by(session), "Smiles", rules(weights={"smile.teeth": 1.0}))
    with pytest.raises(CompetitionStepError, match=r"shows no figure of one person for smile\.teeth"):
        announce(session, by(session), number, competition(session, number, BEFORE_S).rules.sha256)


def test_too_few_cases_have_no_place_and_desks_of_two_people_no_figure(session: Session) -> None:
    few = announced(session, least_n=30)
    enter_competition(session, by(session, "wren@north"), few)
    closed(session, few)
    found = competition(session, few, AFTER_S).outcome
    assert found is not None
    assert [(each.why_not, each.place) for each in found.entrants] == [("too_few", None)]
    assert found.winners == ()
    desks = announced(session, between="desks")
    outcome = closed(session, desks)
    found = competition(session, desks, AFTER_S).outcome
    assert found is not None
    assert {each.who: (each.why_not, each.counts) for each in found.entrants} == {
        "harbour-1": ("few_people", ()),
        "harbour-2": ("few_people", ()),
    }
    assert reckoned_again(rules(between="desks"), outcome) == outcome
    with pytest.raises(CompetitionStepError, match="nobody enters by themselves"):
        enter_competition(session, by(session, "wren@north"), desks)
    everywhere = announced(session, between="showrooms", showroom="")
    closed(session, everywhere)
    found = competition(session, everywhere, AFTER_S).outcome
    assert found is not None
    assert [each.counts for each in found.entrants] == [((64, 80),)]


def test_the_four_kinds_are_told_from_the_rules() -> None:
    kinds = [
        rules(weights={"kept": 1.0}).kind,
        rules(weights={"kept": 1.0}, between="desks").kind,
        rules().kind,
        rules(weights={RESPOND: 2.0, "phone.rings": 1.0}).kind,
    ]
    assert kinds == ["individuals", "organisations", "element", "combination"]


def test_nobody_wins_where_the_rules_say_so_and_several_are_level() -> None:
    counts = {"a": ((80, 100),), "b": ((80, 100),), "c": ((20, 100),)}
    facts = {"scoring": 1, "standards": (), "figures_shown": True}
    shared = outcome_of(rules(), counts, **facts)  # type: ignore[arg-type]
    nobody = outcome_of(rules(ties="nobody"), dict(reversed(counts.items())), **facts)  # type: ignore[arg-type]
    assert (shared.winners, shared.level) == (("a", "b"), ("a", "b"))
    assert (nobody.winners, nobody.level) == ((), ("a", "b"))
    assert nobody.entrants == shared.entrants


def test_rules_that_cannot_be_say_why(session: Session) -> None:
    for wrong, why in (
        ({"weights": {"no.clause": 1.0}}, "cannot be counted"),
        ({"last_day": date(2026, 9, 1)}, "first day first"),
        ({"between": "showrooms"}, "leave the showroom open"),
    ):
        with pytest.raises(BadRulesError, match=why):
            draft_competition(session, by(session), "Wrong", rules(**wrong))
    with pytest.raises(CompetitionStepError, match="has a title"):
        draft_competition(session, by(session), " ", rules())
    number = announced(session)
    call_off(session, by(session), number)
    with pytest.raises(CompetitionStepError, match="closed already"):
        call_off(session, by(session), number)


def test_who_is_erased_is_in_no_competition_and_what_it_came_to_stays(session: Session) -> None:
    number = announced(session)
    for person in HOSTS:
        enter_competition(session, by(session, f"{person}@north"), number)
    outcome = closed(session, number)
    held = everything_held(session, "wren", known_account(session, "wren@north"))
    (entered,) = held["competitions"]
    give(session, known_account(session, "manager").id, Grant("administrator"))
    set_password(session, known_account(session, "manager").id, "hash")
    assert entered["came_to"]["counts"] == [[12, 20]]
    erase(
        session,
        "wren",
        account=known_account(session, "wren@north"),
        actor="account 1",
        reason="asked for it",
        now_wall_s=AFTER_S,
    )
    assert "competition_entry.person" not in left_naming(session, Names("wren", ()))
    assert len(names_in(session, number)) == 3
    assert competition(session, number, AFTER_S).row.outcome == outcome


def test_entries_are_forgotten_with_who_was_on_duty(session: Session) -> None:
    number = announced(session)
    enter_competition(session, by(session, "wren@north"), number)
    closed(session, number)
    assert forget_old_entries(session, 30, AFTER_S) == 0
    assert forget_old_entries(session, 30, AFTER_S + 40 * 86_400.0) == 1
    assert forget_old_entries(session, 30, AFTER_S + 40 * 86_400.0) == 0
    assert not names_in(session, number)


def test_a_desk_to_imitate_is_described_in_words_and_of_enough_people(session: Session) -> None:
    place: Showroom = next(each for each in showrooms(session) if each.name == "Harbour")
    words = "Whoever is on the telephone looks up and nods to the customer at once."
    asked = (place, "harbour-1", RESPOND, (DAY, DAY))
    with pytest.raises(BenchmarkError, match="cannot be imitated"):
        describe_desk(session, by(session, now_s=AFTER_S), *asked, "smile")
    with pytest.raises(BenchmarkError, match="one or two people"):
        describe_desk(session, by(session, now_s=AFTER_S), *asked, words)
    with pytest.raises(BenchmarkError, match="0 cases are decided"):
        describe_desk(session, by(session), place, "harbour-9", RESPOND, (DAY, DAY), words)
    # Where nobody signs in, a desk's figure is nobody's.
    session.execute(text("DELETE FROM event WHERE type LIKE 'deskside.duty.%'"))
    describe_desk(session, by(session, now_s=AFTER_S), *asked, words)
    (row,) = benchmarks(session)
    assert (row.met, row.whole, row.practice) == (30, 40, words)
    end_benchmark(session, by(session, now_s=AFTER_S), row)
    assert not benchmarks(session)
