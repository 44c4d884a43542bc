"""A standard on the pages: written by one, read and approved by another, rehearsed, put into force, and seen at the desks."""

import re
import sqlite3
import time
from contextlib import closing

import pytest
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from protocol.state import Birth, WallMapping
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import hash_on, keep_visits_of_late, send, write
from tests.worlds.standard_texts import house_standard


def test_one_writes_another_approves_and_only_what_they_have_read(service: PagesService) -> None:
    writer, boss = service.browser("showroom_manager"), service.browser("area_manager")
    assert write(writer, house_standard(1, "pages")) == (303, "/standards/pages/1")
    page = boss.get("/standards/pages/1").text
    assert "showroom_manager" in page
    read_then = hash_on(page)
    changed = house_standard(1, "pages", "[respond]", "within_s = 600")
    assert write(writer, changed) == (303, "/standards/pages/1")
    status, page = send(boss, "/standards/pages/1", "approve", sha256=read_then)
    assert status == 422
    assert "was changed since you read it" in page
    assert send(boss, "/standards/pages/1", "approve", sha256=hash_on(page))[0] == 303
    assert "stays as it is: write version 2" in write(writer, house_standard(1, "pages"))[1]


def test_whoever_wrote_it_is_offered_no_approval_and_refused_one(service: PagesService) -> None:
    boss = service.browser("area_manager")
    assert write(boss, house_standard(1, "own"))[0] == 303
    assert "/standards/own/1/approve" not in boss.get("/standards/own/1").text
    status, page = send(boss, "/standards/own/1", "approve")
    assert status == 422
    assert "another one approves it" in page


def test_a_text_with_errors_comes_back_with_each_by_its_line(service: PagesService) -> None:
    writer = service.browser("showroom_manager")
    status, page = write(writer, house_standard(1, "bad", "[respond]", "withn_s = 3", "[smile]", "teeth = 8"))
    assert status == 422
    assert "line 5: respond.withn_s: is not a known key; did you mean within_s?" in page
    assert "line 7: smile.teeth" in page
    assert "withn_s = 3" in page.partition("<textarea")[2]


def test_a_version_is_put_into_force_where_the_role_reaches_and_withdrawn_before_its_moment(
    service: PagesService,
) -> None:
    writer, boss = service.browser("harbour-showroom_manager"), service.browser("harbour-area_manager")
    write(writer, house_standard(1, "reach"))
    page = boss.get("/standards/reach/1").text
    assert send(boss, "/standards/reach/1", "approve", sha256=hash_on(page))[0] == 303
    with closing(sqlite3.connect(service.file)) as db:
        keys = dict(db.execute("SELECT name, id FROM showroom").fetchall())
    force = "put-into-force"
    assert send(boss, "/standards/reach/1", force, showroom=str(keys["Market"]))[0] == 404
    assert send(boss, "/standards/reach/1", force, showroom=str(keys["Harbour"]), moment="soon")[0] == 422
    later = {"showroom": str(keys["Harbour"]), "moment": "2099-05-01 09:30"}
    assert send(boss, "/standards/reach/1", force, **later)[0] == 303
    page = boss.get("/standards/reach/1").text
    assert "2099-05-01 09:30" in page
    found = re.search(r"/standards/reach/1/(withdraw/\d+)", page)
    assert found
    assert send(boss, "/standards/reach/1", found[1])[0] == 303
    assert "2099-05-01" not in boss.get("/standards/reach/1").text


def test_the_difference_of_two_standards_stands_clause_by_clause(service: PagesService) -> None:
    page = service.browser("host").get("/standards/eight-teeth/2/difference?against=four-teeth@1").text
    assert re.search(r"Attended to in time</th>\s*<td[^>]*>at most 8 s</td>\s*<td[^>]*>at most 2 s", page)
    assert re.search(r"Telephone answered</th>\s*<td[^>]*>3 to 5 rings</td>\s*<td[^>]*>at most 1 rings", page)
    assert service.browser("host").get("/standards/eight-teeth/2/difference?against=x@1").status_code == 404


def test_a_rehearsal_says_what_the_last_thirty_days_would_have_been(service: PagesService) -> None:
    keep_visits_of_late(service)
    page = service.browser("showroom_manager").get("/standards/eight-teeth/2/rehearsal").text
    assert "Under eight-teeth@2 the last thirty days would have been 75 % instead of" in page
    assert "40 visits and calls were judged anew." in page
    assert "75 % (60 to 86)" in page
    assert "n = 40" in page
    assert (
        "market-1"
        not in service.browser("harbour-showroom_manager").get("/standards/eight-teeth/2/rehearsal").text
    )


def test_a_page_shows_which_desk_works_by_what(service: PagesService) -> None:
    technician = service.browser("technician")
    assert "not taken yet" in technician.get("/desk-standards").text
    with closing(sqlite3.connect(service.file)) as db:
        (digest,) = db.execute(
            "SELECT sha256 FROM standard_version WHERE name = 'eight-teeth' AND version = 2"
        ).fetchone()
    birth = Birth(
        software="1.0",
        models={},
        configuration="0" * 64,
        standard="eight-teeth@2",
        standard_sha256=digest,
        calibration=None,
        device="harbour-1",
        session=1,
        bootid=BOOT,
        wall=WallMapping(offset_s=1.0, clock="estimated"),
    )
    engine = service.engine()
    with Session(engine) as session, session.begin():
        payload = birth.model_dump_json().encode()
        take_in(session, [read("deskside/1/harbour-1/birth", payload, time.time())], DeskDefaults())
    engine.dispose()
    page = service.browser("harbour-technician").get("/desk-standards").text
    assert re.search(r"<td[^>]*>eight-teeth@2</td>\s*<td[^>]*>eight-teeth@2</td>", page)
    assert "✓" in page
    assert "not taken yet" not in page


@pytest.mark.parametrize(
    ("language", "clause", "limits"),
    [("de", "Gezeigte Zähne", "höchstens 4 Zähne"), ("zh-Hans", "露齿数", "至多 4")],
)
def test_every_page_of_a_standard_stands_in_the_readers_language(
    service: PagesService, language: str, clause: str, limits: str
) -> None:
    keep_visits_of_late(service)
    browser = service.browser("area_manager")
    browser.client.headers["accept-language"] = language
    page = browser.get("/standards/eight-teeth/2/difference?against=four-teeth@1").text
    assert clause in page
    assert limits in page
    for path in (
        "/standards",
        "/standards/eight-teeth/2",
        "/standards/eight-teeth/2/rehearsal",
        "/standard-draft",
        "/desk-standards",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
