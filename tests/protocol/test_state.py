import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.decoding import BadMessageError, decode
from protocol.measurements import Message
from protocol.state import Ack, Birth, Command, Held, State, WallMapping
from tests.worlds.messages import BOOTIDS, DEVICES, SESSIONS

HASHES = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
NUMBERS = st.integers(0, 2**31 - 1)
ACKS = st.builds(
    Ack,
    device=DEVICES,
    session=SESSIONS,
    acknowledged=st.dictionaries(BOOTIDS, NUMBERS, max_size=3),
)
STATES = st.builds(
    State,
    device=DEVICES,
    session=SESSIONS,
    state=st.sampled_from(("init", "ready", "disconnected", "lost")),
)
BIRTHS = st.builds(
    Birth,
    software=st.text(max_size=20),
    models=st.dictionaries(st.text(max_size=20), HASHES, max_size=3),
    configuration=HASHES,
    standard=st.text(max_size=20),
    calibration=st.none() | st.text(max_size=20),
    device=DEVICES,
    session=SESSIONS,
    bootid=BOOTIDS,
    wall=st.builds(WallMapping, offset_s=st.floats(0, 2.4e11), clock=st.just("synced")),
    held=st.lists(
        st.builds(Held, bootid=BOOTIDS, first=st.integers(1, 2**31 - 1), last=NUMBERS), max_size=3
    ).map(tuple),
)


@given(st.one_of(ACKS, STATES, BIRTHS))
def test_what_desk_and_central_service_say_comes_back_as_it_was_said(message: Message) -> None:
    assert decode(type(message), message.model_dump_json().encode()) == message


@given(st.binary(max_size=200), st.sampled_from([Ack, Birth, State, Command]))
def test_junk_is_refused_in_words(junk: bytes, kind: type[Message]) -> None:
    with pytest.raises(BadMessageError, match=f"no valid {kind.__name__}"):
        decode(kind, junk)


def test_a_refusal_says_where_and_why() -> None:
    with pytest.raises(BadMessageError, match=r"state: Input should be 'init'"):
        decode(State, b'{"device": "desk-3", "session": 1, "state": "gone"}')


def test_an_acknowledgement_of_no_boot_is_refused() -> None:
    with pytest.raises(BadMessageError, match="acknowledged"):
        decode(Ack, b'{"device": "desk-3", "session": 1, "acknowledged": {"latest": 7}}')
