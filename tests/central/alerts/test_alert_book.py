"""One alert for one cause: told once, not at night, not after somebody saw to it, and again only for another cause."""

from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.alerts.alert_book import (
    AlertStepError,
    acknowledge,
    alerts_of,
    due_tellings,
    note_signals,
    note_telling,
)
from central.settings import AlertChannel
from central.showrooms.premises import Showroom, entered_showroom, known_showroom
from central.statistics.period_charts import Signal

NOON_S = 1_790_078_400.0
"""2026-09-22, noon in UTC."""
FELL = date(2026, 9, 18)
CHANNELS = (
    AlertChannel(
        name="managers", kind="email", to=("ada@north.example",), quiet_from=time(20), quiet_until=time(8)
    ),
    AlertChannel(
        name="directors", kind="email", to=("bo@north.example",), quiet_from=time(10), quiet_until=time(14)
    ),
)


def signal(began: date = FELL, *, up: bool = False) -> Signal:
    return Signal(began + timedelta(days=3), began, None, up)


@pytest.fixture
def harbour(engine: Engine) -> Showroom:
    with Session(engine) as session, session.begin():
        entered_showroom(session, "North", "Harbour", "UTC")
        return known_showroom(session, "Harbour")


def look(
    engine: Engine, harbour: Showroom, found: Sequence[tuple[str, Signal]], now_s: float = NOON_S
) -> None:
    with Session(engine) as session, session.begin():
        note_signals(session, harbour, found, CHANNELS, now_s)


def due(engine: Engine, now_s: float = NOON_S) -> list[str]:
    with Session(engine) as session:
        return [each.channel for each in due_tellings(session, now_s)]


def test_signals_of_one_cause_are_one_alert_and_told_once_however_often_charts_are_looked_at(
    engine: Engine, harbour: Showroom
) -> None:
    found = [("respond.within_s", signal()), ("wait.median", signal(FELL + timedelta(days=4), up=True))]
    for hour in range(3):
        look(engine, harbour, found[: hour + 1], NOON_S + 3600.0 * hour)
    with Session(engine) as session:
        (alert,) = alerts_of(session, [harbour.id])
    assert [code for code, _, _ in alert.signals] == ["respond.within_s", "wait.median"]
    assert alert.began == FELL
    assert due(engine, NOON_S + 86400.0) == ["managers", "directors"]


def test_a_channel_in_its_quiet_hours_is_told_after_them(engine: Engine, harbour: Showroom) -> None:
    look(engine, harbour, [("kept", signal())])
    assert due(engine) == ["managers"]
    assert due(engine, NOON_S + 2 * 3600.0) == ["managers", "directors"]


def test_what_was_told_is_told_no_more_and_what_was_refused_is_tried_later(
    engine: Engine, harbour: Showroom
) -> None:
    look(engine, harbour, [("kept", signal())])
    with Session(engine) as session, session.begin():
        (each,) = due_tellings(session, NOON_S)
        note_telling(session, each.number, "no such mailbox", NOON_S)
        assert due_tellings(session, NOON_S + 59.0) == ()
        (again,) = due_tellings(session, NOON_S + 61.0)
        assert again.alert.troubles == (("managers", "no such mailbox"),)
        note_telling(session, again.number, None, NOON_S + 61.0)
    assert due(engine, NOON_S + 86400.0) == ["directors"]


def test_nobody_is_told_of_what_somebody_sees_to_by_name(engine: Engine, harbour: Showroom) -> None:
    look(engine, harbour, [("kept", signal())])
    with Session(engine) as session, session.begin():
        (alert,) = alerts_of(session, [harbour.id])
        acknowledge(session, alert.number, "Ada", "account 1", NOON_S)
        with pytest.raises(AlertStepError, match="Ada has acknowledged it already"):
            acknowledge(session, alert.number, "Bo", "account 2", NOON_S)
    assert due(engine, NOON_S + 86400.0) == []
    look(engine, harbour, [("kept", signal()), ("coverage", signal())])
    assert due(engine, NOON_S + 86400.0) == []


def test_an_alert_is_over_with_the_last_of_its_signals_and_another_cause_is_another_alert(
    engine: Engine, harbour: Showroom
) -> None:
    look(engine, harbour, [("kept", signal()), ("coverage", signal())])
    look(engine, harbour, [("coverage", signal())])
    with Session(engine) as session:
        (alert,) = alerts_of(session, [harbour.id])
    assert alert.closed_wall_s is None
    assert {code: lasts for code, _, lasts in alert.signals} == {"kept": False, "coverage": True}
    look(engine, harbour, [])
    assert due(engine, NOON_S + 86400.0) == []
    look(engine, harbour, [("kept", signal(FELL + timedelta(days=60)))], NOON_S + 60 * 86400.0)
    with Session(engine) as session:
        assert len(alerts_of(session, [harbour.id])) == 2
        assert alerts_of(session, []) == ()


def test_a_later_cause_while_the_first_lasts_is_an_alert_of_its_own(
    engine: Engine, harbour: Showroom
) -> None:
    later = signal(FELL + timedelta(days=30))
    look(engine, harbour, [("kept", signal())])
    look(engine, harbour, [("kept", signal()), ("coverage", later)])
    with Session(engine) as session:
        assert len(alerts_of(session, [harbour.id])) == 2
