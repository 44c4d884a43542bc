"""A channel is left in peace at night, by the showroom's own clock."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from central.alerts.quiet_hours import rings_at

EVENING, MORNING = time(20), time(8)


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_what_signals_at_night_rings_in_the_morning_of_the_showroom() -> None:
    """Three in the afternoon in London is eleven at night in Shanghai."""
    assert rings_at(moment("2026-09-21T15:00"), "Asia/Shanghai", EVENING, MORNING) == moment(
        "2026-09-22T00:00"
    )
    assert rings_at(moment("2026-09-21T15:00"), "Europe/London", EVENING, MORNING) == moment(
        "2026-09-21T15:00"
    )
    assert rings_at(moment("2026-09-22T02:30"), "Europe/London", EVENING, MORNING) == moment(
        "2026-09-22T07:00"
    )


def test_hours_of_one_day_and_none_at_all() -> None:
    noon = moment("2026-09-21T12:30")
    assert rings_at(noon, "UTC", time(12), time(13)) == moment("2026-09-21T13:00")
    assert rings_at(noon, "UTC", time(8), time(8)) == noon


@given(
    st.floats(1.7e9, 1.9e9),
    st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    st.times(),
    st.times(),
)
def test_it_never_rings_before_the_moment_nor_more_than_a_day_later_and_then_at_once(
    wall_s: float, zone: str, quiet_from: time, quiet_until: time
) -> None:
    rings_s = rings_at(wall_s, zone, quiet_from, quiet_until)
    assert wall_s <= rings_s <= wall_s + 90_000.0
    local = datetime.fromtimestamp(rings_s, ZoneInfo(zone)).time()
    if rings_s > wall_s and quiet_from != quiet_until:
        assert (local.hour, local.minute) >= (quiet_until.hour, quiet_until.minute)
