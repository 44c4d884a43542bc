"""Whatever comes over the wire is read, or kept with a reason; nothing raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.ingest.arrivals import ArrivedEvent, Unusable
from central.ingest.reading import read
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, staffed

TOPIC = "deskside/1/desk-1/event"


def tampered(**changes: object) -> bytes:
    document = json.loads(event(staffed(10.0, 20.0), 4))
    data = changes.pop("data", {})
    return json.dumps(document | changes | {"data": document["data"] | data}).encode()


def test_an_event_is_read_and_kept_word_for_word() -> None:
    payload = event(staffed(10.0, 20.0), 4)
    arrived = read(TOPIC, payload, 5.0)
    assert isinstance(arrived, ArrivedEvent)
    assert arrived.raw.encode() == payload
    assert (arrived.identity, arrived.type) == (("desk-1", BOOT, 4), "deskside.attendance.v1")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (tampered(data={"end_s": 5.0}), "ends -5 s after"),
        (tampered(data={"end_s": 1e300}), "ends 1e"),
        (tampered(time="0001-01-01T00:00:00Z"), "no year we count"),
        (tampered(time="9999-12-31T23:59:59Z"), "no year we count"),
        (event(staffed(9e9, 9e9 + 1), 4, offset_s=0.0), "after the desk was started"),
        (tampered(type="deskside.encounter.v9"), "unknown"),
        (tampered(data={"staffed": None}), "staffed"),
    ],
)
def test_what_cannot_be_true_is_kept_aside_under_its_number(payload: bytes, reason: str) -> None:
    arrived = read(TOPIC, payload, 5.0)
    assert isinstance(arrived, Unusable)
    assert reason in arrived.reason
    assert arrived.identity is not None
    assert arrived.identity == ("desk-1", BOOT, 4)
    assert arrived.payload == payload


def test_what_claims_to_be_another_desks_settles_no_number() -> None:
    arrived = read("deskside/1/desk-2/event", event(staffed(10.0, 20.0), 4), 5.0)
    assert isinstance(arrived, Unusable)
    assert (arrived.device, arrived.identity) == ("desk-2", None)
    broken = read("deskside/1/desk-2/event", tampered(data={"staffed": None}), 5.0)
    assert isinstance(broken, Unusable)
    assert broken.identity is None


@pytest.mark.parametrize("topic", ["", "deskside/1/desk-1", "deskside/2/desk-1/event", "deskside/1/UP/event"])
def test_a_topic_of_nobodys_is_kept_under_no_desk(topic: str) -> None:
    arrived = read(topic, b"{}", 5.0)
    assert isinstance(arrived, Unusable)
    assert arrived.device is None


def test_a_desk_does_not_acknowledge_to_itself() -> None:
    assert isinstance(read("deskside/1/desk-1/ack", b"{}", 5.0), Unusable)


@given(st.sampled_from(["event", "health", "birth", "state", "ack", "x"]), st.binary(max_size=300))
def test_no_bytes_whatever_make_it_fail(channel: str, payload: bytes) -> None:
    assert read(f"deskside/1/desk-1/{channel}", payload, OFFSET_S).received_wall_s == OFFSET_S


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_whatever_makes_it_fail(document: object) -> None:
    assert read(TOPIC, tampered(data={"extra": document}), 0.0).received_wall_s == 0.0
