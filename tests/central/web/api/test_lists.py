"""Lists in parts, marks of what was read, writes that fit what was read, and what of it the audit log holds."""

import json
import sqlite3
from contextlib import closing

import httpx
import pytest
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.accounts.own_person import link_person
from central.accounts.tokens import PERMITS
from central.appraisal.appraisal_steps import Taking, contest, decide_contest, draft_appraisal
from central.showrooms.premises import known_showroom
from central.standards.in_force import StandardsInForce
from tests.worlds.appraised import PERIOD
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, reaction, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import account_of_name
from tests.worlds.profiles import decide
from tests.worlds.standard_texts import house_standard


def _walk(program: httpx.Client, path: str, between: object = None) -> list[str]:
    """The ids of every item, part by part; ``between`` is called after each part."""
    found: list[str] = []
    following: str | None = None
    while True:
        cursor = {} if following is None else {"cursor": following}
        answer = program.get(path, params={"limit": "1", **cursor})
        assert answer.status_code == 200, answer.text
        found += [item["id"] for item in answer.json()["items"]]
        following = answer.json()["next"]
        assert (following is None) == ("link" not in answer.headers)
        if following is None:
            return found
        if callable(between):
            between()


@pytest.fixture(scope="module")
def program(registered: PagesService) -> httpx.Client:
    return registered.program(registered.give_token("area_manager", *PERMITS))


def _audit(service: PagesService) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(service.file)) as db:
        return db.execute("SELECT action, subject, detail FROM audit ORDER BY number").fetchall()


def test_what_arrives_while_a_list_is_read_comes_at_its_end_and_nothing_is_read_twice_or_missed(
    registered: PagesService, program: httpx.Client
) -> None:
    before = _walk(program, "/visits")
    number = iter(range(1, 3))

    def arrive() -> None:
        if (late := next(number, None)) is not None:
            # Measured before all that is there already.
            early = visit(reaction("smiled", 1.0), at_s=-1000.0 * late)
            registered.keep_more("harbour-1", early, number=100 + late)

    seen = _walk(program, "/visits", arrive)
    assert seen[: len(before)] == before
    assert sorted(seen[len(before) :]) == [f"harbour-1/{BOOT}/101", f"harbour-1/{BOOT}/102"]
    assert len(set(seen)) == len(seen)


def test_a_cursor_is_good_for_its_own_list_only(program: httpx.Client) -> None:
    following = program.get("/visits?limit=1&device=harbour-1").json()["next"]
    assert program.get(f"/visits?device=harbour-1&cursor={following}").status_code == 200
    assert program.get(f"/visits?cursor={following}").status_code == 422
    assert program.get(f"/calls?device=harbour-1&cursor={following}").status_code == 422


def test_visits_are_chosen_by_place_and_time(program: httpx.Client) -> None:
    def devices(query: str) -> set[str]:
        return {item["device"] for item in program.get(f"/visits?{query}").json()["items"]}

    assert devices("") == {"harbour-1", "market-1"}
    assert (
        devices("company=North")
        == devices("showroom=Harbour")
        == devices("device=harbour-1")
        == {"harbour-1"}
    )
    assert devices("from=2026-09-21T14:10:00Z&to=2026-09-22T00:00:00Z") == {"harbour-1", "market-1"}
    assert devices("to=2026-09-01T00:00:00Z") == set()
    assert devices("from=2026-09-21T16:15:00%2B02:00&to=2026-09-21T16:15:30%2B02:00") == {
        "harbour-1",
        "market-1",
    }


def test_a_visit_has_who_was_on_duty_where_the_desk_stood_and_every_verdict(program: httpx.Client) -> None:
    told = program.get(f"/visits/harbour-1/{BOOT}/1").json()
    assert (told["on_duty"], told["company"], told["showroom"]) == ("wren", "North", "Harbour")
    assert told["began"] == "2026-09-21T14:15:00Z"
    verdicts = {each["clause"]: each["outcome"] for each in told["verdicts"]}
    assert verdicts["respond.within_s"] == "pass"
    assert told["measurement"]["reactions"][0]["kind"] == "smiled"


def test_what_has_not_changed_is_not_sent_again(program: httpx.Client) -> None:
    for path in ("/desks", f"/visits/harbour-1/{BOOT}/1", "/standards", "/showrooms"):
        first = program.get(path)
        again = program.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        other = program.get(path, headers={"if-none-match": '"other"'})
        assert other.content == first.content


def test_a_draft_is_written_read_and_written_anew_and_nobody_writes_over_what_they_have_not_read(
    registered: PagesService, program: httpx.Client
) -> None:
    made = program.post("/standards", json={"text": house_standard(1, "written-by-program")})
    assert made.status_code == 201, made.text
    place = made.headers["location"].removeprefix("/api/1")
    read = program.get(place)
    assert read.json() == made.json()
    assert (read.json()["state"], read.headers["etag"]) == ("draft", made.headers["etag"])
    other = {"text": house_standard(1, "written-by-program", "[respond]", "within_s = 2")}
    assert program.put(place, json=other).status_code == 428
    assert program.put(place, json=other, headers={"if-match": '"old"'}).status_code == 412
    held = {"if-match": read.headers["etag"]}
    anew = program.put(place, json=other, headers=held)
    assert anew.status_code == 200
    assert anew.json()["sha256"] != read.json()["sha256"]
    assert program.put(place, json=other, headers=held).status_code == 412
    twice = program.post("/standards", json={"text": house_standard(1, "written-by-program")})
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:deskside:problem:standard-step")
    manager = registered.program(registered.give_token("showroom_manager", *PERMITS))
    theirs = manager.put(place, json=other, headers={"if-match": anew.headers["etag"]})
    assert theirs.status_code == 409


def test_a_desk_is_named_otherwise_by_who_has_read_it(registered: PagesService) -> None:
    program = registered.program(registered.give_token("administrator", *PERMITS))
    etag = program.get("/desks/market-1").headers["etag"]
    assert program.patch("/desks/market-1", json={"label": "Counter"}).status_code == 428
    changed = program.patch("/desks/market-1", json={"label": "Counter"}, headers={"if-match": etag})
    assert changed.json()["place"]["label"] == "Counter"
    assert changed.headers["etag"] == program.get("/desks/market-1").headers["etag"]
    late = program.patch("/desks/market-1", json={"label": "Door"}, headers={"if-match": etag})
    assert (late.status_code, late.json()["type"]) == (412, "urn:deskside:problem:changed-since")
    places = program.get("/desks/market-1/places").json()["places"]
    assert [place["label"] for place in places] == ["Counter"]


def test_sheets_are_taken_in_whole_or_not_at_all(registered: PagesService) -> None:
    program = registered.program(registered.give_token("administrator", *PERMITS))
    good = {"name": "people", "text": "pseudonym,company\nfinch,North\n"}
    bad = {"name": "more", "text": "pseudonym,company\nrook,Nowhere\n"}
    refused = program.post("/registry/sheets", json={"sheets": [good, bad]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "more:2:2"
    dry = program.post("/registry/sheets", json={"sheets": [good], "dry_run": True})
    assert dry.json() == {"dry_run": True, "sheets": [{"sheet": "people", "new": 1, "changed": 0, "same": 0}]}
    assert "finch" not in program.get("/people").text
    assert program.post("/registry/sheets", json={"sheets": [good]}).json()["sheets"][0]["new"] == 1
    assert "finch" in program.get("/people").text


def test_a_correction_of_a_duty_stands_beside_what_was_measured(
    registered: PagesService, program: httpx.Client
) -> None:
    asked = {
        "person": "finch",
        "since": "2026-09-21T14:30:00Z",
        "until": "2026-09-21T14:32:00Z",
        "reason": "wren had left",
    }
    made = program.post("/desks/harbour-1/duty/corrections", json=asked)
    assert made.status_code == 201, made.text
    stretch = {"from": "2026-09-21T14:00:00Z", "to": "2026-09-21T15:00:00Z"}
    shifts = program.get("/desks/harbour-1/duty", params=stretch).json()["items"]
    assert [shift["person"] for shift in shifts] == ["wren", "finch", "wren"]
    assert shifts[1]["corrected"] == "wren had left"
    scoped = registered.program(registered.give_token("harbour-area_manager", *PERMITS))
    assert scoped.post("/desks/market-1/duty/corrections", json=asked).status_code == 404


def test_what_is_read_of_people_is_in_the_audit_log_once_a_look_and_without_a_name(
    registered: PagesService,
) -> None:
    program = registered.program(registered.give_token("area_manager", *PERMITS))
    before = len(_audit(registered))
    one = f"/visits/harbour-1/{BOOT}/1"
    for path in (one, one, "/visits", "/visits?limit=1", "/visits?device=market-1", "/people", "/exemptions"):
        assert program.get(path).status_code == 200
    for path in ("/showrooms", "/desks", "/standards"):
        program.get(path)
    noted = _audit(registered)[before:]
    assert [action for action, _, _ in noted] == [
        *("read visit", "read visit", "read visits", "read visits", "read people", "read exemptions"),
    ]
    assert noted[0][1] == f"harbour-1/{BOOT}/1"
    assert noted[0][2].startswith("token ")
    assert noted[3][1].endswith("device market-1")
    assert not [name for name in ("wren", "lark") if name in json.dumps(noted)]


def test_what_is_typed_into_a_filter_stays_out_of_the_audit_log_where_the_registry_does_not_know_it(
    registered: PagesService, program: httpx.Client
) -> None:
    for name in ("company", "showroom", "device"):
        assert program.get(f"/visits?{name}=wren").json()["items"] == []
    assert "wren" not in json.dumps(_audit(registered))


def test_what_the_profile_of_a_showroom_leaves_out_is_given_to_no_program(
    registered: PagesService, program: httpx.Client
) -> None:
    one = f"/visits/market-1/{BOOT}/1"
    before = program.get(one).json()
    assert before["measurement"]["smile"] is not None
    engine = registered.engine()
    with Session(engine) as session, session.begin():
        decide(session, "eu", "South", "Market", at_wall_s=1.0)
    engine.dispose()
    listed = program.get("/visits?device=market-1").json()["items"][0]
    for told in (program.get(one).json(), listed):
        assert told["measurement"]["smile"] is None
        smiles = [each for each in told["verdicts"] if each["clause"].startswith("smile.")]
        assert {each["value"] for each in smiles} <= {None}
        assert not [each for each in smiles if each["outcome"] in {"pass", "fail"}]


def test_a_visit_says_whether_it_is_contested_and_whether_it_is_out_of_every_figure(
    registered: PagesService, program: httpx.Client
) -> None:
    def marks() -> set[tuple[str, bool, bool]]:
        items = program.get("/visits", params={"showroom": "Harbour", "limit": "200"}).json()["items"]
        return {(item["id"].rsplit("/")[-1], item["contested"], item["excluded"]) for item in items}

    before = marks()
    assert ("2", False, False) in before
    assert not {number for number, *marked in before if any(marked)}
    standards = StandardsInForce(STANDARD)
    name = ("harbour-1", BOOT, 2)
    with Session(registered.engine()) as session, session.begin():
        manager, area = (account_of_name(session, each) for each in ("showroom_manager", "area_manager"))
        own = make_account(session, "wren-own", OFFSET_S).id
        link_person(session, own, "wren", area, OFFSET_S)
        place = known_showroom(session, "Harbour")
        draft = draft_appraisal(session, Taking(manager, OFFSET_S, standards), "wren", place, PERIOD)
        claim = contest(session, Taking(own, OFFSET_S, standards), draft, name, "it was a child")
    assert marks() == before - {("2", False, False)} | {("2", True, False)}
    with Session(registered.engine()) as session, session.begin():
        decide_contest(session, Taking(area, OFFSET_S, standards), claim, "excluded", "so it was")
    assert marks() == before - {("2", False, False)} | {("2", False, True)}
    one = program.get(f"/visits/harbour-1/{BOOT}/2").json()
    assert (one["contested"], one["excluded"]) == (False, True)
