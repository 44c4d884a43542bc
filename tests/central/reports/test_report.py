"""A report: from the store to a page, a table and JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.page import render_page
from central.reports.report import LATEST_DAYS, NothingFoundError, Report, build_report, report_json
from central.reports.terminal import print_report
from protocol.measurements import Duty, Measurement
from protocol.standard import AREAS, CLAUSES, area_of, limits_of
from tests.worlds.desk_facts import (
    ALL_SET,
    STANDARD,
    call,
    event,
    gap,
    gaze,
    posture,
    reaction,
    smile,
    staffed,
    visit,
    with_limits,
)
from tests.worlds.profiles import decide

DAY_S = 86400.0
FIRST_DAY = date(2026, 9, 21)
UNWANTED = re.compile(
    r"emotion|mood|happ|friend|attitude|feeling|joy|angry|sad\b|sentiment|best|worst|rank", re.IGNORECASE
)


@dataclass
class Store:
    session: Session

    def keep(self, *data: Measurement, device: str = "desk-1", first: int = 1) -> None:
        for number, item in enumerate(data, start=first):
            arrived = read(f"deskside/1/{device}/event", event(item, number, device), 0.0)
            take_in(self.session, [arrived], DeskDefaults("Acme & Sons", "<North> Street", "Europe/Berlin"))

    def report(self, standard: object = STANDARD, **chosen: object) -> Report:
        return build_report(self.session, standard, **chosen)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_for_writing(f"sqlite:///{tmp_path}/central.db")
    with Session(engine) as session:
        decide(session, "other", "Acme & Sons", "<North> Street")
        yield Store(session)
    engine.dispose()


def a_day(at_s: float = 0.0) -> list[Measurement]:
    return [
        visit(
            reaction("smiled", 1.0, at_s + 100),
            at_s=at_s + 100,
            smile=smile(),
            gaze=gaze(),
            posture=posture(),
        ),
        visit(reaction("turned", 9.0, at_s + 300), at_s=at_s + 300, party_size=3, host_at_arrival="on_phone"),
        visit(wait_s=3.0, ended="customer_left", at_s=at_s + 500),
        visit(wait_s=3.0, ended="not_observed", host_coverage=0.0, at_s=at_s + 700),
        call(2, "answered", at_s=at_s + 900),
        call(9, "unknown", at_s=at_s + 1000),
        staffed(at_s, at_s + 1800),
        gap(at_s + 400, at_s + 460, reason="<script>the cable</script>"),
    ]


def printed(report: Report) -> str:
    text = StringIO()
    print_report(report, Console(file=text, width=140))
    return text.getvalue()


class Tags(HTMLParser):
    """Collects what a page refers to, and whether its tags close."""

    VOID = frozenset({"meta", "link", "br", "line", "rect", "circle", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.references: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.references += [
            value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_a_day_is_told_desk_by_desk(store: Store) -> None:
    store.keep(*a_day())
    store.keep(*a_day(), device="desk-2")
    report = store.report()
    assert [part.desk.device for part in report.desks] == ["desk-1", "desk-2"]
    (day,) = report.desks[0].days
    assert (day.day.date, len(day.encounters), len(day.calls)) == (FIRST_DAY, 4, 2)


def test_without_a_day_the_latest_are_shown_latest_first(store: Store) -> None:
    for number in range(9):
        store.keep(staffed(number * DAY_S, number * DAY_S + 60), first=number + 1)
    days = [day.day.date.day for day in store.report().desks[0].days]
    assert days == [29, 28, 27, 26, 25, 24, 23]
    assert len(days) == LATEST_DAYS


def test_a_day_and_a_desk_can_be_chosen(store: Store) -> None:
    store.keep(*a_day(), *a_day(DAY_S))
    store.keep(*a_day(), device="desk-2")
    report = store.report(day=date(2026, 9, 22))
    assert [(part.desk.device, len(part.days)) for part in report.desks] == [("desk-1", 1)]
    assert [part.desk.device for part in store.report(device="desk-2").desks] == ["desk-2"]


def test_what_is_not_there_is_said(store: Store) -> None:
    with pytest.raises(NothingFoundError, match="nothing was measured"):
        store.report()
    store.keep(*a_day())
    with pytest.raises(NothingFoundError, match="no desk named 'desk-7'; known: desk-1"):
        store.report(device="desk-7")
    with pytest.raises(NothingFoundError, match="on 2020-01-01"):
        store.report(day=date(2020, 1, 1))


def test_the_same_measurements_and_the_same_standard_give_the_same_report(store: Store) -> None:
    store.keep(*a_day())
    assert report_json(store.report()) == report_json(store.report())
    assert render_page(store.report()) == render_page(store.report())


def test_another_standard_tells_another_day_from_the_same_measurements(store: Store) -> None:
    store.keep(*a_day())
    before = report_json(store.report())
    patient = store.report(with_limits(version=9, respond={"within_s": 60.0}))
    assert patient.desks[0].days[0].standard == "house@9"
    assert report_json(patient) != before
    assert report_json(store.report()) == before


def test_the_json_walks_back_to_every_measurement(store: Store) -> None:
    store.keep(*a_day())
    document = json.loads(report_json(store.report()))
    day = document["desks"][0]["days"][0]
    ids = {visit["measured"]["id"] for visit in day["visits"]} | {
        call["measured"]["id"] for call in day["calls"]
    }
    for tally in day["tallies"]:
        for measurements in tally["measurements"].values():
            assert set(measurements) <= ids
    assert day["visits"][0]["measured"]["data"]["smile"]["teeth"]["value"] == 8.6


def test_measurements_on_their_way_are_counted(store: Store) -> None:
    store.keep(staffed(0, 60), first=1)
    store.keep(staffed(60, 120), first=5)
    report = store.report()
    assert report.desks[0].awaited == 3
    assert "3 measurements are still on the way" in render_page(report)
    assert "3 measurements are still on the way" in printed(report)


@pytest.mark.parametrize("people", [2, 3])
def test_what_a_profile_shows_of_a_team_only_is_shown_of_no_single_visit_at_a_terminal_either(
    store: Store, people: int
) -> None:
    """Whoever works at the machine is held by no role, but a report is handed on."""
    decide(store.session, "eu-agreed", "Acme & Sons", "<North> Street", at_wall_s=1.0)
    duties = [
        Duty(start_s=1000.0 * each, end_s=1000.0 * each + 900.0, person=f"p{each}") for each in range(people)
    ]
    store.keep(*a_day(), *duties)
    told = json.loads(report_json(store.report()))["desks"][0]["days"][0]
    assert told["visits"]
    for each in told["visits"]:
        assert each["measured"]["data"]["smile"] is None
        assert each["on_duty"] == "p0"
        smiles = [verdict for verdict in each["verdicts"] if verdict["clause"].startswith("smile.")]
        assert {verdict["outcome"] for verdict in smiles} <= {"not_applicable"}
    of_team = [each for each in told["tallies"] if each["clause"].startswith("smile.")]
    assert bool(of_team) == (people == 3)


def test_the_page_needs_nothing_from_elsewhere(store: Store) -> None:
    store.keep(*a_day())
    page = render_page(store.report())
    tags = Tags(page)
    assert tags.open == []
    assert not {"script", "img", "link", "iframe", "object"} & set(tags.seen)
    assert tags.references == ["#main"]
    assert "url(" not in page
    assert "@import" not in page


def test_what_desks_and_people_write_cannot_become_part_of_the_page(store: Store) -> None:
    store.keep(*a_day())
    page = render_page(store.report())
    assert "<script>" not in page
    assert "&lt;script&gt;the cable" in page
    assert "Acme &amp; Sons" in page
    assert "&lt;North&gt; Street" in page


def test_the_page_says_what_was_found_in_words(store: Store) -> None:
    store.keep(*a_day())
    page = render_page(store.report())
    for words in (
        "Monday, 21 September 2026",
        "4 visits: 1 attended to in time, 1 not, 2 cannot be told.",
        "left after 3.0 ± 0.3 s",
        "the customer left before the time was up",
        "party of 3",
        "host on the telephone on arrival",
        "not observed",
        "rang 9 times",
        "camera staff",
        "too few for a rate",
    ):
        assert words in page, words


def test_the_table_says_the_same(store: Store) -> None:
    store.keep(*a_day())
    text = printed(store.report())
    assert "4 visits: 1 attended to in time, 1 not, 2 cannot be told." in text
    assert "✕ Attended to in time: 9.00 ± 0.03 s, attended to too late" in text
    assert "Not measured: camera staff" in text


def test_a_single_visit_is_told_in_full(store: Store) -> None:
    store.keep(a_day()[0])
    text = printed(store.report())
    row = next(line for line in text.splitlines() if "Teeth shown" in line and "8.6 ± 0.2 teeth" in line)
    assert "✓" in row


def test_how_long_a_visit_was_and_how_often_the_host_leant_forward_is_on_the_page_and_in_the_table(
    store: Store,
) -> None:
    store.keep(visit(reaction("turned", 1.0), came_near_se_s=0.3, left_se_s=0.4, posture=posture(leans=2)))
    for text in (render_page(store.report()), printed(store.report())):
        assert "Stayed 25.0 ± 0.5 s" in text
        assert "host leant forward twice" in text
        assert "1.0 ± 0.3 s" in text


def test_no_page_or_table_speaks_of_emotion_or_ranks_anybody(store: Store) -> None:
    store.keep(*a_day())
    report = store.report()
    for text in (render_page(report), printed(report), report_json(report).decode()):
        assert UNWANTED.findall(text) == []


def test_a_day_with_nothing_but_health_of_the_desk_is_no_fault(store: Store) -> None:
    store.keep(staffed(0, 60))
    assert "No customer came near the desk." in render_page(store.report())


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_verdict_of_every_clause_is_on_the_page_in_the_table_and_in_the_json(
    store: Store, clause: str
) -> None:
    store.keep(*a_day())
    report = store.report(ALL_SET)
    title, asked = CLAUSES[clause].title, CLAUSES[clause].asked(limits_of(ALL_SET, clause))
    row = rf"<th scope=\"row\">{re.escape(title)}</th>\s*<td class=\"fixed\"[^>]*>{re.escape(asked)}</td>"
    assert re.search(row, render_page(report))
    assert any(title in line and asked in line for line in printed(report).splitlines())
    (day,) = json.loads(report_json(report))["desks"][0]["days"]
    assert clause in {found["clause"] for found in (*day["tallies"], *day["presence"])}


def test_every_area_that_an_encounter_was_judged_in_has_its_mark_on_the_page(store: Store) -> None:
    store.keep(*a_day())
    report = store.report(ALL_SET)
    judged = report.desks[0].days[0].encounters[0].verdicts
    areas = {AREAS[area_of(verdict.clause)] for verdict in judged} - {AREAS["respond"]}
    marks = re.search(r'<span class="marks">(.*?)</summary>', render_page(report), re.DOTALL)
    assert marks
    assert {area for area in areas if f"</b> {area}<" in marks[1]} == areas
