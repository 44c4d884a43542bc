"""An appraisal walks its whole way over HTTP: drafted, remarked on, contested, decided by a second person, signed and frozen."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.account_book import known_account
from central.accounts.own_person import link_person
from central.accounts.roles import Grant, Scope
from central.audit.audit_log import AuditRow
from tests.central.web.conftest import HARBOUR
from tests.worlds.appraised import DAY, WREN_MET, WREN_MISSED, keep_harbour, visit_number
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService

CONTESTED = visit_number(WREN_MET)
DRAFT = {"person": "wren", "first_day": str(DAY), "last_day": str(DAY)}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """Harbour with its three hosts; wren, lark, a manager, an area manager and their like elsewhere have accounts."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgresql").new_database()
        assert CliRunner().invoke(cli.app, ["migrate", "--db", database]).exit_code == 0
    with PagesService(tmp_path_factory.mktemp("appraisals"), database=database) as service:
        engine = service.engine()
        with Session(engine) as session, session.begin():
            keep_harbour(session)
        service.keep("market-1", "South", "Market")
        for name in ("wren@north", "lark@north"):
            service.give_account(name, Grant("host", HARBOUR))
        service.give_account("manager", Grant("showroom_manager", HARBOUR))
        service.give_account("area", Grant("area_manager", Scope("North")))
        service.give_account("elsewhere", Grant("showroom_manager", Scope("South", "Market")))
        with Session(engine) as session, session.begin():
            for person in ("wren", "lark"):
                own, by = (known_account(session, name).id for name in (f"{person}@north", "area"))
                link_person(session, own, person, by, 0.0)
        engine.dispose()
        yield service


def clicked(browser: HttpBrowser, page: str, part: str) -> str:
    """The page behind the first link of a page whose address has a part."""
    links: list[str] = [
        each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', browser.get(page).text)
    ]
    return next(each for each in links if part in each)


def drafted(manager: HttpBrowser) -> str:
    """Have a draft of wren made; returns its path."""
    listed = manager.get("/appraisals").text
    showroom = re.search(r'<option value="(\d+)">North · Harbour', listed)
    assert showroom
    nothing = DRAFT | {"first_day": "2026-01-01", "last_day": "2026-01-31"}
    refused = manager.send("/appraisals", at="/appraisals", showroom=showroom[1], **nothing)
    assert refused.status_code == 422
    assert "nothing was measured at Harbour" in refused.text
    made = manager.send("/appraisals", at="/appraisals", showroom=showroom[1], **DRAFT)
    assert made.status_code == 303, made.text
    return str(made.headers["location"])


def contested(wren: HttpBrowser, own: str) -> None:
    """Walk from a number to a measurement in two clicks, remark on the appraisal and contest that."""
    behind = clicked(wren, own, "clause=respond.within_s&outcome=not_met")
    assert f"{WREN_MISSED} measurements" in wren.get(behind).text
    one = clicked(wren, behind, "/measurement?of=")
    assert CONTESTED in wren.get(one).text
    assert "The visit as a picture" in wren.get(one).text
    assert wren.send(f"{own}/say", at=own, said="a fair month, but one").status_code == 303
    fields = {"of": CONTESTED, "said": "the guard, no customer"}
    assert wren.send(f"{own}/contest", at=one, **fields).status_code == 303
    refused = wren.send(f"{own}/contest", at=own, **fields)
    assert (refused.status_code, "contested already" in refused.text) == (422, True)


def decided(area: HttpBrowser, theirs: str) -> None:
    """A second person decides; of the draft they reach what is contested, and nothing else."""
    told = area.get("/appraisals").text
    assert "the guard, no customer" in told
    claim = re.search(r"/contests/(\d+)/decide", told)
    assert claim
    assert area.get(clicked(area, "/appraisals", "/measurement?of=")).status_code == 200
    assert area.get(theirs).status_code == 404
    decision = {"outcome": "excluded", "reason": "the guard, as the visit shows"}
    assert area.send(f"/contests/{claim[1]}/decide", at="/appraisals", **decision).status_code == 303
    assert "excluded from every figure" in area.get(f"/visits/{CONTESTED}").text


def hash_shown(manager: HttpBrowser, theirs: str) -> str:
    found = re.search(r'name="sha256" value="(\w+)"', manager.get(theirs).text)
    assert found
    return found[1]


def signed(manager: HttpBrowser, theirs: str, seen: str) -> str:
    """Sign what was read, which is stale, and then what is there; returns its hash."""
    stale = manager.send(f"{theirs}/sign", at=theirs, reasons="all well", sha256=seen)
    assert (stale.status_code, "read it again before you sign" in stale.text) == (422, True)
    fresh = hash_shown(manager, theirs)
    assert fresh != seen
    said = manager.send(f"{theirs}/sign", at=theirs, reasons="Prompt, and one guard.", sha256=fresh)
    assert said.status_code == 303, said.text
    return fresh


def test_the_whole_way_of_an_appraisal(house: PagesService) -> None:
    manager, area, wren = (house.browser(name) for name in ("manager", "area", "wren@north"))
    theirs = drafted(manager)
    own = theirs.replace("/appraisals", "/my-appraisals")
    # Nothing leaves the draft: the area manager does not find it, and whoever it is about reads that it is none yet.
    assert area.get(theirs).status_code == 404
    assert theirs not in area.get("/appraisals").text
    assert "It says nothing about anybody until a person has signed it" in wren.get(own).text
    assert "1 draft" in wren.get("/my-day").text
    for other in ("lark@north", "elsewhere"):
        assert house.browser(other).get(own if "@" in other else theirs).status_code == 404
    contested(wren, own)
    seen = hash_shown(manager, theirs)
    early = manager.send(f"{theirs}/sign", at=theirs, reasons="all well", sha256=seen)
    assert (early.status_code, "decided before anybody signs" in early.text) == (422, True)
    decided(area, theirs)
    fresh = signed(manager, theirs, seen)
    for reader, page in ((area, theirs), (wren, own), (manager, theirs)):
        read = reader.get(page).text
        assert "Prompt, and one guard." in read
        assert fresh in read
        assert "the same, byte for byte" in read
        assert f'measurements">{WREN_MISSED - 1}</a>' in read
    again = manager.send(f"{theirs}/sign", at=theirs, reasons="others", sha256=fresh)
    assert again.status_code == 422
    assert "no such draft" in again.text
    engine = house.engine()
    with Session(engine) as session:
        rows = session.scalars(select(AuditRow)).all()
    engine.dispose()
    told_of = {row.action for row in rows}
    assert {
        "appraisal drafted",
        "measurement contested",
        "contest decided",
        "measurement excluded",
    } <= told_of
    assert {"appraisal signed", "read appraisal", "appraisal remarked on"} <= told_of
    assert not [row for row in rows if "wren" in f"{row.subject}{row.detail}"]
