"""Tokens over time, in scripted seconds: they end, are revoked, and give no more than their account has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.account_book import close_account, give, make_account, set_password
from central.accounts.forgetting import forget_account
from central.accounts.roles import Grant, Scope
from central.accounts.tokens import (
    MOST_TOKENS,
    PREFIX,
    TokenError,
    TokenRow,
    make_token,
    note_used,
    revoke_token,
    revoke_tokens_of,
    token_use,
    tokens_of,
)
from central.database.engine import open_for_writing

DAY_S = 86400.0
NORTH, HARBOUR = Scope("North"), Scope("North", "Harbour")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(str(tmp_path / "central.db"))
    with Session(engine) as session:
        boss = make_account(session, "boss", 0.0)
        set_password(session, boss.id, "x")
        give(session, boss.id, Grant("administrator"))
        ada = make_account(session, "ada", 0.0)
        give(session, ada.id, Grant("area_manager", NORTH))
        give(session, ada.id, Grant("technician", Scope("South")))
        yield session
    engine.dispose()


ADA = 2


def test_a_token_holds_until_its_last_day_and_until_it_is_revoked(session: Session) -> None:
    token, secret = make_token(session, ADA, "a report", ["visits:read"], 2, 0.0)
    other, second = make_token(session, ADA, "another", ["visits:read"], 2, 0.0)
    assert token_use(session, secret, 2 * DAY_S - 1.0)
    assert token_use(session, secret, 2 * DAY_S) is None
    revoke_token(session, other.id, 5.0)
    assert token_use(session, second, 6.0) is None
    assert token_use(session, secret + "x", 6.0) is None
    with pytest.raises(TokenError, match="already"):
        revoke_token(session, other.id, 7.0)
    with pytest.raises(TokenError, match="no token"):
        revoke_token(session, token.id, 7.0, account=1)


def test_only_the_hash_of_a_token_is_kept(session: Session) -> None:
    _, secret = make_token(session, ADA, "a report", ["visits:read"], 2, 0.0)
    assert secret.startswith(PREFIX)
    row = session.scalars(select(TokenRow)).one()
    assert secret not in str(vars(row))
    assert secret.removeprefix(PREFIX) not in str(vars(row))


def test_a_token_reaches_what_its_account_reaches_and_no_more_than_it_names(session: Session) -> None:
    _, whole = make_token(session, ADA, "a", ["visits:read"], 2, 0.0)
    _, harbour = make_token(session, ADA, "b", ["visits:read"], 2, 0.0, HARBOUR)
    _, far = make_token(session, ADA, "c", ["visits:read"], 2, 0.0, Scope("East"))
    found = [
        use.account.grants for secret in (whole, harbour, far) if (use := token_use(session, secret, 1.0))
    ]
    assert found == [
        (Grant("area_manager", NORTH), Grant("technician", Scope("South"))),
        (Grant("area_manager", HARBOUR),),
        (),
    ]


def test_it_is_noted_once_a_minute_that_a_token_is_in_use(session: Session) -> None:
    token, secret = make_token(session, ADA, "a report", ["visits:read"], 2, 0.0)
    due = []
    for now_s in (1.0, 2.0, 60.0, 61.0, 62.0):
        use = token_use(session, secret, now_s)
        assert use
        due.append(use.due)
        if use.due:
            note_used(session, token.id, now_s)
    assert due == [True, False, False, True, False]
    assert tokens_of(session, ADA)[0].used_wall_s == 61.0


def test_a_closed_account_has_no_tokens_and_an_erased_one_has_no_rows_of_them(session: Session) -> None:
    _, secret = make_token(session, ADA, "for Ada's sheet", ["visits:read"], 2, 0.0)
    close_account(session, ADA, 1.0)
    assert token_use(session, secret, 2.0) is None
    revoke_tokens_of(session, ADA, 2.0)
    assert [token.revoked_wall_s for token in tokens_of(session, ADA)] == [2.0]
    forget_account(session, ADA, 3.0)
    assert tokens_of(session) == ()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"label": " "}, "what it is for"),
        ({"label": "a\nb"}, "what it is for"),
        ({"permits": []}, "at least one"),
        ({"permits": ["accounts:write"]}, "no permit"),
        ({"days": 0}, "1 to"),
        ({"days": 5000}, "1 to"),
        ({"scope": Scope("", "Harbour")}, "together with its company"),
    ],
)
def test_what_cannot_be_a_token_is_refused(session: Session, facts: dict[str, object], reason: str) -> None:
    usual: dict[str, object] = {"label": "a", "permits": ["visits:read"], "days": 2, "now_wall_s": 0.0}
    with pytest.raises(TokenError, match=reason):
        make_token(session, ADA, **usual | facts)  # type: ignore[arg-type]


def test_an_account_has_so_many_tokens_at_one_time(session: Session) -> None:
    for _ in range(MOST_TOKENS):
        make_token(session, ADA, "a", ["visits:read"], 1, 0.0)
    with pytest.raises(TokenError, match="revoke one"):
        make_token(session, ADA, "a", ["visits:read"], 1, 0.0)
    make_token(session, ADA, "a", ["visits:read"], 1, DAY_S)
