"""Exemptions from clauses: signed by another, ended, and never deleted; the reason is for two."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, make_account
from central.people.exemptions import (
    BadExemptionError,
    ExemptClauses,
    Exemption,
    end_exemption,
    exemptions,
    sign_exemption,
)


def signed(session: Session, **changes: object) -> Exemption:
    """An exemption of wren from the teeth, signed by account 1, read by account 2."""
    for name in ("signer", "wren"):
        if account_named(session, name) is None:
            make_account(session, name, 0.0)
    facts: dict[str, object] = {
        "person": "wren",
        "clause": "smile.teeth",
        "reason": "braces",
        "signed_by": 1,
        "account": 2,
        "from_wall_s": 100.0,
        "now_wall_s": 90.0,
    }
    return sign_exemption(session, **facts | changes)  # type: ignore[arg-type]


def test_it_holds_from_its_moment_until_it_is_ended_and_stays_in_what_it_was(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        number = signed(session).number
        end_exemption(session, number, ended_by=1, until_wall_s=200.0)
        signed(session, from_wall_s=300.0)
        held = ExemptClauses(exemptions(session))
    moments = [50.0, 100.0, 199.0, 200.0, 299.0, 300.0, 1e12]
    assert [bool(held.of("wren", at_s)) for at_s in moments] == [False, True, True, False, False, True, True]
    assert held.of("lark", 150.0) == set()


@pytest.mark.parametrize("table", ["exemption", "exemption_end"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_the_database_lets_nobody_change_or_delete_one(engine: Engine, table: str, change: str) -> None:
    with Session(engine) as session, session.begin():
        end_exemption(session, signed(session).number, ended_by=1, until_wall_s=200.0)
    setting = "reason = 'none'" if table == "exemption" else "until_wall_s = 1.0"
    with pytest.raises(DBAPIError, match="stays as it was signed"), engine.begin() as connection:
        connection.execute(text(change.format(table, setting)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"person": " "}, "names a person"),
        ({"person": "w" * 101}, "names a person"),
        ({"clause": "smile.eyes"}, "there is no clause 'smile.eyes'"),
        ({"reason": "\n"}, "has a reason"),
        ({"account": 1}, "nobody signs their own"),
    ],
)
def test_one_that_is_none_is_refused_with_the_reason(
    engine: Engine, change: dict[str, object], why: str
) -> None:
    with Session(engine) as session, pytest.raises(BadExemptionError, match=why):
        signed(session, **change)


def test_nobody_is_exempt_twice_and_none_ends_twice(engine: Engine) -> None:
    with Session(engine) as session:
        number = signed(session).number
        with pytest.raises(BadExemptionError, match=r"exempt from smile\.teeth already"):
            signed(session)
        end_exemption(session, number, ended_by=1, until_wall_s=200.0)
        with pytest.raises(BadExemptionError, match="ended already"):
            end_exemption(session, number, ended_by=1, until_wall_s=300.0)
        with pytest.raises(BadExemptionError, match="there is no exemption 77"):
            end_exemption(session, 77, ended_by=1, until_wall_s=300.0)


def test_the_reason_is_for_whoever_signed_it_and_for_the_person(engine: Engine) -> None:
    with Session(engine) as session:
        exemption = signed(session)
        alone = signed(session, clause="smile.lift_cm", account=None)
    assert [exemption.reason_for(number) for number in (1, 2, 3)] == ["braces", "braces", None]
    assert [alone.reason_for(number) for number in (1, 2)] == ["braces", None]
