"""Everything that can be made about a person is made, by page and by command; they are erased; and no letter of their names is left."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.roles import ROLES, Grant
from central.audit.audit_log import verify
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports.report import build_report, report_json
from protocol.measurements import Duty, Measurement
from tests.worlds.delivery.postgresql import program
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, call, event, reaction, smile, visit
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PASSWORD, PagesService
from tests.worlds.standard_texts import house_standard

PSEUDONYM = "wren"
NAMES = re.compile(rb"wren|ada lovegood", re.IGNORECASE)
"""The pseudonym in any case, and the name."""
MEASURED: list[Measurement] = [
    Duty(start_s=50.0, end_s=50.0, person=PSEUDONYM, ongoing=True),
    visit(reaction("smiled", 1.0), smile=smile(teeth=None), at_s=100.0),
    call(2, "answered", at_s=200.0),
    Duty(start_s=50.0, end_s=900.0, person=PSEUDONYM),
    Duty(start_s=1000.0, end_s=1000.0, person="lark", ongoing=True),
    visit(reaction("turned", 9.0), at_s=1100.0),
    Duty(start_s=1000.0, end_s=1200.0, person="lark"),
    visit(reaction("smiled", 1.0), smile=smile(), at_s=1300.0),
]
ASIDE = (
    event(Duty(start_s=1.0, end_s=2.0, person=PSEUDONYM), 1, "harbour-1"),
    b'{"person": "\\u0077r\\u0065n"}',
    b"signed in: wren",
)
SHEETS = {
    "showrooms": "company,showroom,region,timezone,jurisdiction\nNorth,Harbour,,Europe/Berlin,eu\n",
    "desks": "device,company,showroom,label,from,until\nharbour-1,North,Harbour,Wren's desk,,\n",
    "exceptions": "company,showroom,from,until,title,opens,closes\nNorth,Harbour,2026-12-01,,Ada Lovegood marries,,\n",
    "people": f"pseudonym,company,name\n{PSEUDONYM},North,Ada Lovegood\nlark,North,\n",
    "employments": f"pseudonym,company,showroom,worked_as,from,until\n{PSEUDONYM},North,Harbour,host,2026-01-01,\nlark,North,Harbour,host,,\n",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagesService]:
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgresql").new_database()
        run("migrate", "--db", database)
    with PagesService(tmp_path, database=database) as service:
        yield service


def run(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, [*arguments])
    assert result.exit_code == 0, result.stdout + str(result.exception)
    return result.stdout


def arrive(service: PagesService, *payloads: bytes) -> None:
    engine = service.engine()
    with Session(engine) as session, session.begin():
        arrived = [read("deskside/1/harbour-1/event", raw, OFFSET_S) for raw in payloads]
        take_in(session, arrived, DeskDefaults())
    engine.dispose()


def live_in(service: PagesService, folder: Path) -> None:
    """Make one of everything."""
    db = ("--db", service.database)
    service.keep("harbour-1", "North", "Harbour")
    arrive(service, *(event(data, number, "harbour-1") for number, data in enumerate(MEASURED, 1)), *ASIDE)
    for name, rows in SHEETS.items():
        (folder / f"{name}.csv").write_text(rows)
    run("registry", "import", *(str(folder / f"{name}.csv") for name in SHEETS), *db)
    for role in ROLES:
        service.give_account(role, Grant(role))
    administrator = service.browser("administrator")
    made = administrator.send("/accounts", at="/accounts", name="Wren")
    link = re.search(r"/invitation/[\w-]+", made.text)
    number = re.search(r"/accounts/(\d+)/", made.text)
    assert link and number  # noqa: PT018
    for role in ("host", "showroom_manager"):
        given = {"role": role, "company": "North", "showroom": "Harbour"}
        at = f"/accounts/{number[1]}"
        assert administrator.send(f"{at}/give", at=at, **given).status_code == 303
    own = service.browser()
    assert own.send(link[0], at=link[0], password=PASSWORD, again=PASSWORD).status_code == 303
    for typed in ("wren", " WREN ", "wren's"):
        assert service.browser().send("/login", at="/login", name=typed, password="no").status_code == 401
    own = service.browser("wren")
    draft = own.send("/standard-draft", at="/standard-draft", text=house_standard(1, "harbour-teeth"))
    assert draft.status_code == 303, draft.text
    signer = service.browser("area_manager")
    for person, clause, reason, account in (
        (PSEUDONYM, "smile.teeth", "Ada Lovegood wears braces", "wren"),
        (PSEUDONYM, "smile.hold_s", "so says Wren", "wren"),
        ("lark", "smile.teeth", "a split lip, as Wren saw", ""),
    ):
        fields = {"person": person, "clause": clause, "reason": reason, "account": account}
        assert signer.send("/exemptions", at="/exemptions", **fields).status_code == 303
    assert signer.send("/exemptions/2/end", at="/exemptions").status_code == 303
    decide_profiles(signer, service.browser("works_council"))
    appraise(service, own)
    promise(signer)
    monitor(signer)
    compete(signer, own)
    evaluate(signer)
    gave = ("--reason", "wren asked", "--by", "area_manager", "--from", "2026-09-01")
    run("exempt", "give", PSEUDONYM, "smile.hold_s", *gave, "--account", "wren", *db)
    for person, duty, by in (
        (PSEUDONYM, f"harbour-1/{BOOT}/1", "the manager"),
        ("lark", f"harbour-1/{BOOT}/5", "the manager, wren"),
    ):
        stretch = ("--from", "2026-09-21 16:13", "--until", "2026-09-21 16:40", "--duty", duty)
        why = ("--reason", "Wren forgot to sign out", "--by", by)
        run("duty", "correct", "harbour-1", "--person", person, *stretch, *why, *db)
    arrive(service, event(Duty(start_s=2.0, end_s=2.0, person="dove", ongoing=True), 90, "harbour-1"))
    run("persons", "erase", "dove", "--reason", "Wren asked for it", "--yes", *db)
    run("persons", "export", PSEUDONYM, "--account", "wren", "--out", str(folder / "held.json"), *db)
    for who in ("area_manager", "auditor", "wren"):
        browser = service.browser(who)
        visits = f"/visits/harbour-1/{BOOT}/2"
        for page in ("/today?day=2026-09-21", visits, "/audit", "/exemptions", "/account/exemptions"):
            browser.get(page)


def compete(manager: HttpBrowser, own: HttpBrowser) -> None:
    """A competition whose title names them, and that they enter themselves."""
    place = re.search(r'<option value="(showroom \d+)">North · Harbour', manager.get("/competitions").text)
    assert place
    counted = {"between": "people", "scope": place[1], "element_1": "kept", "least_n": "10", "ties": "shared"}
    asked = {"title": "Beat Wren", "first_day": "2099-01-01", "last_day": "2099-01-31"} | counted
    made = manager.send("/competitions", at="/competitions", **asked)
    assert made.status_code == 303, made.text
    page = str(made.headers["location"])
    rules = re.search(r'name="sha256" value="(\w+)"', manager.get(page).text)
    assert rules
    assert manager.send(f"{page}/announce", at=page, sha256=rules[1]).status_code == 303
    person = re.search(rf">{PSEUDONYM}<.*?/people/(\d+)/link", manager.get("/people").text, re.DOTALL)
    assert person
    assert manager.send(f"/people/{person[1]}/link", at="/people", account="wren").status_code == 303
    assert own.send(f"{page}/enter", at=page).status_code == 303
    # What an erasure asks of an account that nobody said to be theirs is tried below.
    assert manager.send(f"/people/{person[1]}/unlink", at="/people").status_code == 303


def decide_profiles(one: HttpBrowser, other: HttpBrowser) -> None:
    """One decision on a profile that two have signed, and one that is open, each with a name in its reason."""
    for profile, reason in (("us", "Wren and her friends agreed"), ("cn", "so does Ada Lovegood")):
        asked = {"showroom": "1", "profile": profile, "reason": reason}
        assert one.send("/profiles", at="/profiles", **asked).status_code == 303
        if profile == "us":
            assert other.send("/profiles/1/sign", at="/profiles").status_code == 303


def appraise(service: PagesService, own: HttpBrowser) -> None:
    """Appraise them, have them remark and contest, and exclude a visit of somebody else's for what they said."""
    manager = service.browser("showroom_manager")
    place = re.search(r'<option value="(\d+)">North · Harbour', manager.get("/appraisals").text)
    assert place
    days = {"showroom": place[1], "first_day": "2026-09-21", "last_day": "2026-09-21"}
    for person in (PSEUDONYM, "lark"):
        made = manager.send("/appraisals", at="/appraisals", person=person, **days)
        assert made.status_code == 303, made.text
        at = made.headers["location"]
        assert manager.send(f"{at}/say", at=at, said="as Wren knows").status_code == 303
        sha256 = re.search(r'name="sha256" value="(\w+)"', manager.get(at).text)
        assert sha256
        signed = manager.send(f"{at}/sign", at=at, reasons="Ada Lovegood knows", sha256=sha256[1])
        assert signed.status_code == 303, signed.text
    assert own.get("/my-appraisals").status_code == 200


def promise(writer: HttpBrowser) -> None:
    """A draft of a promise of which a side comes from them."""
    typed = {"text": "nobody waits", "code": "kept", "share": "90", "resources_share": "90"}
    typed |= {"resources_source": "Wren said so", "resources_as_of": "2026-09-01", "place": "company:North"}
    assert writer.send("/promises", at="/promises", **typed).status_code == 303


def monitor(writer: HttpBrowser) -> None:
    """A source that is named after them, and a note that tells of them."""
    source = {"kind": "team", "title": "Wren's notes", "rhythm": "month", "owner": "Ada Lovegood"}
    made = writer.send("/monitoring", at="/monitoring", place="company:North", **source)
    assert made.status_code == 303
    at = made.headers["location"]
    assert writer.send(f"{at}/note", at=at, day="2026-09-21", text="as Wren told").status_code == 303


def evaluate(signer: HttpBrowser) -> None:
    """A signed evaluation that has them in its conclusion and in what it recommends."""
    keys = re.findall(r'<option value="(showroom:\d+)">North', signer.get("/evaluations").text)
    days = {"first_day": "2026-09-21", "last_day": "2026-09-21"}
    made = signer.send("/evaluations", at="/evaluations", scope=keys[0], **days)
    assert made.status_code == 303, made.text
    page = made.headers["location"]
    wrote = {"text": "let Wren rest", "owner": "Ada Lovegood", "due": "2026-12-31"}
    assert signer.send(f"{page}/recommend", at=page, **wrote).status_code == 303
    sha = re.search(r'name="sha256" value="(\w+)"', signer.get(page).text)
    assert sha
    done = signer.send(f"{page}/sign", at=page, conclusion="thanks to Ada Lovegood", sha256=sha[1])
    assert done.status_code == 303, done.text


def totals(service: PagesService) -> str:
    """Everything a report says, whoever was on duty."""
    engine = service.engine()
    with Session(engine) as session:
        told = report_json(build_report(session, STANDARD)).decode()
    engine.dispose()
    held = re.sub(r'"on_duty": "[^"]*"', "", told)
    return re.sub(r'"label": "[^"]*"', "", held)


def dumped(service: PagesService) -> list[bytes]:
    if service.database == str(service.file):
        return [file.read_bytes() for file in service.folder.glob("central.db*")]
    address = service.database.replace("+psycopg", "")
    return [subprocess.run([program("pg_dump"), address], capture_output=True, check=True).stdout]


def test_one_of_everything_is_made_and_after_the_erasure_no_dump_names_the_person(
    service: PagesService, tmp_path: Path
) -> None:
    live_in(service, tmp_path)
    before = totals(service)
    assert '"smile.teeth"' in before
    assert any(NAMES.search(each) for each in dumped(service))
    held = json.loads((tmp_path / "held.json").read_text())
    assert {name for name, value in held.items() if not value} == set(), "one of everything"
    where = [each.split()[0] for each in held["mentioned_in"]]
    assert sorted(where) == sorted(
        [
            "exemption",
            "erasure",
            "profile_decision",
            "profile_decision",
            "promise_side",
            "monitored_source",
            "monitored_source",
            "monitored_note",
            "evaluation",
            "recommendation",
            "recommendation",
            "desk_place",
            "showroom_exception",
            "competition",
            "appraisal",
            "appraisal_remark",
        ]
    )
    db = ("--db", service.database)
    refused = CliRunner().invoke(cli.app, ["persons", "erase", PSEUDONYM, "--reason", "law", "--yes", *db])
    assert "--account wren" in str(refused.exception)
    erase = ("persons", "erase", PSEUDONYM, "--account", "wren", "--yes", *db)
    refused = CliRunner().invoke(cli.app, [*erase, "--reason", "ada lovegood asked"])
    assert "does not name the person" in str(refused.exception)
    said = run(*erase, "--reason", "asked for it")
    assert "still stand" not in said
    arrive(service, *(event(data, number, "harbour-1") for number, data in enumerate(MEASURED, 1)))
    assert totals(service) == before
    pages = service.browser("auditor").get("/audit").text + service.browser("area_manager").get("/today").text
    assert not NAMES.search(pages.encode())
    service.end()
    assert not [each for each in dumped(service) if NAMES.search(each)]
    engine = service.engine()
    with Session(engine) as session:
        assert verify(session).broken_at is None
    engine.dispose()
