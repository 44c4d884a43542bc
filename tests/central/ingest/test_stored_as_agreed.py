"""What is stored is what the published schemas allow, whatever is sent; no message has a place for a picture."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.arrivals import ArrivedEvent
from central.ingest.keeping import take_in
from central.ingest.outstanding import rejected
from central.ingest.reading import read
from central.ingest.rows import BootRow, RejectedRow
from central.ingest.writing import KEPT_BYTES
from central.records.event_row import EventRow
from protocol.envelope import TYPES, Identity, wrap
from protocol.state import WallMapping
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, gap
from tests.worlds.messages import any_message

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"
PICTURE = "x" * 20_000
LONGEST = 30_000
"""Characters of the longest message that the schemas allow and that any_message makes: 20 notes of 500, and names."""


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text())
    return found


ENVELOPE = schema("event.v1")
OF_TYPE = {name: Draft202012Validator(schema(name.removeprefix("deskside."))) for name in TYPES}


def assert_as_agreed(raw: str) -> None:
    document = json.loads(raw, object_pairs_hook=once)
    Draft202012Validator(ENVELOPE).validate(document)
    OF_TYPE[document["type"]].validate(document["data"])
    assert set(document) <= set(ENVELOPE["properties"])
    assert PICTURE not in raw
    assert max(map(len, re.findall(r"[0-9]+", raw))) <= 32
    assert len(raw) <= LONGEST


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs), "a name stands twice"
    return dict(pairs)


PLACES = st.sampled_from(
    [
        "an unknown attribute",
        "a name twice",
        "blanks",
        "digits",
        "a long text",
        "a large number",
        "a field",
        "NUL",
    ]
)


def mutated(document: dict[str, Any], place: str, draw: st.DataObject) -> bytes:
    """The message with something in it that nobody agreed on."""
    text = json.dumps(document)
    data = document["data"]
    where = draw.draw(st.sampled_from(sorted(data)))
    match place:
        case "an unknown attribute":
            return json.dumps(document | {"traceparent": PICTURE}).encode()
        case "a name twice":
            name = draw.draw(st.sampled_from(["type", "source", "subject", "time", "clock"]))
            return text.replace(f'"{name}":', f'"{name}": "{PICTURE}", "{name}":', 1).encode()
        case "blanks":
            return text.replace(", ", "," + " " * 20_000, 1).encode()
        case "digits":
            return text.replace('"end_s": ', '"end_s": 0.' + "0" * 20_000 + '1, "end_s": ', 1).encode()
        case "a long text":
            data[where] = PICTURE
        case "a large number":
            data[where] = 10**4000 if draw.draw(st.booleans()) else 2**70
        case "a field":
            data[draw.draw(st.sampled_from(["image", where]))] = draw.draw(
                st.sampled_from([None, [], {}, "", -1, 1e308, True, [PICTURE]])
            )
        case _:
            data[where] = "a\0b"
    return json.dumps(document).encode()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_for_writing(f"sqlite:///{tmp_path}/central.db")


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([*TYPES]), PLACES, st.data())
def test_no_mutated_message_is_stored_that_breaks_the_published_schemas(
    engine: Engine, name: str, place: str, data: st.DataObject
) -> None:
    measurement = data.draw(any_message(TYPES[name]))
    number = data.draw(st.integers(1, 2**31 - 1))
    wall = WallMapping(offset_s=OFFSET_S, clock="synced")
    document = json.loads(
        wrap(measurement, identity=Identity("desk-1", BOOT, number), wall=wall, historical=False).to_json()
    )
    arrived = read("deskside/1/desk-1/event", mutated(document, place, data), OFFSET_S)
    with Session(engine) as session, session.begin():
        taken = take_in(session, [arrived], DeskDefaults())
        if isinstance(arrived, ArrivedEvent) and taken.new:
            identity = arrived.identity
            raw = session.scalars(select(EventRow.raw).where(EventRow.sequence == identity.sequence)).one()
            assert_as_agreed(raw)
        for payload in session.scalars(select(RejectedRow.payload)):
            assert len(payload) <= KEPT_BYTES
        for birth in session.scalars(select(BootRow.birth).where(BootRow.birth.is_not(None))):
            assert PICTURE not in str(birth)


@given(st.integers(0, 5))
@example(1)
def test_an_even_number_of_backslashes_before_u0000_is_no_nul(backslashes: int) -> None:
    words = "\\" * backslashes + "u0000"
    arrived = read("deskside/1/desk-1/event", event(gap(0.0, 1.0, reason=words), 1), OFFSET_S)
    assert isinstance(arrived, ArrivedEvent)
    assert json.loads(arrived.raw)["data"]["reason"] == words


def test_what_no_database_takes_is_kept_aside_and_settles(database_url: str) -> None:
    engine = open_for_writing(database_url)

    def broken(words: bytes, number: int) -> bytes:
        return event(gap(0.0, 1.0, reason="HERE"), number).replace(b"HERE", words)

    unfit = [b"a\\u0000b", b"\\ud800", b"\\udfff\\ud800", b"\xed\xa0\x80"]
    no_text = [b"\xff"]
    messages = [broken(words, number) for number, words in enumerate([*unfit, *no_text], 1)]
    with Session(engine) as session, session.begin():
        arrived = [read("deskside/1/desk-1/event", payload, OFFSET_S) for payload in messages]
        taken = take_in(session, arrived, DeskDefaults())
    assert (taken.new, len(taken.rejected)) == (0, len(messages))
    assert taken.settled == {"desk-1": {BOOT: len(unfit)}}
    with Session(engine) as session:
        kept = {row.payload for row in rejected(session, "desk-1")}
    engine.dispose()
    assert kept == set(messages)
