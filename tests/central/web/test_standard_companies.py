"""Whose a standard is: nobody writes, reads, approves or retires one of a company that no role of theirs reaches."""

import re
import sqlite3
from contextlib import closing

import pytest

from central.accounts.roles import Grant, Scope
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import OF_SOUTH, hash_on, send, write
from tests.worlds.standard_texts import house_standard

STEPS = ("approve", "make-active", "retire")
OF_ALL, OF_NORTH = "of-all", "of-north"


@pytest.fixture(scope="module")
def companies(service: PagesService) -> PagesService:
    """Somebody who approves for all of each company; and a draft for every company, one of North's and one of South's."""
    for company in ("North", "South"):
        service.give_account(f"{company.lower()}-boss", Grant("area_manager", Scope(company)))
    assert write(service.browser("showroom_manager"), house_standard(1, OF_ALL))[0] == 303
    assert write(service.browser("harbour-showroom_manager"), house_standard(1, OF_NORTH))[0] == 303
    return service


def states(service: PagesService) -> dict[str, tuple[str, str | None]]:
    """State and company of each version."""
    with closing(sqlite3.connect(service.file)) as db:
        asked = (
            "SELECT standard_version.name || '@' || version, state, company.name FROM standard_version"
            " LEFT JOIN company ON company.id = standard_version.company_id"
        )
        return {label: (state, company) for label, state, company in db.execute(asked)}


@pytest.mark.parametrize("who", ["north-boss", "harbour-area_manager"])
@pytest.mark.parametrize(("name", "refused"), [(OF_ALL, 403), (OF_SOUTH, 404)])
def test_what_is_of_others_is_taken_no_step_with(
    companies: PagesService, who: str, name: str, refused: int
) -> None:
    before, boss = states(companies), companies.browser(who)
    for step in STEPS:
        answer = boss.send(f"/standards/{name}/1/{step}", at="/standards")
        assert answer.status_code == refused, step
    for step in ("put-into-force", "withdraw/1", "no-such-step"):
        answer = boss.send(f"/standards/{OF_SOUTH}/1/{step}", at="/standards", showroom="1")
        assert answer.status_code == 404, step
    assert states(companies) == before
    if refused == 403:
        page = boss.get(f"/standards/{name}/1").text
        assert not any(f"/standards/{name}/1/{step}" in page for step in STEPS)


def test_each_approves_what_is_of_their_own_company_and_whoever_reaches_all_approves_what_is_for_all(
    companies: PagesService,
) -> None:
    assert states(companies)[f"{OF_NORTH}@1"] == ("draft", "North")
    assert states(companies)[f"{OF_ALL}@1"] == ("draft", None)
    for who, name in (("north-boss", OF_NORTH), ("south-boss", OF_SOUTH), ("area_manager", OF_ALL)):
        boss, path = companies.browser(who), f"/standards/{name}/1"
        assert send(boss, path, "approve", sha256=hash_on(boss.get(path).text))[0] == 303
    assert {states(companies)[f"{name}@1"][0] for name in (OF_NORTH, OF_SOUTH, OF_ALL)} == {"pilot"}


def test_a_standard_of_one_company_comes_into_force_in_no_showroom_of_another(
    companies: PagesService,
) -> None:
    with closing(sqlite3.connect(companies.file)) as db:
        keys = dict(db.execute("SELECT name, id FROM showroom").fetchall())
    boss = companies.browser("area_manager")
    page = boss.get(f"/standards/{OF_NORTH}/1").text
    assert f'<option value="{keys["Harbour"]}">' in page
    assert f'<option value="{keys["Market"]}">' not in page
    status, page = send(boss, f"/standards/{OF_NORTH}/1", "put-into-force", showroom=str(keys["Market"]))
    assert status == 422
    assert "is a standard of North, and Market belongs to South" in page


def test_each_reads_the_standards_of_their_own_companies_and_those_for_all(companies: PagesService) -> None:
    for who, hidden in (("north-boss", OF_SOUTH), ("south-boss", OF_NORTH), ("harbour-host", OF_SOUTH)):
        browser = companies.browser(who)
        assert OF_ALL in browser.get("/standards").text
        for path in (
            "/standards",
            f"/standards/{OF_ALL}/1",
            f"/standards/{OF_ALL}/1/difference",
            "/standards/eight-teeth",
        ):
            assert hidden not in browser.get(path).text, (who, path)
        assert browser.get(f"/standards/{hidden}").status_code == 404
        assert browser.get(f"/standards/{OF_ALL}/1/difference?against={hidden}@1").status_code == 404
    manager = companies.browser("harbour-showroom_manager")
    assert manager.get(f"/standards/{OF_ALL}/1/rehearsal?against={OF_SOUTH}@1").status_code == 404
    assert OF_SOUTH not in manager.get(f"/standard-draft?of={OF_SOUTH}@1").text
    assert OF_SOUTH in companies.browser("auditor").get("/standards").text


def test_a_draft_is_written_for_a_company_within_reach_and_a_name_stays_with_its_company(
    companies: PagesService,
) -> None:
    north, everywhere = companies.browser("harbour-showroom_manager"), companies.browser("showroom_manager")

    def refused(company: str, name: str, version: int = 1) -> str:
        answer = north.send(
            "/standard-draft", at="/standard-draft", text=house_standard(version, name), company=company
        )
        assert answer.status_code == 422
        return answer.text

    assert "no standard for South" in refused("South", "for-the-south")
    assert "is taken by a standard of others" in refused("", OF_SOUTH, 2)
    assert "is taken by a standard of others" in refused("", OF_ALL, 2)
    assert "is a file of this service, for every company" in refused("", "four-teeth", 9)
    assert 'name="company"' not in north.get("/standard-draft").text
    form = everywhere.get("/standard-draft").text
    assert re.search(r'<option value=""( selected)?>every company</option><option value="North">', form)
    sent = everywhere.send(
        "/standard-draft", at="/standard-draft", text=house_standard(1, "for-the-south"), company="South"
    )
    assert sent.status_code == 303
    assert states(companies)["for-the-south@1"] == ("draft", "South")


def test_a_program_reads_and_writes_no_standard_of_another_company(companies: PagesService) -> None:
    north, narrow = (
        companies.program(
            companies.give_token(who, "standards:read", "standards:write", scope=Scope("North"))
        )
        for who in ("harbour-showroom_manager", "showroom_manager")
    )
    for program in (north, narrow):
        listed = {item["name"]: item["company"] for item in program.get("/standards").json()["items"]}
        assert OF_SOUTH not in listed
        assert (listed[OF_NORTH], listed[OF_ALL]) == ("North", None)
        assert program.get(f"/standards/{OF_SOUTH}/1").status_code == 404
        sent = program.post("/standards", json={"text": house_standard(1, "by-program"), "company": "South"})
        assert sent.status_code == 409
        assert program.post("/standards", json={"text": house_standard(2, OF_SOUTH)}).status_code == 409
        # A token that ends at North writes nothing that is for every company, though its account may.
        assert program.post("/standards", json={"text": house_standard(2, OF_ALL)}).status_code == 409
    made = narrow.post("/standards", json={"text": house_standard(1, "by-program")})
    assert made.json()["company"] == "North"
