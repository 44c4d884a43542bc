"""Passkeys in a real Chromium, with a virtual authenticator in place of a telephone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, close_account
from central.accounts.passkeys import CHALLENGE_S, MOST_CHALLENGES, Challenges, PasskeyError
from central.accounts.roles import Grant
from tests.worlds.delivery.mosquitto import free_port
from tests.worlds.pages.chromium import chromium, log_in
from tests.worlds.pages.service import PagesService


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PagesService]:
    """Reached by a name: a passkey is tied to one, and to no number."""
    port = free_port()
    settings = f'[web]\nurl = "http://localhost:{port}"\n'
    with PagesService(tmp_path, settings=settings, port=port) as service:
        service.url = f"http://localhost:{port}"
        service.give_account("ada", Grant("host"))
        yield service


def _with_authenticator(context: BrowserContext, page: Page) -> tuple[Any, str]:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_made_logs_in_and_is_good_for_nothing_once_taken_away(
    browser: Browser, service: PagesService
) -> None:
    context = browser.new_context()
    page = log_in(context, service, "ada")
    session, authenticator = _with_authenticator(context, page)
    page.goto(f"{service.url}/account")
    page.click("form[data-passkey=make] button")
    expect(page.locator("form[action$='/drop']")).to_have_count(1, timeout=30_000)
    page.click(".bar-top button")
    page.wait_for_url("**/login")
    page.goto(f"{service.url}/login?on=/standards")
    page.click("form[data-passkey=use] button")
    page.wait_for_url(f"{service.url}/standards", timeout=30_000)
    page.goto(f"{service.url}/account")
    expect(page.locator("main")).to_contain_text("by passkey")
    page.click("form[action$='/drop'] button")
    expect(page.locator("form[action$='/drop']")).to_have_count(0, timeout=30_000)
    page.click(".bar-top button")
    page.wait_for_url("**/login")
    page.click("form[data-passkey=use] button")
    expect(page.locator("main")).to_contain_text("No account has this passkey", timeout=30_000)
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert len(kept) == 1
    context.close()


def test_a_passkey_of_a_closed_account_opens_nothing(browser: Browser, service: PagesService) -> None:
    service.give_account("chief", Grant("administrator"))
    context = browser.new_context()
    page = log_in(context, service, "ada")
    _with_authenticator(context, page)
    page.goto(f"{service.url}/account")
    page.click("form[data-passkey=make] button")
    expect(page.locator("form[action$='/drop']")).to_have_count(1, timeout=30_000)
    page.click(".bar-top button")
    page.wait_for_url("**/login")
    with Session(service.engine()) as session, session.begin():
        ada = account_named(session, "ada")
        assert ada is not None
        close_account(session, ada.id, 1.0)
    page.click("form[data-passkey=use] button")
    expect(page.locator("main [role=alert], main .complaint").first).to_be_visible(timeout=30_000)
    page.goto(f"{service.url}/account")
    assert page.url.startswith(f"{service.url}/login")
    context.close()


def test_an_answer_is_good_once_and_for_its_own_challenge(browser: Browser, service: PagesService) -> None:
    context = browser.new_context()
    page = log_in(context, service, "ada")
    _with_authenticator(context, page)
    page.goto(f"{service.url}/account")
    page.click("form[data-passkey=make] button")
    expect(page.locator("form[action$='/drop']")).to_have_count(1, timeout=30_000)
    answer = page.evaluate(
        """async () => {
            const asked = await (await fetch("/login/passkey")).json();
            const options = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
            return JSON.stringify((await navigator.credentials.get({ publicKey: options })).toJSON());
        }"""
    )
    thief = service.browser()
    # Another browser has another challenge, or none.
    assert thief.send("/login/passkey", at="/login", credential=answer).status_code == 401
    thief.get("/login/passkey")
    assert thief.send("/login/passkey", at="/login", credential=answer).status_code == 401
    for broken in ("", "{}", "[]", "null", "x", json.dumps({"rawId": 7}), json.dumps({"rawId": "AAAA"})):
        thief.get("/login/passkey")
        assert thief.send("/login/passkey", at="/login", credential=broken).status_code == 401, broken
    context.close()


def test_a_challenge_is_taken_once_in_time_and_by_its_own_browser() -> None:
    challenges = Challenges()
    challenges.put("one", b"a", 0.0)
    with pytest.raises(PasskeyError):
        challenges.take("other", 1.0)
    assert challenges.take("one", CHALLENGE_S) == b"a"
    with pytest.raises(PasskeyError):
        challenges.take("one", CHALLENGE_S)
    challenges.put("one", b"b", 0.0)
    with pytest.raises(PasskeyError):
        challenges.take("one", CHALLENGE_S + 1.0)
    for number in range(MOST_CHALLENGES + 1):
        challenges.put(str(number), b"c", 0.0)
    with pytest.raises(PasskeyError):
        challenges.take("0", 0.0)
