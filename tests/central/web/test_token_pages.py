"""A token is made on one's own page, shown once, used by a program, and taken back."""

import re
import sqlite3
from contextlib import closing

from typer.testing import CliRunner

from central.cli import app
from tests.worlds.pages.service import PagesService

PAGE = "/account/tokens"


def _made(text: str) -> str:
    found = re.search(r'id="token">(deskside_[\w-]+)<', text)
    assert found, text
    return found[1]


def test_a_token_is_shown_once_works_and_is_revoked(service: PagesService) -> None:
    browser = service.browser("harbour-area_manager")
    made = browser.send(PAGE, at=PAGE, label="the weekly sheet", permit="visits:read", days="7")
    secret = _made(made.text)
    assert secret not in browser.get(PAGE).text
    program = service.program(secret)
    assert program.get("/visits").status_code == 200
    assert program.get("/desks").status_code == 403
    number = re.findall(r"/account/tokens/(\d+)/revoke", browser.get(PAGE).text)[-1]
    assert browser.send(f"{PAGE}/{number}/revoke", at=PAGE).status_code == 303
    assert program.get("/visits").status_code == 401
    with closing(sqlite3.connect(service.file)) as db:
        noted = db.execute(
            "SELECT action, detail FROM audit WHERE subject = ?", (f"token {number}",)
        ).fetchall()
    assert [action for action, _ in noted] == ["token made", "token revoked"]
    assert noted[0][1] == "visits:read, 7 d"


def test_nobody_makes_a_token_for_what_their_roles_do_not_give_nor_revokes_anothers(
    service: PagesService,
) -> None:
    browser = service.browser("harbour-host")
    refused = browser.send(PAGE, at=PAGE, label="a", permit="visits:read", days="7")
    assert refused.status_code == 422
    assert "do not give visits:read" in refused.text
    far = service.browser("harbour-area_manager").send(
        PAGE, at=PAGE, label="a", permit="visits:read", days="7", company="South"
    )
    assert "do not give visits:read in South" in far.text
    other = service.browser("harbour-technician").send(
        PAGE, at=PAGE, label="a", permit="desks:read", days="7"
    )
    secret = _made(other.text)
    number = re.findall(r"/account/tokens/(\d+)/revoke", other.text)[-1]
    assert browser.send(f"{PAGE}/{number}/revoke", at=PAGE).status_code == 422
    assert service.program(secret).get("/desks").status_code == 200


def test_closing_an_account_revokes_its_tokens_for_ever(service: PagesService) -> None:
    from central.accounts.roles import Grant  # noqa: PLC0415

    service.give_account("on-leave", Grant("area_manager"))
    secret = service.give_token("on-leave", "visits:read")
    boss = service.browser("administrator")
    found = re.search(r'/accounts/(\d+)">on-leave<', boss.get("/accounts").text)
    assert found
    for step in ("close", "open"):
        assert boss.send(f"/accounts/{found[1]}/{step}", at=f"/accounts/{found[1]}").status_code == 303
    assert service.program(secret).get("/visits").status_code == 401


def test_the_command_line_makes_lists_and_revokes_tokens(service: PagesService) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["tokens", *words, "--db", str(service.file)])
        return done.exit_code, done.stdout

    told = (
        "make",
        "harbour-area_manager",
        "--name",
        "a sheet",
        "--permit",
        "visits:read",
        "--permit",
        "calls:read",
    )
    code, printed = run(*told)
    assert code == 0
    program = service.program(printed.split()[-1])
    assert program.get("/calls").status_code == 200
    code, listed = run("list", "harbour-area_manager")
    assert "a sheet" in listed
    number = re.findall(r"^│\s*(\d+)", listed, re.MULTILINE)[-1]
    assert run("revoke", number)[0] == 0
    assert program.get("/calls").status_code == 401
