"""The chain of the audit log is examined from where it was examined before, and a change of then is found as before."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.audit.audit_log import note, verify
from central.audit.examined_log import WHOLE_AFTER_S, ExaminedLog


@pytest.fixture
def written(engine: Engine) -> Engine:
    with Session(engine) as session, session.begin():
        for number in range(8):
            note(session, float(number), "account 1", "read day", f"desk-{number}")
    return engine


def tamper(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit SET detail = 'x' WHERE number = :number"), {"number": number})


def test_what_came_since_is_examined_and_comes_to_the_same(written: Engine) -> None:
    with Session(written) as session, session.begin():
        before = verify(session)
        note(session, 9.0, "account 2", "read visit", "desk-1")
        assert verify(session, before) == verify(session)
        assert verify(session, before).entries == 9


def test_a_change_since_is_found_at_once_and_one_of_before_when_all_is_examined(written: Engine) -> None:
    with Session(written) as session:
        before = verify(session)
    with Session(written) as session, session.begin():
        note(session, 9.0, "account 2", "read visit", "desk-1")
    tamper(written, 9)
    with Session(written) as session:
        assert verify(session, before).broken_at == 9
    tamper(written, 3)
    with Session(written) as session:
        assert verify(session).broken_at == 3


def test_where_the_last_entry_of_then_is_another_now_all_is_examined(written: Engine) -> None:
    with Session(written) as session:
        before = verify(session)
    tamper(written, 2)
    with written.begin() as connection:
        connection.execute(text("UPDATE audit SET digest = 'y' WHERE number = 8"))
    with Session(written) as session:
        assert verify(session, before).broken_at == 2


def test_a_page_finds_an_old_change_after_a_day_or_when_asked(written: Engine) -> None:
    log = ExaminedLog()
    with Session(written) as session:
        assert log.examine(session, 100.0).entries == 8
    tamper(written, 3)
    with Session(written) as session:
        assert log.examine(session, 200.0).broken_at is None
        assert log.examine(session, 101.0 + WHOLE_AFTER_S).broken_at == 3
    asked = ExaminedLog()
    with Session(written) as session:
        assert asked.examine(session, 300.0, whole=True).broken_at == 3
        assert asked.examine(session, 400.0).broken_at == 3, "what was found is not forgotten"
