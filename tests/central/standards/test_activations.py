"""A standard in force in a showroom, from a moment on: on SQLite and on a real PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.audit.audit_log import latest_entries, verify
from central.desks.registry import enter
from central.ingest.plan_sending import PlanSending
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard, activations, retire_unused, withdraw_activation
from central.standards.desk_plans import asked_plans, bring_plans_up_to_date
from central.standards.signing_key import (
    BadSigningKeyError,
    make_signing_key,
    shown_signing_key,
    signed_plan,
)
from central.standards.standard_versions import (
    StandardStepError,
    approve_standard,
    make_standard_active,
    write_standard,
)
from edge.settings.plan_check import checked_plan
from protocol.standard_plan import public_keys
from tests.worlds.signed_plans import plan_of
from tests.worlds.standard_texts import active_standard, house_standard, two_people

NOW_S = 2_000_000_000.0


def world(session: Session) -> tuple[int, Callable[..., None]]:
    """Desks in three showrooms and two active versions; returns whoever approves, and how they put one into force."""
    writer, approver = two_people(session)
    for number, showroom in enumerate(("Harbour", "Market", "Airport"), 1):
        enter(session, f"desk-{number}", company="North", showroom=showroom)
    for version in (1, 2):
        active_standard(session, house_standard(version), writer, approver, NOW_S)

    def put(version: int, showroom: str = "Harbour", from_s: float = NOW_S, now_s: float = NOW_S) -> None:
        place = known_showroom(session, showroom)
        activate_standard(session, "house", version, place, from_s, approver, now_s)

    return approver, put


def planned(session: Session, device: str, now_s: float) -> list[str]:
    bring_plans_up_to_date(session, now_s)
    asked = asked_plans(session).get(device)
    return [f"{each.name}@{each.version}" for each in asked.plan.standards] if asked else []


def test_only_the_desks_of_that_showroom_get_a_plan_and_each_change_a_higher_number(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        _, put = world(session)
        put(1)
        put(2, from_s=NOW_S + 60)
        assert planned(session, "desk-1", NOW_S) == ["house@1", "house@2"]
        first = asked_plans(session)["desk-1"].plan.number
        assert planned(session, "desk-1", NOW_S + 30) == ["house@1", "house@2"]
        assert asked_plans(session)["desk-1"].plan.number == first
        assert planned(session, "desk-1", NOW_S + 60) == ["house@2"]
        assert asked_plans(session)["desk-1"].plan.number > first
        assert set(asked_plans(session)) == {"desk-1"}


def test_a_desk_that_moves_gets_the_standard_of_where_it_stands_or_its_own_back(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        _, put = world(session)
        put(1)
        put(2, "Market")
        assert planned(session, "desk-1", NOW_S) == ["house@1"]
        enter(session, "desk-1", showroom="Market", correct=True)
        assert planned(session, "desk-1", NOW_S + 1) == ["house@2"]
        enter(session, "desk-1", showroom="Airport", correct=True)
        assert planned(session, "desk-1", NOW_S + 2) == []
        assert asked_plans(session)["desk-1"].plan.standards == ()


def test_what_has_passed_is_not_put_into_force_and_what_is_in_force_not_withdrawn(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        approver, put = world(session)
        with pytest.raises(StandardStepError, match="what has passed stays"):
            put(1, from_s=NOW_S - 1)
        put(1)
        put(2, from_s=NOW_S + 60)
        with pytest.raises(StandardStepError, match="another standard from that moment"):
            put(1, from_s=NOW_S + 60)
        running, coming = activations(session)
        with pytest.raises(StandardStepError, match="in force already"):
            withdraw_activation(session, running.id, approver, NOW_S)
        withdraw_activation(session, coming.id, approver, NOW_S + 1)
        with pytest.raises(StandardStepError, match="no such activation"):
            withdraw_activation(session, coming.id, approver, NOW_S + 2)
        put(1, from_s=NOW_S + 60, now_s=NOW_S + 2)
        assert [each.version.standard.version for each in activations(session)] == [1, 1]
        actions = [entry.action for entry in latest_entries(session, 4)]
        assert actions == [
            "standard put into force",
            "standard withdrawn",
            "standard put into force",
            "standard put into force",
        ]
        assert verify(session).broken_at is None


def test_a_draft_comes_into_force_nowhere_and_a_pilot_in_one_showroom(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        approver, put = world(session)
        account = session.execute(text("SELECT id FROM account WHERE name = 'writer'")).scalar_one()
        write_standard(session, house_standard(3), account, NOW_S)
        with pytest.raises(StandardStepError, match="is a draft"):
            put(3)
        approve_standard(session, "house", 3, approver, NOW_S)
        put(3)
        put(3, from_s=NOW_S + 5)
        with pytest.raises(StandardStepError, match="a pilot, and tried in Harbour"):
            put(3, "Market")
        make_standard_active(session, "house", 3, approver, NOW_S)
        put(3, "Market")
        with pytest.raises(StandardStepError, match="in force or planned in Harbour, Market"):
            retire_unused(session, "house", 3, approver, NOW_S)
        retire_unused(session, "house", 1, approver, NOW_S)
        with pytest.raises(StandardStepError, match="is retired"):
            put(1, from_s=NOW_S + 9)


FORBIDDEN = (
    "UPDATE standard_activation SET from_wall_s = from_wall_s + 1",
    "UPDATE standard_activation SET version_id = version_id + 1",
    "UPDATE standard_activation SET withdrawn_by = ordered_by, withdrawn_wall_s = from_wall_s + 1",
    "DELETE FROM standard_activation",
    (
        "INSERT INTO standard_activation (version_id, showroom_id, from_wall_s, ordered_by, ordered_wall_s)"
        " SELECT version_id, showroom_id, from_wall_s, ordered_by, ordered_wall_s FROM standard_activation"
    ),
    (
        "INSERT INTO standard_activation (version_id, showroom_id, from_wall_s, ordered_by, ordered_wall_s)"
        " SELECT (SELECT id FROM standard_version WHERE state = 'draft'), showroom_id, from_wall_s + 9, ordered_by, 1.0"
        " FROM standard_activation"
    ),
)


def test_the_database_itself_keeps_what_was_ordered(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        approver, put = world(session)
        put(1)
        write_standard(session, house_standard(3), approver, NOW_S)
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))


def test_a_key_is_made_once_and_signs_what_the_desk_checks(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    line = make_signing_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert shown_signing_key(file) == line
    assert checked_plan(signed_plan(plan_of(4), file), "desk-1", public_keys(line)).plan == plan_of(4)
    with pytest.raises(BadSigningKeyError, match="there already"):
        make_signing_key(file)
    with pytest.raises(BadSigningKeyError, match="make-key"):
        shown_signing_key(tmp_path / "none")
    file.write_text("nothing")
    with pytest.raises(BadSigningKeyError, match="no Ed25519 key"):
        shown_signing_key(file)


def test_a_plan_is_sent_once_a_connection_and_without_a_key_it_is_said_why(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[str] = []
    sending = PlanSending(lambda topic, _: sent.append(topic), tmp_path / "signing.key")
    with Session(engine) as session, session.begin():
        _, put = world(session)
        sending.send(session, NOW_S)
        assert not caplog.text
        put(1)
        for _ in range(2):
            sending.send(session, NOW_S)
        assert caplog.text.count("make one with `deskside-central standards make-key`") == 1
        make_signing_key(tmp_path / "signing.key")
        for _ in range(2):
            sending.send(session, NOW_S)
        assert sent == ["deskside/1/desk-1/standard"]
        sending.connected()
        sending.send(session, NOW_S)
        assert len(sent) == 2


def test_as_many_standards_travel_as_fit_into_a_message(engine: Engine, tmp_path: Path) -> None:
    make_signing_key(tmp_path / "signing.key")
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        enter(session, "desk-1", company="North", showroom="Harbour")
        place = known_showroom(session, "Harbour")
        for version in range(1, 5):
            long = house_standard(version) + '# "\n' * 2000
            active_standard(session, long, writer, approver, NOW_S)
            activate_standard(session, "house", version, place, NOW_S + version, approver, NOW_S)
        (plan,) = bring_plans_up_to_date(session, NOW_S)
        assert 1 <= len(plan.standards) <= 3
        assert len(signed_plan(plan, tmp_path / "signing.key")) < 65536
