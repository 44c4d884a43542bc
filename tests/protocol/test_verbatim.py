"""What is read word for word is what reading it in full makes of it, to the byte; anything else is left to that."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from protocol.envelope import TYPES, BadEventError, Identity, parse, wrap
from protocol.manner import may_tell
from protocol.measurements import Duty, Encounter, Health
from protocol.state import WallMapping
from protocol.verbatim import LARGEST, read_verbatim
from tests.worlds.desk_facts import (
    BOOT,
    OFFSET_S,
    call,
    event,
    gap,
    gaze,
    posture,
    reaction,
    smile,
    staffed,
    visit,
)
from tests.worlds.messages import DEVICES, any_message

KINDS = [name for name, kind in TYPES.items() if kind is not Health]
USUAL = (
    visit(reaction("turned", 1.0), smile=smile(), gaze=gaze(), posture=posture()),
    call(3, "answered"),
    staffed(1.0, 2.0),
    Duty(start_s=1.0, end_s=1.0, person="p-1", ongoing=True),
    gap(1.0, 2.0),
    gap(1.0, 2.0, reason="尾 broken: é, ½ of it"),
)


def any_event(draw: st.DataObject) -> bytes:
    measurement = draw.draw(any_message(TYPES[draw.draw(st.sampled_from(KINDS))]))
    identity = Identity(draw.draw(DEVICES), BOOT, draw.draw(st.integers(1, 2**31 - 1)))
    clock: Any = draw.draw(st.sampled_from(["synced", "estimated"]))
    wall = WallMapping(offset_s=OFFSET_S, clock=clock)
    return wrap(measurement, identity=identity, wall=wall, historical=draw.draw(st.booleans())).to_json()


def assert_same(payload: bytes) -> None:
    """Either it is not read word for word, or reading it in full finds the same and changes nothing."""
    verbatim = read_verbatim(payload)
    if verbatim is None:
        return
    event = parse(payload)
    assert event.to_json() == payload == verbatim.text.encode()
    assert verbatim.manner == (may_tell(verbatim.text) if isinstance(event.data, Encounter) else ())
    assert verbatim[:-2] == (
        event.identity,
        event.type,
        event.time,
        event.clock,
        event.historical,
        event.timeline,
        event.data.end_s,
    )


@pytest.mark.parametrize("measurement", USUAL)
def test_what_desks_usually_send_is_read_word_for_word(measurement: Any) -> None:
    payload = event(measurement, 7)
    assert read_verbatim(payload) is not None
    assert_same(payload)


def numbers(inside: Any) -> Iterator[float]:
    """Every floating-point number at any depth."""
    if isinstance(inside, float):
        yield inside
    elif isinstance(inside, dict | list):
        for part in inside.values() if isinstance(inside, dict) else inside:
            yield from numbers(part)


@given(st.data())
def test_what_is_printable_without_backslash_or_vast_number_is_read_word_for_word(
    data: st.DataObject,
) -> None:
    payload = any_event(data)
    text = payload.decode()
    plain = (
        text.isprintable() and "\\" not in text and all(abs(n) <= LARGEST for n in numbers(json.loads(text)))
    )
    assert (read_verbatim(payload) is not None) == plain
    assert_same(payload)


@given(st.floats(-LARGEST, LARGEST))
def test_both_writers_write_a_number_alike_up_to_the_largest(number: float) -> None:
    assert msgspec.json.encode(number) == to_json(number)


@pytest.mark.parametrize("written", [b"1e16", b"1e+16", b"1e308"])
def test_a_vast_number_is_left_to_full_reading(written: bytes) -> None:
    payload = event(call(3, "answered"), 7).replace(b'"ring_s":11.0', b'"ring_s":' + written)
    assert read_verbatim(payload) is None
    assert parse(payload).data.ring_s == float(written)  # type: ignore[union-attr]


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["x" * 700, "\x7f", "\0", "\u2028", "1.0", "0000000000", "synced", [], {}, [1.0]])
)


def changed(document: dict[str, Any], draw: st.DataObject) -> dict[str, Any]:
    """With one thing in it changed, added or taken out, at any depth."""
    here: Any = document
    while True:
        places: list[Any] = sorted(here) if isinstance(here, dict) else [*range(len(here))]
        place = draw.draw(st.sampled_from([*places, "added"] if isinstance(here, dict) else places))
        below = here.get(place) if isinstance(here, dict) else here[place]
        if not isinstance(below, dict | list) or not below or draw.draw(st.booleans()):
            break
        here = below
    if isinstance(here, dict) and draw.draw(st.integers(0, 4)) == 0:
        here.pop(place, None)
    else:
        here[place] = draw.draw(VALUES)
    return document


@given(st.data())
def test_whatever_is_changed_in_an_event_no_rule_is_got_round(data: st.DataObject) -> None:
    document = changed(json.loads(any_event(data)), data)
    compact: Any = (",", ":")
    for separators in (compact, (", ", ": ")):
        assert_same(
            json.dumps(document, separators=separators, ensure_ascii=False).encode(errors="surrogatepass")
        )


@given(st.data())
def test_whatever_bytes_are_changed_in_an_event_no_rule_is_got_round(data: st.DataObject) -> None:
    payload = bytearray(event(USUAL[0], 7))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(payload) - 1))
        payload[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b"0", b"9", b"-", b"e3", b" ", b"\x7f", b"\xc2\x85", b"null", b",", b'"'])
        )
    assert_same(bytes(payload))


def test_the_number_of_zero_and_a_foreign_name_are_left_to_full_reading() -> None:
    zero = event(staffed(1.0, 2.0), 7).replace(b"0000000007", b"0000000000").replace(b"-7", b"-0")
    assert read_verbatim(zero) is None
    with pytest.raises(BadEventError):
        parse(zero)
    assert read_verbatim(event(staffed(1.0, 2.0), 7).replace(b"-7", b"-8")) is None
