"""What is monitored: overdue once its day has ended where it belongs, told once, and shown beside what it may explain."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.alerts.alert_book import acknowledge, alerts_of, due_tellings, note_overdue, note_signals
from central.alerts.telling import alert_text
from central.monitoring.source_book import (
    MonitoredSource,
    MonitoringStepError,
    SourceSaid,
    begin_monitoring,
    change_monitoring,
    end_monitoring,
    may_explain,
    monitored_sources,
    note_found,
)
from central.reports.catalogues import catalogue
from central.reports.language import speaking
from central.settings import AlertChannel
from central.showrooms.premises import entered_showroom, showrooms

ENTERED = date(2026, 9, 1)
SURVEY = SourceSaid("customers", "Survey of visitors", "month", "Marketing", "of 5", ("respond.within_s",))
QUIET = {"quiet_from": time(8), "quiet_until": time(8)}
CHANNELS = (
    AlertChannel(name="all", kind="email", to=("a@x.example",), **QUIET),  # type: ignore[arg-type]
    AlertChannel(name="harbour", kind="email", to=("h@x.example",), showroom="Harbour", **QUIET),  # type: ignore[arg-type]
    AlertChannel(name="south", kind="email", to=("s@x.example",), company="South", **QUIET),  # type: ignore[arg-type]
)


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.fixture
def house(engine: Engine) -> Engine:
    """Two showrooms of North, in Shanghai and Berlin."""
    with Session(engine) as session, session.begin():
        entered_showroom(session, "North", "Harbour", "Asia/Shanghai")
        entered_showroom(session, "North", "Market", "Europe/Berlin")
        make_account(session, "ada", 1.0)
    return engine


def enter(house: Engine, said: SourceSaid = SURVEY, showroom: str | None = "Harbour") -> int:
    with Session(house) as session, session.begin():
        place = next((each.id for each in showrooms(session) if each.name == showroom), None)
        return begin_monitoring(session, "North", place, said, 1, "account 1", 0.0, ENTERED)


def found(house: Engine, number: int, day: str, text: str = "4.1, as before", **more: bool) -> None:
    with Session(house) as session, session.begin():
        today = date(2027, 1, 1)
        note_found(session, number, date.fromisoformat(day), text, 4.1, 1, "account 1", 0.0, today, **more)


def only(house: Engine) -> MonitoredSource:
    with Session(house) as session:
        (source,) = monitored_sources(session)
    return source


def look(house: Engine, text: str) -> list[str]:
    """Look for what is overdue at a moment; returns the channels that are told then."""
    now_s = moment(text)
    with Session(house) as session, session.begin():
        note_overdue(session, showrooms(session), monitored_sources(session), CHANNELS, now_s)
        return [each.channel for each in due_tellings(session, now_s)]


def test_a_source_is_due_a_rhythm_after_its_entry_and_after_its_latest_note(house: Engine) -> None:
    number = enter(house)
    assert only(house).due == date(2026, 10, 1)
    found(house, number, "2026-09-20")
    assert only(house).due == date(2026, 10, 20)
    found(house, number, "2026-09-05")
    assert only(house).due == date(2026, 10, 20), "a note that comes late tells of an earlier day"
    assert not only(house).overdue(date(2026, 10, 20))
    assert only(house).overdue(date(2026, 10, 21))


def test_it_is_overdue_when_the_day_has_ended_where_the_showroom_is_and_told_once(house: Engine) -> None:
    """Midnight after the first of October comes to Shanghai at four in the afternoon of UTC."""
    enter(house)
    assert look(house, "2026-10-01T15:59") == []
    assert look(house, "2026-10-01T16:01") == ["all", "harbour"]
    for hour in range(3):
        assert look(house, f"2026-10-02T0{hour}:00") == ["all", "harbour"], "still the same two"
    with Session(house) as session:
        (alert,) = alerts_of(session, [each.id for each in showrooms(session)])
        place = next(each for each in showrooms(session) if each.id == alert.showroom_id)
    assert (alert.began, alert.source_title) == (date(2026, 10, 2), "Survey of visitors")
    for language, words in (
        ("en", "is overdue since 2026-10-02: Survey"),
        ("de", "seit 2026-10-02 überfällig"),
    ):
        with speaking(catalogue(language)):
            text = alert_text(alert, place, "https://x.example")
        assert words in text
        assert text.endswith(f"https://x.example/monitoring/{alert.source}")


def test_a_note_closes_the_alert_and_the_next_gap_is_another_one(house: Engine) -> None:
    number = enter(house)
    look(house, "2026-10-05T00:00")
    found(house, number, "2026-10-05")
    assert look(house, "2026-10-06T00:00") == []
    assert look(house, "2026-11-07T00:00") == ["all", "harbour"]
    with Session(house) as session, session.begin():
        latest, before = alerts_of(session, [each.id for each in showrooms(session)])
        assert before.closed_wall_s is not None
        acknowledge(session, latest.number, "Ada", "account 1", 0.0)
    assert look(house, "2026-11-08T00:00") == []


def test_one_of_a_whole_company_is_told_to_channels_that_are_of_no_single_showroom(house: Engine) -> None:
    enter(house, showroom=None)
    assert look(house, "2026-10-03T00:00") == ["all"]


def test_charts_neither_close_nor_join_an_alert_of_monitoring(house: Engine) -> None:
    enter(house)
    look(house, "2026-10-05T00:00")
    with Session(house) as session, session.begin():
        for place in showrooms(session):
            note_signals(session, place, [], CHANNELS, moment("2026-10-05T01:00"))
        alerts = alerts_of(session, [each.id for each in showrooms(session)])
    assert [each.closed_wall_s for each in alerts] == [None]


def test_what_has_ended_is_due_no_more_and_stays_to_be_read(house: Engine) -> None:
    number = enter(house)
    found(house, number, "2026-09-20", "a rival opened next door", signal=True)
    with Session(house) as session, session.begin():
        end_monitoring(session, number, 1, "account 1", 0.0)
        with pytest.raises(MonitoringStepError, match="no more"):
            end_monitoring(session, number, 1, "account 1", 0.0)
    assert look(house, "2027-10-05T00:00") == []
    with pytest.raises(MonitoringStepError, match="no more"):
        found(house, number, "2026-09-21")


def test_signals_stand_beside_the_indicators_they_may_explain_and_beside_no_other(house: Engine) -> None:
    harbour = enter(house)
    company = enter(house, SURVEY, None)
    for number, day, signal in (
        (harbour, "2026-09-10", True),
        (company, "2026-09-12", True),
        (company, "2026-09-11", False),
        (harbour, "2026-12-01", True),
    ):
        found(house, number, day, f"seen on {day}", signal=signal)
    window = (date(2026, 9, 1), date(2026, 9, 30))
    with Session(house) as session:
        ids = {each.name: each.id for each in showrooms(session)}

        def shown(place: str, code: str = "respond.within_s", of: str = "North") -> list[str]:
            return [note.text for _, note in may_explain(session, of, {ids[place]}, code, *window)]

        assert shown("Harbour") == ["seen on 2026-09-10", "seen on 2026-09-12"]
        assert shown("Market") == ["seen on 2026-09-12"]
        assert shown("Harbour", "phone.rings") == []
        assert shown("Harbour", of="South") == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (SourceSaid("weather", "x", "month", "y"), "customers, market"),
        (SourceSaid("team", "x", "fortnight", "y"), "has a rhythm"),
        (SourceSaid("team", " ", "month", "y"), "needs a title"),
        (SourceSaid("team", "x", "month", " "), "needs an owner"),
        (SourceSaid("team", "x", "month", "y", "u" * 21), "at most 20"),
        (SourceSaid("team", "x", "month", "y", "", ("mood",)), "no indicator mood"),
    ],
)
def test_what_cannot_be_a_source_is_refused_in_words(house: Engine, said: SourceSaid, words: str) -> None:
    with pytest.raises(MonitoringStepError, match=words):
        enter(house, said)
    number = enter(house)
    with Session(house) as session, pytest.raises(MonitoringStepError, match=words):
        change_monitoring(session, number, said, "account 1", 0.0)


def test_a_note_that_cannot_be_meant_is_refused_in_words(house: Engine) -> None:
    number = enter(house, SourceSaid("team", "Talk with the team", "week", "Ada"))
    day = date(2026, 9, 3)
    for text, value, on, words in (
        (" ", None, day, "1 to 1000"),
        ("x", None, date(2026, 9, 5), "a day to come"),
        ("x", float("nan"), day, "is a number"),
        ("x", 4.0, day, "has no unit"),
    ):
        with Session(house) as session, pytest.raises(MonitoringStepError, match=words):
            note_found(session, number, on, text, value, 1, "account 1", 0.0, date(2026, 9, 4))
