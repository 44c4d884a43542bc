"""A standard's way from a draft to its retirement, on SQLite and on a real PostgreSQL."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.audit.audit_log import latest_entries, verify
from central.standards.standard_versions import (
    StandardStepError,
    approve_standard,
    known_version,
    make_standard_active,
    read_standard_text,
    retire_standard,
    rewrite_draft,
    standard_versions,
    text_sha256,
    write_standard,
)
from protocol.shipped import STANDARDS
from protocol.toml_file import BadFileError
from tests.worlds.standard_texts import active_standard, house_standard, two_people


def test_a_standard_goes_from_draft_to_retired_and_every_step_is_in_the_audit_chain(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        assert write_standard(session, house_standard(), writer, 1.0).state == "draft"
        assert approve_standard(session, "house", 1, approver, 2.0).state == "pilot"
        assert make_standard_active(session, "house", 1, approver, 3.0).state == "active"
        assert retire_standard(session, "house", 1, approver, 4.0).state == "retired"
    with Session(engine) as session:
        found = known_version(session, "house", 1)
        assert (found.author, found.approved_by, found.approved_wall_s) == (writer, approver, 2.0)
        assert (found.text, found.sha256) == (house_standard(), text_sha256(house_standard()))
        entries = latest_entries(session, 10)[::-1]
        assert [(entry.actor, entry.action, entry.subject, entry.detail) for entry in entries] == [
            (f"account {writer}", "standard written", "house@1", found.sha256),
            (f"account {approver}", "standard approved", "house@1", found.sha256),
            (f"account {approver}", "standard made active", "house@1", found.sha256),
            (f"account {approver}", "standard retired", "house@1", found.sha256),
        ]
        assert verify(session).broken_at is None


def test_nobody_approves_what_they_wrote_themselves(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, _ = two_people(session)
        write_standard(session, house_standard(), writer, 1.0)
        with pytest.raises(StandardStepError, match="another one approves it"):
            approve_standard(session, "house", 1, writer, 2.0)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(
            text("UPDATE standard_version SET state = 'pilot', approved_by = author, approved_wall_s = 2.0")
        )


def test_a_draft_is_changed_by_its_author_only_so_that_no_last_word_is_ones_own_approval(
    engine: Engine,
) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        read = write_standard(session, house_standard(), writer, 1.0)
        with pytest.raises(StandardStepError, match="another one's draft"):
            rewrite_draft(session, "house", 1, house_standard() + "# mine\n", approver, 2.0)
        rewrite_draft(session, "house", 1, house_standard() + "[respond]\nwithin_s = 600\n", writer, 3.0)
        with pytest.raises(StandardStepError, match="was changed since you read it"):
            approve_standard(session, "house", 1, approver, 4.0, sha256=read.sha256)
        with pytest.raises(StandardStepError, match="not of house@1"):
            rewrite_draft(session, "house", 1, house_standard(2), writer, 5.0)


def test_what_was_approved_is_written_anew_by_nobody(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        active_standard(session, house_standard(), writer, approver)
        with pytest.raises(StandardStepError, match="stays as it is: write version 2"):
            rewrite_draft(session, "house", 1, house_standard() + "#\n", writer, 5.0)


FORBIDDEN = (
    "UPDATE standard_version SET text = text || '#'",
    "UPDATE standard_version SET sha256 = '0'",
    "UPDATE standard_version SET name = 'other'",
    "UPDATE standard_version SET version = 9",
    "UPDATE standard_version SET author = approved_by, approved_by = author",
    "UPDATE standard_version SET author = approved_by, approved_by = NULL, approved_wall_s = NULL, state = 'draft'",
    "UPDATE standard_version SET approved_by = NULL, approved_wall_s = NULL, state = 'retired'",
    "UPDATE standard_version SET written_wall_s = 0.0",
    "UPDATE standard_version SET state = 'pilot'",
    "UPDATE standard_version SET state = 'draft'",
    "UPDATE standard_version SET state = 'withdrawn'",
    "DELETE FROM standard_version",
    (
        "INSERT INTO standard_version (name, version, text, sha256, state, author, written_wall_s, approved_by, approved_wall_s)"
        " SELECT name, 7, text, sha256, 'active', author, 1.0, approved_by, 1.0 FROM standard_version"
    ),
)


def test_the_database_itself_refuses_what_no_step_is(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        active_standard(session, house_standard(), *two_people(session))
    with Session(engine) as session:
        before = standard_versions(session)
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    with Session(engine) as session:
        assert standard_versions(session) == before


def test_a_text_is_not_changed_in_the_moment_of_its_approval(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        write_standard(session, house_standard(), writer, 1.0)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE standard_version SET state = 'pilot', text = 'x', approved_by = :by, approved_wall_s = 2.0"
            ),
            {"by": approver},
        )


@pytest.mark.parametrize("step", ["approve", "active", "again"])
def test_no_state_is_left_out_and_none_comes_twice(engine: Engine, step: str) -> None:
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        write_standard(session, house_standard(), writer, 1.0)
        with pytest.raises(StandardStepError, match="only a pilot is made active"):
            make_standard_active(session, "house", 1, approver, 2.0)
        retire_standard(session, "house", 1, writer, 3.0)
        with pytest.raises(StandardStepError, match="retired"):
            {
                "approve": lambda: approve_standard(session, "house", 1, approver, 4.0),
                "active": lambda: make_standard_active(session, "house", 1, approver, 4.0),
                "again": lambda: retire_standard(session, "house", 1, approver, 4.0),
            }[step]()


def test_a_version_is_above_those_that_there_are_in_the_database_and_in_the_folder(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, _ = two_people(session)
        write_standard(session, house_standard(3), writer, 1.0)
        with pytest.raises(StandardStepError, match="give it version = 4"):
            write_standard(session, house_standard(2), writer, 2.0)
        shipped = read_standard_text((STANDARDS / "eight-teeth.toml").read_text())
        with pytest.raises(StandardStepError, match="give it version = 2"):
            write_standard(session, (STANDARDS / "eight-teeth.toml").read_text(), writer, 2.0, beside=shipped)
        assert [each.standard.label for each in standard_versions(session, "house")] == ["house@3"]


def test_a_text_that_is_no_standard_is_refused_with_its_line_and_leaves_nothing(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        writer, _ = two_people(session)
        with pytest.raises(
            BadFileError, match=r"line 5: smile.teeth.min: must be a number, not 'eight'"
        ) as refused:
            write_standard(
                session, house_standard(1, "house", "[smile]", 'teeth = { min = "eight" }'), writer, 1.0
            )
        assert "the text cannot be used" in str(refused.value)
        with pytest.raises(BadFileError, match="line 2: version: "):
            write_standard(session, house_standard(2**40), writer, 1.0)
        with pytest.raises(StandardStepError, match="shorten its comments"):
            write_standard(session, house_standard() + "# 字\n" * 2000, writer, 1.0)
        assert standard_versions(session) == ()
