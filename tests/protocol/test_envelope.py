import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.decoding import MAX_PAYLOAD_BYTES
from protocol.envelope import TYPES, BadEventError, Event, Identity, channel_of, event_type, parse, wrap
from protocol.measurements import Attendance, Gap, Health, Measurement
from protocol.state import WallMapping
from tests.worlds.messages import BOOTIDS, DEVICES, any_message

GAP = Gap(start_s=12.25, end_s=14.0, what="camera customers", reason="no frame for 2 s")
BOOT = "0123456789abcdef" * 2
WALL = WallMapping(offset_s=1_700_000_000.0, clock="synced")

MEASUREMENTS: st.SearchStrategy[Measurement] = st.one_of(*(any_message(kind) for kind in TYPES.values()))
IDENTITIES = st.builds(Identity, DEVICES, BOOTIDS, st.integers(1, 2**31 - 1))
WALLS = st.builds(WallMapping, offset_s=st.floats(0, 2.4e11), clock=st.sampled_from(("synced", "estimated")))


def gap_event(**changes: Any) -> dict[str, Any]:
    event = wrap(GAP, identity=Identity("desk-3", BOOT, 7), wall=WALL, historical=False)
    return {**json.loads(event.to_json()), **changes}


def refusal(content: dict[str, Any]) -> BadEventError:
    with pytest.raises(BadEventError) as caught:
        parse(json.dumps(content).encode())
    return caught.value


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(measurement=MEASUREMENTS, identity=IDENTITIES, wall=WALLS, historical=st.booleans())
def test_every_measurement_comes_out_of_its_envelope_as_it_went_in(
    measurement: Measurement, identity: Identity, wall: WallMapping, *, historical: bool
) -> None:
    event = wrap(measurement, identity=identity, wall=wall, historical=historical)
    again = parse(event.to_json())
    assert again == event
    assert again.data == measurement
    assert again.identity == identity
    assert again.to_json() == event.to_json()


@given(st.binary(max_size=300))
def test_junk_is_refused_and_never_anything_worse(junk: bytes) -> None:
    with pytest.raises(BadEventError):
        parse(junk)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(gap_event())), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*gap_event(), "reason", "extra"]), JSON, max_size=15))
def test_an_event_with_anything_in_its_attributes_is_read_or_refused(changes: dict[str, Any]) -> None:
    payload = json.dumps(gap_event(**changes)).encode()
    try:
        event = parse(payload)
    except BadEventError:
        return
    assert event.data == GAP


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_an_event_torn_or_overwritten_anywhere_is_read_or_refused(place: int, bits: bytes) -> None:
    payload = json.dumps(gap_event()).encode()
    place %= len(payload)
    for damaged in (payload[:place], payload[:place] + bits + payload[place + len(bits) :]):
        try:
            parse(damaged)
        except BadEventError:
            continue


def test_an_event_is_a_cloudevent() -> None:
    event = gap_event()
    assert event["specversion"] == "1.0"
    assert event["id"] == f"{BOOT}-7"
    assert event["source"] == "desk-3"
    assert event["type"] == "deskside.gap.v1"
    assert event["subject"] == "camera customers"
    assert all(name.isalnum() and name.islower() for name in event), "attribute names: a-z and 0-9 only"
    # The types of attributes: boolean, 32-bit integer or string; a float is none of them.
    assert all(isinstance(value, str | bool) for name, value in event.items() if name != "data")


def test_the_sequence_sorts_as_text_as_it_does_as_a_number() -> None:
    numbers = [1, 9, 10, 99, 1000, 2**31 - 1]
    texts = [
        json.loads(wrap(GAP, identity=Identity("d", BOOT, n), wall=WALL, historical=False).to_json())[
            "sequence"
        ]
        for n in numbers
    ]
    assert texts == sorted(texts)


def test_the_time_is_the_wall_time_of_the_start() -> None:
    event = parse(json.dumps(gap_event()).encode())
    assert event.time == datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(seconds=12.25)
    assert event.timeline == GAP.start_s


def test_an_attribute_added_on_the_way_is_no_harm() -> None:
    traced = gap_event(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    assert parse(json.dumps(traced).encode()).data == GAP


def test_a_field_that_nobody_agreed_on_is_refused_in_the_data() -> None:
    error = refusal(gap_event(data={**GAP.model_dump(), "picture": "aGVsbG8="}))
    assert "data.picture" in str(error)


def test_an_unknown_type_is_refused_under_its_own_identity_so_that_it_can_be_set_aside() -> None:
    error = refusal(gap_event(type="deskside.gap.v9"))
    assert "deskside.gap.v9" in str(error)
    assert error.identity == Identity("desk-3", BOOT, 7)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("type", "deskside.duty.v1"),
        ("dataschema", "urn:deskside:schema:duty:v1"),
        ("id", f"{BOOT}-8"),
        ("sequence", "0000000008"),
        ("timeline", "12.5"),
        ("source", "Desk 3"),
        ("time", "2023-11-14T22:13:32"),
        ("specversion", "0.3"),
        ("timeline", "1e999"),
        ("sequence", "0000000000"),
    ],
)
def test_attributes_that_contradict_each_other_or_cloudevents_are_refused(attribute: str, value: str) -> None:
    refusal(gap_event(**{attribute: value}))


def test_an_endless_payload_is_refused_unread() -> None:
    with pytest.raises(BadEventError, match="bytes long"):
        parse(b"[" * (MAX_PAYLOAD_BYTES + 1))


def test_the_largest_health_report_still_fits_into_a_message() -> None:
    text = "\u20ac" * 500
    camera = {
        "name": "c" * 100,
        "frames": 1,
        "frame_rate_hz": 15.0,
        "dropped": 0,
        "model_rate_hz": {f"{n:\u20ac>100}": 1.0 for n in range(16)},
        "model_ms": {f"{n:\u20ac>100}": 1.0 for n in range(16)},
    }
    health = Health.model_validate(
        {
            "start_s": 0.0,
            "end_s": 1.0,
            "cameras": (camera, camera),
            "cpu_share": None,
            "memory_mb": None,
            "spooled": 0,
            "clock": "synced",
            "notes": (text,) * 20,
        }
    )
    event = wrap(health, identity=Identity("desk-3", BOOT, 7), wall=WALL, historical=False)
    assert parse(event.to_json()).data == health


def test_a_health_report_of_software_that_did_not_name_itself_stays_as_it_was() -> None:
    sent = {
        "start_s": 0.0,
        "end_s": 1.0,
        "cameras": [],
        "cpu_share": 0.5,
        "memory_mb": 64.0,
        "spooled": 0,
        "clock": "synced",
        "notes": [],
    }
    assert json.loads(Health.model_validate(sent).model_dump_json()) == sent


def test_each_type_has_one_class_and_each_class_one_type() -> None:
    assert len(set(TYPES.values())) == len(TYPES)
    assert event_type(Attendance(start_s=0, end_s=1, staffed=True, coverage=1)) == "deskside.attendance.v1"
    assert {channel_of(name) for name in TYPES} == {"event", "health"}


def test_an_event_cannot_be_changed() -> None:
    event: Event[Any] = wrap(GAP, identity=Identity("desk-3", BOOT, 7), wall=WALL, historical=False)
    with pytest.raises(ValueError, match="frozen"):
        event.data.reason = "other"
