"""When a showroom is open, as the database knows it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from central.calendars.opening_times import open_seconds
from central.calendars.public_holidays import UnknownCountryError
from central.database.engine import open_for_writing
from central.showrooms.hours import ExceptionRow, HoursRow, keep_holidays, opening_times
from central.showrooms.premises import entered_showroom, known_showroom

HOUR_S = 3600.0


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(str(tmp_path / "central.db"))
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_showroom_keeps_the_holidays_of_its_country_save_where_it_says_itself(session: Session) -> None:
    number = entered_showroom(session, "North", "Harbour", "Europe/Berlin")
    session.add_all(
        HoursRow(showroom_id=number, weekday=day, opens_min=540, closes_min=1080) for day in range(7)
    )
    harbour = known_showroom(session, "Harbour")

    def open_on(day: str) -> float:
        begins_s = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
        return open_seconds(opening_times(session, harbour), begins_s, begins_s + 24 * HOUR_S)

    assert open_on("2026-12-25") == 9 * HOUR_S
    assert keep_holidays(session, harbour, "DE", "BE") > 100
    assert (open_on("2026-12-25"), open_on("2026-12-24"), open_on("2026-01-06")) == (
        0.0,
        9 * HOUR_S,
        9 * HOUR_S,
    )
    christmas = datetime(2026, 12, 25, tzinfo=ZoneInfo("UTC")).date()
    session.add(
        ExceptionRow(
            showroom_id=number,
            first_day=christmas,
            last_day=christmas,
            title="Fair",
            opens_min=600,
            closes_min=720,
        )
    )
    session.flush()
    assert open_on("2026-12-25") == 2 * HOUR_S
    keep_holidays(session, harbour, "DE", "BY")
    assert open_on("2026-01-06") == 0.0
    keep_holidays(session, harbour, "")
    assert open_on("2026-01-06") == 9 * HOUR_S
    with pytest.raises(UnknownCountryError):
        keep_holidays(session, harbour, "XX")
