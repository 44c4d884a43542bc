"""Log-ins, links and failed log-ins over time, in scripted seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from central.accounts.account_book import (
    AccountError,
    account_named,
    close_account,
    give,
    has_administrator,
    make_account,
    plain_name,
    set_password,
)
from central.accounts.failed_logins import (
    COUNTED_S,
    MOST_OF_A_NAME,
    MOST_OF_AN_ADDRESS,
    forget_failed,
    note_failed,
    too_many,
)
from central.accounts.invitations import (
    LASTS_S,
    accept,
    invitation_of,
    invite,
    invite_first_administrator,
)
from central.accounts.logins import LoginLimits, log_in, login_of, note_seen
from central.accounts.passwords import UnfitPasswordError, hashed, matches
from central.accounts.roles import Grant
from central.database.engine import open_for_writing

LIMITS = LoginLimits(idle_s=600.0, longest_s=3600.0)
GOOD = "four plain words and a comma,"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(str(tmp_path / "central.db"))
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_log_in_ends_when_idle_and_in_any_case_after_its_longest(session: Session) -> None:
    account = make_account(session, "ada", 0.0)
    secret = log_in(session, account.id, 0.0)
    assert login_of(session, secret, LIMITS, 599.0) is not None
    assert login_of(session, secret, LIMITS, 601.0) is None
    for now_s in range(0, 3600, 300):
        note_seen(session, secret, float(now_s))
        assert login_of(session, secret, LIMITS, now_s + 299.0) is not None
    note_seen(session, secret, 3599.0)
    assert login_of(session, secret, LIMITS, 3600.0) is None


def test_a_log_in_is_of_its_secret_and_of_an_open_account(session: Session) -> None:
    for name in ("ada", "bob"):
        make_account(session, name, 0.0)
    ada, bob = account_named(session, "ADA "), account_named(session, "bob")
    assert ada
    assert bob
    set_password(session, bob.id, "x")
    give(session, bob.id, Grant("administrator"))
    secret = log_in(session, ada.id, 0.0)
    assert login_of(session, secret + "x", LIMITS, 1.0) is None
    close_account(session, ada.id, 2.0)
    assert login_of(session, secret, LIMITS, 3.0) is None


def test_a_link_works_once_and_until_it_runs_out(session: Session) -> None:
    account = make_account(session, "ada", 0.0)
    old, new = invite(session, account.id, 0.0), invite(session, account.id, 10.0)
    assert invitation_of(session, old, 11.0) is None
    assert invitation_of(session, new, 10.0 + LASTS_S) is None
    accept(session, new, "ignored", GOOD, 20.0)
    with pytest.raises(AccountError, match="used already"):
        accept(session, new, "ignored", GOOD, 21.0)


def test_nobody_becomes_first_administrator_where_there_is_one(session: Session) -> None:
    first = invite_first_administrator(session, 0.0)
    second = invite_first_administrator(session, 1.0)
    assert first
    assert second
    with pytest.raises(AccountError):
        accept(session, first, "eve", GOOD, 2.0)
    accept(session, second, "ada", GOOD, 2.0)
    assert has_administrator(session)
    assert invite_first_administrator(session, 3.0) is None


def test_failed_log_ins_count_for_their_name_and_their_address_for_a_quarter_of_an_hour(
    session: Session,
) -> None:
    for number in range(MOST_OF_A_NAME):
        assert not too_many(session, "ada", "10.0.0.9", 0.0)
        note_failed(session, "Ada ", f"10.0.1.{number}", 0.0)
    # Letters of another width or face are the same name, as they are the same account.
    wide, bold = "\uff21\uff24\uff21", "\U0001d41a\U0001d41d\U0001d41a"
    assert all(too_many(session, name, "10.0.0.9", 1.0) for name in ("ada", wide, bold, "\u2003ada"))
    assert not too_many(session, "bob", "10.0.0.9", 1.0)
    assert not too_many(session, "ada", "10.0.0.9", COUNTED_S)
    for number in range(MOST_OF_AN_ADDRESS):
        note_failed(session, f"name {number}", "10.0.0.7", 2000.0)
    assert too_many(session, "bob", "10.0.0.7", 2001.0)
    note_failed(session, "bob", "10.0.0.8", 2001.0)
    forget_failed(session, "bob")
    assert too_many(session, "bob", "10.0.0.7", 2001.0)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 15"),
        ("aaaaaaaaaaaaaaaaaaaa", "same few letters"),
        ("ada goes to the harbour", "name stands in"),
        ("x" * 300, "at most"),
    ],
)
def test_a_password_that_is_tried_first_is_not_taken(password: str, reason: str) -> None:
    with pytest.raises(UnfitPasswordError, match=reason):
        hashed(password, "ada")


def test_the_same_letters_of_two_keyboards_are_the_same_password() -> None:
    stored = hashed("une clé dans le café", "ada")
    assert matches(stored, "une cle\u0301 dans le cafe\u0301")
    assert not matches(stored, "une cle dans le cafe")
    assert not matches(None, "nobody has this password")


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "x" * 101, "a\u200bb"])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(AccountError):
        plain_name(name)
