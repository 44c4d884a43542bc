"""A desk whose time server is wrong is told from a queue that waited."""

from hypothesis import given
from hypothesis import strategies as st

from central.desks.clock_check import MOST_S, Stamp, compared, in_words

MINUTE = 60.0


def found(*stamps: tuple[float, float]) -> list[str]:
    """What is found of each health in turn, given as minutes: by the desk's clock, and of arrival."""
    seen = [Stamp(MINUTE * desk, MINUTE * received) for desk, received in stamps]
    return [compared(before, now) for before, now in zip([None, *seen], seen, strict=False)]


def test_a_clock_that_is_ahead_is_found_at_once() -> None:
    assert found((70, 10)) == ["wrong"]


def test_a_clock_that_is_behind_is_found_by_the_second_minute() -> None:
    assert found((0, 60), (1, 61), (2, 62)) == ["unknown", "wrong", "wrong"]


def test_what_waited_at_the_broker_while_the_service_was_away_is_no_wrong_clock() -> None:
    assert found((0, 60), (1, 60.01), (2, 60.02), (59, 60.5), (60, 61)) == [
        *["unknown"] * 3,
        "right",
        "right",
    ]


def test_a_queue_that_empties_slowly_is_no_wrong_clock() -> None:
    assert set(found(*((2.5 * turn, 60 + turn) for turn in range(22)))) == {"unknown"}


@given(st.floats(-MOST_S, MOST_S), st.floats(0, 1e9))
def test_a_clock_within_five_minutes_is_right(late_s: float, desk_s: float) -> None:
    assert compared(None, Stamp(desk_s, desk_s + late_s * 0.99)) == "right"


def test_it_is_told_with_how_much_and_what_to_do() -> None:
    assert "120" not in in_words(7200.0)
    assert "2 hours behind" in in_words(7200.0)
    assert "10 minutes ahead of" in in_words(-600.0)
    assert "timesyncd.conf" in in_words(600.0)
