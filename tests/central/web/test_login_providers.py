"""Logging in at a company's own provider: let in is who it names for sure, and in every other case somebody reads why not, in words."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from typer.testing import CliRunner

from central.accounts.roles import Grant, Scope
from central.cli import app
from tests.worlds.delivery.mosquitto import free_port
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.login_provider import LocalProvider
from tests.worlds.pages.service import PagesService

SETTINGS = """\
[[login]]
name = "{name}"
title = "{title}"
issuer = "{issuer}"
client_id = "{client}"
client_secret_file = "{secret}"
{more}
"""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvider]:
    with LocalProvider(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture(scope="module")
def house(provider: LocalProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesService]:
    """A service at which North logs in with its own provider, and Lately with the same one, which makes accounts."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    parts = []
    for name, more in (
        ("north", 'company = "North"'),
        ("lately", 'company = "Lately"\nnew_accounts_as = "host"'),
        ("by-subject", 'known_by = "subject"'),
    ):
        provider.know_client(f"http://127.0.0.1:{port}/login/with/{name}/back")
        secret = folder / f"{name}.secret"
        secret.write_text(provider.secret + "\n")
        facts = {"issuer": provider.issuer, "client": provider.client_id, "secret": secret, "more": more}
        parts.append(SETTINGS.format(name=name, title=f"{name.title()} log-in", **facts))
    with PagesService(folder, settings="\n".join(parts), port=port) as service:
        service.give_account("boss", Grant("administrator"))
        service.give_account("ada@north.example", Grant("area_manager", Scope("North")))
        service.give_account("old@north.example", Grant("host", Scope("North")))
        service.give_account("far@south.example", Grant("host", Scope("South")))
        service.give_account("both@north.example", Grant("host", Scope("North")), Grant("technician"))
        yield service


@pytest.fixture(autouse=True)
def _truthful(provider: LocalProvider) -> Iterator[None]:
    yield
    provider.lie()


def come(
    house: PagesService, provider: LocalProvider, subject: str, name: str = "north", on: str = "/account"
) -> tuple[HttpBrowser, Any]:
    """The whole way of a browser, there and back."""
    browser = house.browser()
    assert f"/login/with/{name}" in browser.get("/login").text
    there = browser.get(f"/login/with/{name}?on={on}")
    assert there.status_code == 303, there.text
    back = provider.log_in(there.headers["location"], subject)
    return browser, browser.client.get(back)


def _noted(house: PagesService) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(house.file)) as db:
        asked = "SELECT action, subject, detail FROM audit ORDER BY number DESC LIMIT 3"
        return db.execute(asked).fetchall()


def test_who_the_provider_names_is_let_in_and_goes_on_to_where_they_wanted(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-ada", email="Ada@North.example", email_verified=True)
    browser, back = come(house, provider, "s-ada", on="/account")
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    assert "ada@north.example" in browser.get("/account").text
    assert ("logged in", "by provider north") in [(action, detail) for action, _, detail in _noted(house)]


def test_who_is_known_once_is_known_by_their_subject_and_an_address_that_passed_on_lets_nobody_in(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-old", email="old@north.example", email_verified=True)
    assert come(house, provider, "s-old")[1].status_code == 303
    provider.know("s-old", email="married@north.example", email_verified=True)
    assert come(house, provider, "s-old")[1].status_code == 303
    provider.know("s-new", email="old@north.example", email_verified=True)
    assert come(house, provider, "s-new")[1].status_code == 401


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        ("s-nobody", {"email": "nobody@north.example", "email_verified": True}),
        ("s-unproven", {"email": "ada@north.example", "email_verified": False}),
        ("s-untold", {"email": "ada@north.example"}),
        ("s-silent", {}),
        ("s-far", {"email": "far@south.example", "email_verified": True}),
        ("s-both", {"email": "both@north.example", "email_verified": True}),
        ("s-boss", {"email": "boss", "email_verified": True}),
    ],
)
def test_nobody_else_is_let_in_and_no_account_or_role_comes_of_it(
    house: PagesService, provider: LocalProvider, subject: str, claims: dict[str, Any]
) -> None:
    """Nobody whom the service does not know, whose address is not verified, or whose roles reach beyond the provider's company."""
    before = _counts(house)
    provider.know(subject, **claims)
    browser, back = come(house, provider, subject)
    assert back.status_code == 401
    assert "did not let you in here" in back.text
    assert browser.get("/account").status_code == 303
    assert _counts(house) == before
    assert _noted(house)[0] == ("log-in failed", "provider north", "")


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "of another log-in"},
        {"nonce": None},
        {"aud": ["another client"]},
        {"aud": ["CLIENT", "another client"]},
        {"aud": ["CLIENT", "another client"], "azp": "another client"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"iss": "http://localhost:1"},
        {"sub": ""},
        {"exp": None},
    ],
)
def test_what_does_not_fit_is_not_believed(
    house: PagesService, provider: LocalProvider, lies: dict[str, Any]
) -> None:
    provider.know("s-ada", email="ada@north.example", email_verified=True)
    client = re.search(r'client_id = "([^"]+)"', house.toml.read_text())
    assert client
    told = {
        name: [client[1] if each == "CLIENT" else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in lies.items()
    }
    provider.lie(**told)
    browser, back = come(house, provider, "s-ada")
    assert back.status_code == 401
    assert "Traceback" not in back.text
    assert browser.get("/account").status_code == 303


def test_a_way_back_is_good_once_and_for_the_browser_that_went(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-ada", email="ada@north.example", email_verified=True)
    browser, other = house.browser(), house.browser()
    back = provider.log_in(browser.get("/login/with/north").headers["location"], "s-ada")
    other.get("/login")
    assert other.client.get(back).status_code == 401
    assert browser.client.get(back).status_code == 401
    back = provider.log_in(browser.get("/login/with/north").headers["location"], "s-ada")
    assert browser.client.get(back.replace("/north/", "/lately/")).status_code == 401
    back = provider.log_in(browser.get("/login/with/north").headers["location"], "s-ada")
    assert browser.client.get(re.sub("state=[^&]+", "state=made-up", back)).status_code == 401
    refused = browser.client.get(f"/login/with/north/back?error=access_denied&state={_state(browser)}")
    assert refused.status_code == 401


def _state(browser: HttpBrowser) -> str:
    found = re.search("state=([^&]+)", browser.get("/login/with/north").headers["location"])
    assert found
    return found[1]


def test_an_account_is_made_only_where_the_settings_say_so_and_with_their_role_only(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-first", email="first@lately.example", email_verified=True)
    _, back = come(house, provider, "s-first", "lately")
    assert back.status_code == 303
    with closing(sqlite3.connect(house.file)) as db:
        asked = "SELECT role, company, showroom FROM role_grant JOIN account ON account.id = role_grant.account WHERE name = ?"
        assert db.execute(asked, ("first@lately.example",)).fetchall() == [("host", "Lately", "")]


def test_by_subject_alone_only_who_was_connected_is_let_in(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-tech", email="ada@north.example", email_verified=True)
    assert come(house, provider, "s-tech", "by-subject")[1].status_code == 401
    house.give_account("tech", Grant("technician"))
    command = ["accounts", "connect", "tech", "--provider", "by-subject", "--subject", "s-tech"]
    done = CliRunner().invoke(app, [*command, "--config", str(house.toml), "--db", str(house.file)])
    assert done.exit_code == 0, done.output
    assert come(house, provider, "s-tech", "by-subject")[1].status_code == 303


def test_who_logs_out_is_shown_the_way_out_of_the_provider_too(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-ada", email="ada@north.example", email_verified=True)
    browser, _ = come(house, provider, "s-ada")
    out = browser.send("/logout")
    assert out.headers["location"] == "/login/with/north/out"
    page = browser.get("/login/with/north/out").text
    assert f"{provider.issuer}/oauth2/end_session?client_id=" in page
    assert browser.get("/account").status_code == 303
    assert house.browser("boss").send("/logout").headers["location"] == "/login"


def test_while_the_provider_is_away_it_is_told_in_words_and_passwords_go_on(
    house: PagesService, provider: LocalProvider
) -> None:
    provider.know("s-ada", email="ada@north.example", email_verified=True)
    browser = house.browser()
    back = provider.log_in(browser.get("/login/with/north").headers["location"], "s-ada")
    provider.end()
    away = browser.client.get(back)
    assert away.status_code == 503
    assert "North log-in does not answer now" in away.text
    assert "Traceback" not in away.text + house.said
    assert house.browser("boss").get("/account").status_code == 200
    provider.start()


def _counts(house: PagesService) -> list[int]:
    with closing(sqlite3.connect(house.file)) as db:
        tables = ("account", "role_grant", "identity", "login")
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
