"""Exemptions on the pages: signed by who may, read by two, and seen by nobody else."""

import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from central import cli
from central.accounts.roles import ROLES, Grant
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService

WHY = "wears braces until spring"


def sign(browser: HttpBrowser, **changes: str) -> int:
    fields = {"person": "wren", "clause": "smile.teeth", "reason": WHY, "account": "host"}
    return browser.send("/exemptions", at="/exemptions", **fields | changes).status_code


def audited(service: PagesService) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(service.file)) as db:
        return db.execute("SELECT action, subject, detail FROM audit ORDER BY number").fetchall()


@pytest.fixture(scope="module")
def signer(service: PagesService) -> HttpBrowser:
    browser = service.browser("area_manager")
    assert sign(browser) == 303
    return browser


def test_the_signer_and_the_person_read_the_reason(service: PagesService, signer: HttpBrowser) -> None:
    assert WHY in signer.get("/exemptions").text
    assert WHY in service.browser("host").get("/account/exemptions").text


def test_nobody_else_reads_it_anywhere(service: PagesService, signer: HttpBrowser) -> None:
    assert WHY in signer.get("/exemptions").text
    service.give_account("other-area-manager", Grant("area_manager"))
    for who in (*(role for role in ROLES if role not in {"area_manager", "host"}), "other-area-manager"):
        browser = service.browser(who)
        for page in (
            "/exemptions",
            "/account/exemptions",
            "/account",
            "/audit",
            "/today?day=2026-09-21",
            f"/visits/harbour-1/{BOOT}/1",
            "/standards/eight-teeth",
        ):
            assert WHY not in browser.get(page).text, (who, page)
    assert "wren" in service.browser("other-area-manager").get("/exemptions").text


def test_signing_and_ending_are_in_the_audit_log_without_the_reason_or_the_person(
    service: PagesService, signer: HttpBrowser
) -> None:
    assert sign(signer, clause="smile.hold_s") == 303
    number = max(
        int(subject.split()[1]) for action, subject, _ in audited(service) if action == "exemption signed"
    )
    assert signer.send(f"/exemptions/{number}/end", at="/exemptions").status_code == 303
    entries = [entry for entry in audited(service) if entry[1] == f"exemption {number}"]
    assert entries == [
        ("exemption signed", f"exemption {number}", "smile.hold_s"),
        ("exemption ended", f"exemption {number}", "smile.hold_s"),
    ]
    assert not [entry for entry in audited(service) if WHY in str(entry) or "wren" in str(entry)]


def test_what_cannot_be_signed_is_said_on_the_page(service: PagesService, signer: HttpBrowser) -> None:
    assert sign(signer) == 422
    assert sign(signer, person="lark", reason=" ") == 422
    assert sign(signer, person="lark", account="area_manager") == 422
    assert sign(signer, person="lark", account="no-such-account") == 422
    assert sign(service.browser("harbour-area_manager"), person="lark") == 422


def test_a_visit_of_somebody_exempt_shows_the_clause_like_one_that_was_not_measured(
    service: PagesService, signer: HttpBrowser
) -> None:
    page = signer.get(f"/visits/harbour-1/{BOOT}/1").text
    assert "8.6 ± 0.2 teeth" in page
    run(
        service,
        *("duty", "correct", "harbour-1", "--person", "lin", "--from", "2026-09-21 15:00"),
        *("--until", "2026-09-21 17:00", "--reason", "forgot to sign in", "--by", "the manager"),
    )
    said = run(
        service,
        *("exempt", "give", "lin", "smile.teeth", "--reason", WHY, "--by", "area_manager"),
        *("--from", "2026-09-01"),
    )
    assert "lin is not judged by smile.teeth" in said
    page = signer.get(f"/visits/harbour-1/{BOOT}/1").text
    assert "8.6 ± 0.2 teeth" not in page
    assert "not measured, or not judged here" in page
    listed = run(service, "exempt", "list")
    assert "lin" in listed
    assert WHY not in listed


@pytest.mark.parametrize("who", ["showroom_manager", "administrator", "nobody-at-all"])
def test_the_command_line_takes_no_other_signer(service: PagesService, who: str) -> None:
    said = run(service, "exempt", "give", "wu", "smile.teeth", "--reason", "x", "--by", who)
    assert "has no role that signs" in said or "there is no open account" in said


def run(service: PagesService, *arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, [*arguments, "--db", str(service.file)])
    return result.stdout or str(result.exception)
