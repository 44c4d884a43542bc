"""Who is signed in, in scripted seconds."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.duty.duty_machine import AGAIN_S, EARLY_S, DutyMachine, DutyRules
from edge.duty.pin_tries import MOST_WRONG, WAIT_S, PinTries
from edge.duty.pseudonym import pseudonym_of
from edge.duty.shift_end import shift_end_within
from edge.observation import SignedIn
from protocol.names import checked_name

AWAY_S = 1800.0
BERLIN = ZoneInfo("Europe/Berlin")
TEN_O_CLOCK = 1767258000.0
"""1 January 2026, 10:00 in Berlin."""
HOUR_S = 3600.0


def machine(*ends: time) -> DutyMachine:
    return DutyMachine(DutyRules(AWAY_S, ends, BERLIN))


def lived(
    desk: DutyMachine, from_s: float, until_s: float, *, there: bool | None, wall: bool = False
) -> list[SignedIn]:
    """Step by seconds; what was said meanwhile."""
    said = [
        desk.step(from_s + second, there=there, wall_offset_s=TEN_O_CLOCK if wall else None)
        for second in range(int(until_s - from_s))
    ]
    return [each for each in said if each is not None]


def test_a_badge_signs_in_and_the_same_badge_out() -> None:
    desk = machine()
    assert desk.show(10.0, "lin") == SignedIn(10.0, "lin")
    assert desk.person == "lin"
    assert desk.show(500.0, "lin") == SignedIn(500.0, None)
    assert desk.person is None


def test_another_badge_takes_the_desk_over() -> None:
    desk = machine()
    desk.show(10.0, "lin")
    assert desk.show(500.0, "wu") == SignedIn(500.0, "wu")
    assert desk.person == "wu"


def test_a_badge_that_is_read_twice_was_shown_once() -> None:
    desk = machine()
    desk.show(10.0, "lin")
    assert desk.show(10.0 + AGAIN_S / 2, "lin") is None
    assert desk.show(10.0 + AGAIN_S, "lin") is None, "it still lies on the reader"
    assert desk.person == "lin"
    assert desk.show(13.0 + 2 * AGAIN_S, "lin") == SignedIn(13.0 + 2 * AGAIN_S, None)


def test_another_badge_right_after_one_is_no_repetition() -> None:
    desk = machine()
    desk.show(10.0, "lin")
    assert desk.show(10.5, "wu") == SignedIn(10.5, "wu")


def test_whoever_has_gone_is_signed_out_from_when_they_were_last_seen() -> None:
    desk = machine()
    desk.show(0.0, "lin")
    assert lived(desk, 0.0, 100.0, there=True) == []
    assert lived(desk, 100.0, 99.0 + AWAY_S, there=False) == []
    assert desk.step(99.0 + AWAY_S, there=False, wall_offset_s=None) == SignedIn(99.0 + AWAY_S, since_s=99.0)
    assert desk.person is None
    assert lived(desk, 2000.0, 6000.0, there=False) == []


def test_whoever_comes_back_within_half_an_hour_stays_signed_in() -> None:
    desk = machine()
    desk.show(0.0, "lin")
    lived(desk, 0.0, AWAY_S - 10.0, there=False)
    assert lived(desk, AWAY_S - 10.0, AWAY_S, there=True) == []
    assert lived(desk, AWAY_S, 2 * AWAY_S - 10.0, there=False) == []
    assert desk.person == "lin"


@pytest.mark.parametrize("in_front", [False, True])
def test_nobody_has_gone_where_nobody_looks(*, in_front: bool) -> None:
    desk = machine()
    desk.show(0.0, "lin")
    desk.note(SignedIn(5.0, "lin", in_front=in_front))
    assert lived(desk, 5.0, 3 * AWAY_S, there=False if in_front else None) == []
    assert desk.person == "lin"


def test_a_shifts_end_signs_out_to_the_minute() -> None:
    desk = machine(time(14, 0))
    desk.show(0.0, "lin")
    said = lived(desk, 4 * HOUR_S - 5.0, 4 * HOUR_S + 5.0, there=True, wall=True)
    assert said == [SignedIn(4 * HOUR_S, since_s=4 * HOUR_S)]


def test_whoever_comes_early_for_the_next_shift_stays_signed_in() -> None:
    desk = machine(time(14, 0), time(22, 0))
    early_s = 4 * HOUR_S - EARLY_S / 2
    desk.show(early_s, "wu")
    assert lived(desk, early_s, 4 * HOUR_S + 60.0, there=True, wall=True) == []
    assert lived(desk, 12 * HOUR_S, 12 * HOUR_S + 2.0, there=True, wall=True)[0].since_s == 12 * HOUR_S


def test_without_a_sure_clock_no_shift_ends() -> None:
    desk = machine(time(14, 0))
    desk.show(0.0, "lin")
    assert desk.step(5 * HOUR_S, there=True, wall_offset_s=None) is None
    # Once the clock is right, the end is dated when it was.
    assert desk.step(5 * HOUR_S, there=True, wall_offset_s=TEN_O_CLOCK) == SignedIn(
        5 * HOUR_S, since_s=4 * HOUR_S
    )


def test_a_shift_ends_at_its_time_on_the_day_on_which_clocks_change() -> None:
    midnight = 1774738800.0  # 29 March 2026 in Berlin, on which 02:00 is 03:00
    assert shift_end_within(midnight, midnight + 86400.0, [time(14, 0)], BERLIN) == midnight + 13 * HOUR_S


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["show", "note", "step"]), st.sampled_from(["lin", "wu"]), st.floats(0.0, 4000.0)
        ),
        max_size=60,
    )
)
def test_whoever_is_said_to_be_signed_in_is_and_times_run_forward(
    deeds: list[tuple[str, str, float]],
) -> None:
    desk, t_s, began_s = machine(time(14, 0)), 0.0, 0.0
    for deed, person, after_s in deeds:
        t_s += after_s
        before = desk.person
        if deed == "show":
            said = desk.show(t_s, person)
        elif deed == "note":
            said = SignedIn(t_s, person)
            desk.note(said)
        else:
            said = desk.step(t_s, there=False, wall_offset_s=TEN_O_CLOCK)
        if said is None:
            assert desk.person == before
            continue
        assert desk.person == said.person
        if said.since_s is not None:
            assert began_s <= said.since_s <= said.t_s
        if said.person != before:
            began_s = t_s


@given(st.text(), st.binary(min_size=32, max_size=32))
def test_every_badge_becomes_a_name_and_another_key_makes_another_one(badge: str, key: bytes) -> None:
    name = pseudonym_of(badge, key)
    assert checked_name(name) == name
    assert pseudonym_of(badge, bytes(each ^ 1 for each in key)) != name


def test_five_wrong_pins_are_followed_by_a_minute_without() -> None:
    tries = PinTries()
    for second in range(MOST_WRONG - 1):
        tries.wrong(float(second))
    assert tries.wait_s(4.0) == 0.0
    tries.wrong(4.0)
    assert tries.wait_s(4.0) == WAIT_S
    assert tries.wait_s(4.0 + WAIT_S) == 0.0
    tries.right()
    for second in range(MOST_WRONG - 1):
        tries.wrong(100.0 + second)
    assert tries.wait_s(105.0) == 0.0
