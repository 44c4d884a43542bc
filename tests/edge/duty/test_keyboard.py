"""What a reader types is the badge's text, whatever its layout, and nothing else is one."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.duty.key_events import EV_KEY, EV_SYN, SYN_DROPPED, EventBytes, EventsDropped, KeyEvent
from edge.duty.keyboard import KEY_GAP_S, LONGEST, Spelling, spelled

ENTER, SHIFT, CAPS, ALT_GR, ALT = 28, 42, 58, 100, 56

# Bytes as a 64-bit kernel gives them: a "Sycreader RFID" style reader that types 0004 and Enter, with its scan codes and reports.
RECORDED = bytes.fromhex(
    "".join(
        struct.pack("<qqHHi", 1700000000, 4000 * place, kind, code, value).hex()
        for place, (kind, code, value) in enumerate(
            [
                event
                for key, scan in ((11, 0x70027), (11, 0x70027), (11, 0x70027), (5, 0x70021), (ENTER, 0x70028))
                for event in (
                    (4, 4, scan),
                    (EV_KEY, key, 1),
                    (EV_SYN, 0, 0),
                    (4, 4, scan),
                    (EV_KEY, key, 0),
                    (EV_SYN, 0, 0),
                )
            ]
        )
    )
)


def typed(*codes: int, every_s: float = 0.01, from_s: float = 1.0) -> list[KeyEvent | EventsDropped]:
    """Presses and releases; a negative code holds that key down, and the next negative of it lets it go."""
    events: list[KeyEvent | EventsDropped] = []
    held: set[int] = set()
    for place, code in enumerate(codes):
        t_s = from_s + place * every_s
        if code < 0:
            held ^= {-code}
            events.append(KeyEvent(t_s, -code, -code in held))
        else:
            events += [KeyEvent(t_s, code, down=True), KeyEvent(t_s, code, down=False)]
    return events


def badges(layout: str, events: list[KeyEvent | EventsDropped]) -> list[str]:
    return [badge for _, badge in spelled(events, Spelling(layout))]


@pytest.mark.skipif(struct.calcsize("l") != 8, reason="the bytes are those of a 64-bit kernel")
@pytest.mark.parametrize("cut", [1, 7, 24, 25, 100, 719])
def test_a_badge_is_read_from_the_kernels_bytes_however_they_are_cut(cut: int) -> None:
    stream, spelling = EventBytes(), Spelling("us")
    events = [*stream.feed(RECORDED[:cut]), *stream.feed(RECORDED[cut:])]
    ((t_s, badge),) = spelled(events, spelling)
    assert (badge, round(t_s - 1700000000.0, 3)) == ("0004", 0.1)


@given(st.binary(max_size=2000), st.integers(1, 60))
def test_no_bytes_break_the_reading(data: bytes, step: int) -> None:
    stream, spelling = EventBytes(), Spelling("de")
    for start in range(0, len(data), step):
        for _, badge in spelled(stream.feed(data[start : start + step]), spelling):
            assert len(badge) >= 4


def test_a_layout_says_what_a_key_is() -> None:
    keys = (21, 44, 12, -SHIFT, 8, -SHIFT, 3, ENTER)
    assert badges("us", typed(*keys)) == ["yz-&2"]
    assert badges("de", typed(*keys)) == ["zyß/2"]
    assert badges("fr", typed(*keys)) == ["yw)7é"]


def test_a_key_without_a_letter_counts_as_itself() -> None:
    first, second = badges("us", typed(2, 3, 4, 183, ENTER, 2, 3, 4, 184, ENTER))
    assert first != second
    assert badges("us", typed(2, 3, -ALT, 4, -ALT, 5, ENTER)) == ["12<4>4"]


def test_alt_gr_and_caps_lock_are_those_of_a_keyboard() -> None:
    assert badges("de", typed(30, -ALT_GR, 16, -ALT_GR, 48, 12, ENTER)) == ["a@bß"]
    assert badges("us", typed(CAPS, 30, 48, 2, CAPS, 46, ENTER)) == ["AB1c"]


def test_caps_lock_of_one_badge_is_not_that_of_the_next() -> None:
    assert badges("us", typed(CAPS, 30, 30, 30, 30, ENTER, 30, 30, 30, 30, ENTER)) == ["AAAA", "aaaa"]


def test_keys_before_a_pause_are_no_part_of_a_badge() -> None:
    late = typed(2, 3, 4, 5, ENTER, from_s=2.0 + KEY_GAP_S)
    assert badges("us", [*typed(9, 9, 9, 9), *late]) == ["1234"]


def test_a_key_hit_by_chance_is_no_badge() -> None:
    assert badges("us", typed(ENTER, 2, ENTER, 57, 57, 57, 57, 57, ENTER)) == []


def test_where_the_kernel_dropped_keys_there_is_no_badge() -> None:
    whole = typed(2, 3, 4, 5, 6, ENTER, 2, 3, 4, 5, ENTER)
    dropped = [*whole[:4], EventsDropped(whole[3].t_s), *whole[4:]]
    assert badges("us", dropped) == ["1234"]
    data = struct.pack("llHHi", 5, 0, EV_SYN, SYN_DROPPED, 0)
    assert EventBytes().feed(data) == [EventsDropped(5.0)]


def test_what_has_no_end_is_no_badge_and_the_next_one_is() -> None:
    endless = [2] * (LONGEST + 1)
    assert badges("us", typed(*endless, ENTER, 2, 3, 4, 5, ENTER, every_s=0.001)) == ["1234"]


def test_a_held_key_counts_once() -> None:
    repeats = struct.pack("llHHi", 1, 0, EV_KEY, 2, 2) * 5
    assert EventBytes().feed(repeats) == []
