"""What the API and the pages read takes as few statements for many desks as for one, judges nothing anew, and is equal to what is judged anew."""

import random
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import select, text

from central.accounts.account_book import give, make_account
from central.accounts.roles import Grant
from central.accounts.tokens import PERMITS, make_token
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.people.exempt_stretches import who_is_exempt
from central.people.exemptions import sign_exemption
from central.records.event_row import EventRow
from central.records.query import measured_of
from central.reports.month import month_of
from central.reports.own_day import OwnDay, own_day
from central.reports.profile_view import shown_visit
from central.scoring.scored import score_call, score_encounter
from central.scoring.verdict import Verdict
from central.settings import CentralSettings, Database
from central.showrooms.premises import known_showroom
from central.showrooms.profiles import STRICTEST, profile_named
from central.statistics.tally import Tally, tally
from central.verdicts.filling import fill
from central.verdicts.rules import standards_in_force
from central.web.api.api_application import build_api
from central.web.api.shapes import verdict_shape
from protocol.measurements import Call, Duty, Encounter, Measurement
from protocol.standards_folder import find_standard
from tests.worlds.desk_facts import OFFSET_S, call, event, gaze, posture, q, reaction, smile, visit
from tests.worlds.pages.in_process import ProgramInside, ScriptedHouse, statements_run
from tests.worlds.profiles import decide

STANDARD = find_standard("eight-teeth")
DAY_S = 86400.0
DAY = date(2026, 9, 24)
PROFILES = {"Harbour": "other", "Market": "eu-agreed", "Quay": "eu"}
"""Of each showroom: one shows all, one shows the smile of a team only, and one has none measured."""


class Company:
    """A service within this process, with as many desks as a test wants, each measuring for four days."""

    def __init__(self, url: str) -> None:
        self.house = ScriptedHouse(CentralSettings(database=Database(url=url)), "http://testserver")
        self.house.now_s = OFFSET_S + 3.5 * DAY_S
        self.random = random.Random(10)
        self.desks = 0
        with self.house.writing() as session:
            for showroom, profile in PROFILES.items():
                if profile != STRICTEST:
                    decide(session, profile, "North", showroom)
            chief = make_account(session, "chief", 1.0)
            give(session, chief.id, Grant("area_manager"))
            _, secret = make_token(session, chief.id, "a", PERMITS, 30, self.house.now_s)
            doctor = make_account(session, "doctor", 1.0)
            sign_exemption(
                session,
                person="wren",
                clause="gaze.on_customer_share",
                reason="an eye is covered",
                signed_by=doctor.id,
                account=None,
                from_wall_s=OFFSET_S + DAY_S,
                now_wall_s=OFFSET_S,
            )
        self.program = ProgramInside(build_api(self.house), {"authorization": f"Bearer {secret}"})

    def add(self, desks: int) -> None:
        """Add desks, of all showrooms by turns; wren and lark are on duty at each by turns."""
        for _ in range(desks):
            self.desks += 1
            device = f"desk-{self.desks}"
            with self.house.writing() as session:
                showroom = [*PROFILES][self.desks % len(PROFILES)]
                enter(session, device, company="North", showroom=showroom, timezone="Europe/Berlin")
                sent = [event(each, number, device) for number, each in enumerate(self._measured(), 1)]
                arrived = [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in sent]
                take_in(session, arrived, DeskDefaults())

    def _measured(self) -> Iterator[Measurement]:
        for day in range(4):
            for half, person in enumerate(("wren", "lark")):
                at_s = day * DAY_S + half * 5000.0
                yield Duty(start_s=at_s, end_s=at_s + 4000.0, person=person)
        for _ in range(12):
            at_s = self.random.randrange(4) * DAY_S + self.random.uniform(0.0, 10_000.0)
            if self.random.random() < 0.25:
                yield call(
                    self.random.randint(1, 6), self.random.choice(["answered", "abandoned"]), at_s=at_s
                )
                continue
            kind = self.random.choice(["turned", "smiled"])
            yield visit(
                reaction(kind, self.random.uniform(0.0, 8.0), at_s),  # type: ignore[arg-type]
                at_s=at_s,
                smile=smile(teeth=q(self.random.uniform(5.0, 10.0), 0.4)),
                gaze=gaze(on_customer_share=q(self.random.uniform(0.3, 1.0), 0.05)),
                posture=posture(forward_lean_deg=q(self.random.uniform(0.0, 25.0), 2.0)),
            )

    def judge(self) -> None:
        """Fill in what is not judged yet."""
        more = 1
        while more:
            with self.house.writing() as session:
                more = fill(session, STANDARD)

    def listed(self, kind: str) -> dict[str, dict[str, Any]]:
        """Each visit or call that the API lists, by its id."""
        answer = self.program.get(f"/api/1/{kind}?limit=200")
        assert answer.status_code == 200, answer.text
        return {item["id"]: item for item in answer.json()["items"]}

    def own_day(self, person: str) -> OwnDay:
        with self.house.reading() as session:
            return own_day(session, person, DAY, standards_in_force(session, STANDARD))

    def judged_anew(self) -> dict[str, tuple[Verdict, ...]]:
        """The verdicts on every visit and call, made of the measurements as the profile shows them."""
        found = {}
        with self.house.reading() as session:
            places = {stay.device: stay for stay in stays(session)}
            for row in session.scalars(select(EventRow)):
                item = measured_of(row)
                exempt = who_is_exempt(session, row.device, item.wall_s, item.wall_s + 1.0)(item.wall_s)
                if isinstance(item.data, Encounter):
                    profile = profile_named(PROFILES[places[row.device].showroom])
                    shown = shown_visit(item, profile)  # type: ignore[arg-type]
                    found[item.id] = score_encounter(shown, STANDARD, exempt).verdicts
                elif isinstance(item.data, Call):
                    found[item.id] = score_call(item, STANDARD, exempt).verdicts  # type: ignore[arg-type]
        return found


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    made = Company(database_url)
    made.add(3)
    yield made
    made.house.close()


def _counts(tallies: Iterable[Tally]) -> dict[tuple[str, str], set[str]]:
    """Of each clause and outcome the measurements that had it."""
    return {
        (each.clause, outcome): set(names) for each in tallies for outcome, names in each.measurements.items()
    }


def test_what_is_read_is_equal_to_what_is_judged_anew_whether_it_is_kept_yet_or_not(company: Company) -> None:
    company.add(3)
    anew = company.judged_anew()
    assert len(anew) == 6 * 12
    for _ in range(2):
        listed = company.listed("visits") | company.listed("calls")
        assert {name: item["verdicts"] for name, item in listed.items()} == {
            name: [verdict_shape(each).model_dump(mode="json") for each in verdicts]
            for name, verdicts in anew.items()
        }
        for person in ("wren", "lark"):
            found = company.own_day(person)
            theirs = [name for name, item in listed.items() if item["on_duty"] == person]
            assert _counts(found.lately) == _counts(tally(chain.from_iterable(anew[name] for name in theirs)))
            assert found.visits
            for each in found.visits:
                assert each.encounter.verdicts == anew[each.encounter.measured.id]
            for called in found.calls:
                assert called.call.verdicts == anew[called.call.measured.id]
            shown = [*found.visits, *found.calls]
            assert 0 < len(shown) < len(theirs)
        company.judge()


def test_a_verdict_that_is_kept_is_what_is_said_and_is_not_made_again(company: Company) -> None:
    """Seen by what no judging says: a reason that was written into what is kept."""
    company.judge()
    with company.house.writing() as session:
        session.execute(
            text("UPDATE verdict SET said = replace(said, 'attended to', 'as it is kept: attended to')")
        )
    listed = company.listed("visits")
    whole = {name: item for name, item in listed.items() if item["showroom"] == "Harbour"}
    told = [
        each["reason"]
        for item in whole.values()
        for each in item["verdicts"]
        if each["clause"] == "respond.within_s" and each["outcome"] in {"pass", "fail"}
    ]
    assert told
    assert all("as it is kept: attended to" in reason for reason in told)
    one = company.program.get(f"/api/1/visits/{next(iter(whole))}").json()
    assert one["verdicts"] == next(iter(whole.values()))["verdicts"]
    reasons = {
        verdict.reason
        for person in ("wren", "lark")
        for each in company.own_day(person).visits
        if each.desk.showroom == "Harbour"
        for verdict in each.encounter.verdicts
        if "attended to" in verdict.reason
    }
    assert reasons
    assert all("as it is kept: attended to" in reason for reason in reasons)


def test_answers_take_as_few_statements_for_many_desks_as_for_few(company: Company) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for path in ("/visits?limit=200", "/calls?limit=200", "/desks", "/desks/desk-1", "/showrooms"):
            company.program.get(f"/api/1{path}")  # What is noted of a look once is noted.
            with statements_run() as run:
                answer = company.program.get(f"/api/1{path}")
            assert answer.status_code == 200, answer.text
            found[path] = len(run)
        with statements_run() as run:
            company.own_day("wren")
        found["my day"] = len(run)
        with company.house.reading() as session, statements_run() as run:
            place = known_showroom(session, "Harbour")
            month_of(
                session, place, stays(session), standards_in_force(session, STANDARD), DAY.replace(day=1)
            )
        found["month"] = len(run)
        return found

    company.judge()
    few = counted()
    company.add(3)
    some_unjudged = counted()
    company.add(6)
    assert len(company.listed("visits")) > 60
    assert counted() == some_unjudged
    company.judge()
    assert counted() == few
