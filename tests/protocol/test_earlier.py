"""Events of earlier types are read as those of today, without what has left them."""

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from protocol.earlier import data_now, event_now
from protocol.envelope import BadEventError, Identity, measurement_from, parse, wrap
from protocol.measurements import Encounter
from protocol.state import WallMapping
from tests.worlds.desk_facts import smile, visit

IDENTITY = Identity("desk-1", "a" * 32, 7)
SEEN = visit(smile=smile())


def sent_before() -> dict[str, Any]:
    """An encounter as a desk sent it before the second version."""
    event: dict[str, Any] = json.loads(
        wrap(
            SEEN, identity=IDENTITY, wall=WallMapping(offset_s=1e9, clock="synced"), historical=False
        ).to_json()
    )
    event["type"], event["dataschema"] = "deskside.encounter.v1", "urn:deskside:schema:encounter:v1"
    event["data"]["smile"]["asymmetry_cm"] = {"value": 0.4, "se": 0.1, "coverage": 1.0}
    return event


def test_an_encounter_of_the_first_version_is_read_and_how_unequal_its_smile_was_is_dropped() -> None:
    event = parse(json.dumps(sent_before(), separators=(",", ":")).encode())
    assert event.data == SEEN
    assert event.identity == IDENTITY
    assert event.type == "deskside.encounter.v2"
    assert b"asymmetry" not in event.to_json()


def test_a_desk_that_is_updated_sends_what_waits_on_its_disk() -> None:
    stored = json.dumps(sent_before()["data"])
    assert measurement_from("deskside.encounter.v1", stored) == SEEN
    assert data_now("deskside.gap.v1", "{}") == "{}"


def test_what_says_how_unequal_a_smile_was_is_no_encounter_of_today() -> None:
    event = sent_before() | {
        "type": "deskside.encounter.v2",
        "dataschema": "urn:deskside:schema:encounter:v2",
    }
    with contextlib.suppress(BadEventError):
        raise AssertionError(parse(json.dumps(event).encode()))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just("deskside.encounter.v1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("type", "data", "smile", "dataschema", "asymmetry_cm")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_else_bears_an_earlier_type_is_read_or_refused(content: object) -> None:
    payload = json.dumps(content, separators=(",", ":")).encode()
    assert isinstance(event_now(payload), bytes)
    with contextlib.suppress(BadEventError):
        assert isinstance(parse(payload).data, Encounter)
