"""The envelope of every measurement: a CloudEvents 1.0 event in structured JSON.

CloudEvents knows no floating-point attribute, so ``timeline`` travels as a decimal string; ``sequence`` follows the
CloudEvents sequence extension, a string that sorts as its number does.
"""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, Literal, NamedTuple, Self, TypeVar, cast

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from protocol.decoding import MAX_PAYLOAD_BYTES, BadMessageError, decode
from protocol.earlier import data_now, event_now, type_now
from protocol.measurements import (
    Attendance,
    Call,
    Contest,
    Duty,
    Encounter,
    Gap,
    Health,
    HelpWanted,
    Later,
    Measurement,
    Message,
)
from protocol.state import BootId, ClockQuality, Device, SequenceNumber, WallMapping
from protocol.topics import Channel

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
"""MQTT 5 content type of a CloudEvents structured-mode message."""

TYPES: dict[str, type[Measurement]] = {
    "deskside.encounter.v2": Encounter,
    "deskside.call.v1": Call,
    "deskside.duty.v1": Duty,
    "deskside.attendance.v1": Attendance,
    "deskside.gap.v1": Gap,
    "deskside.health.v1": Health,
    "deskside.help.v1": HelpWanted,
    "deskside.contest.v1": Contest,
}
"""Every type of event and the class of its data. A type's data may only gain optional fields; anything else is a new version."""

_TYPE_OF: dict[type, str] = {measurement: name for name, measurement in TYPES.items()}
TYPE_HINT = re.compile(rb'"type":"(deskside\.[a-z]{1,20}\.v[0-9]{1,3})"')
"""Finds the type of an event in its bytes, where it is written without blanks."""
_SEQUENCE = re.compile(r"[0-9]{10}")
_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?(e[+-]?[0-9]{1,3})?")


class Identity(NamedTuple):
    """What makes a measurement the same one however often it is sent: the key of the spool and of the central database."""

    device: str
    bootid: str
    sequence: int


class BadEventError(BadMessageError):
    """A payload that is no event of ours.

    ``identity`` is what it claims to be, where that can still be read: under it the central service can keep the payload
    aside and acknowledge it, so that one event it cannot read does not hold up all that follow.
    """

    def __init__(self, reason: str, identity: Identity | None = None) -> None:
        super().__init__(reason)
        self.identity = identity


def _sequence_number(value: object) -> object:
    return int(value) if isinstance(value, str) and _SEQUENCE.fullmatch(value) else value


def _seconds(value: object) -> object:
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else value


M_co = TypeVar("M_co", bound=Message, covariant=True)


class Event(Message, Generic[M_co]):
    """One measurement with its identity, its time and how far that time can be trusted.

    Attributes are those of CloudEvents 1.0; ``bootid``, ``sequence``, ``clock``, ``historical`` and ``timeline`` are
    extensions. Attributes that others add on the way are ignored, as CloudEvents asks.
    """

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"]
    id: Annotated[str, Field(max_length=50)]
    """``<bootid>-<sequence>``: with ``source`` unique for ever, and the same each time the event is sent."""
    source: Device
    """The desk, as a relative reference: its name."""
    type: Annotated[str, Field(max_length=60)]
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, Field(max_length=100)]
    subject: Later[Annotated[str, Field(min_length=1, max_length=100)]] = None
    """What about the desk was measured: ``visit/12``, ``line/1``, ``spool``."""
    time: AwareDatetime
    """Wall time at which the measurement began, that is of ``data.start_s``."""
    bootid: BootId
    sequence: Annotated[
        SequenceNumber,
        BeforeValidator(_sequence_number),
        PlainSerializer(lambda number: f"{number:010d}", return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": "^[0-9]{10}$"}),
    ]
    clock: ClockQuality
    historical: bool
    """Sent after an outage: it was measured before the connection it came over was made."""
    timeline: Annotated[
        float,
        BeforeValidator(_seconds),
        PlainSerializer(repr, return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}),
    ]
    """``data.start_s``, to which a later known wall offset is added."""
    data: M_co

    @property
    def identity(self) -> Identity:
        """The key under which spool and central database keep this measurement once."""
        return Identity(self.source, self.bootid, self.sequence)

    def to_json(self) -> bytes:
        """The event as it travels and as it is published."""
        return self.__pydantic_serializer__.to_json(self)

    def with_data(self, **changed: object) -> Self:
        """The same event with other values in its data, which are not checked; what makes it the same event stays."""
        return self.model_copy(update={"data": self.data.model_copy(update=changed)})

    @model_validator(mode="after")
    def _attributes_agree(self) -> Self:
        expected = event_type(self.data)
        if self.type != expected:
            raise ValueError(f"type is {self.type}, the data is of {expected}")
        if self.dataschema != schema_id(expected):
            raise ValueError(f"dataschema of {expected} must be {schema_id(expected)}")
        if self.id != _event_id(self.bootid, self.sequence):
            raise ValueError("id must be <bootid>-<sequence>")
        if self.timeline != _start_s(self.data):
            raise ValueError("timeline must be the start_s of the data")
        return self


EVENTS: dict[str, type[Event[Any]]] = {
    name: cast("type[Event[Any]]", Event.__class_getitem__(kind)) for name, kind in TYPES.items()
}
"""The class of the events of each type."""


def wrap(
    measurement: Measurement, *, identity: Identity, wall: WallMapping, historical: bool
) -> Event[Measurement]:
    """Put a measurement into its envelope.

    Args:
        measurement: What was measured.
        identity: Its desk, boot and number.
        wall: Maps the timeline of that boot to wall time.
        historical: Whether it is sent after an outage.
    """
    name = event_type(measurement)
    return EVENTS[name](
        specversion="1.0",
        id=_event_id(identity.bootid, identity.sequence),
        source=identity.device,
        type=name,
        dataschema=schema_id(name),
        subject=_subject(measurement),
        time=datetime.fromtimestamp(wall.offset_s + measurement.start_s, UTC),
        bootid=identity.bootid,
        sequence=identity.sequence,
        clock=wall.clock,
        historical=historical,
        timeline=measurement.start_s,
        data=measurement,
    )


class _Claim(BaseModel):
    """As much of an event as is needed to know which type it claims to be."""

    model_config = ConfigDict(title="Event")

    type: Annotated[str, Field(max_length=60)]


class _IdentityClaim(BaseModel):
    source: Device
    bootid: BootId
    sequence: Annotated[SequenceNumber, BeforeValidator(_sequence_number)]


def parse(payload: bytes | bytearray) -> Event[Measurement]:
    """Read an event.

    Raises:
        BadEventError: The payload is too long, not JSON, not an event, of an unknown type, or its data is not as agreed.
    """
    hint = TYPE_HINT.search(payload)
    if hint is not None and hint[1].decode() not in TYPES and len(payload) <= MAX_PAYLOAD_BYTES:
        payload = event_now(payload)
        hint = TYPE_HINT.search(payload)
    if hint is not None and (kind := EVENTS.get(hint[1].decode())) is not None:
        # Nearly always the event's own; where the words stand elsewhere in it, it does not fit that type.
        with suppress(BadMessageError):
            return decode(kind, payload)
    try:
        name = decode(_Claim, payload).type
        if name not in TYPES:
            raise BadEventError(f"type {name!r} is unknown: {', '.join(TYPES)} are known")
        return decode(EVENTS[name], payload)
    except BadMessageError as error:
        raise BadEventError(str(error), _claimed_identity(payload)) from None


def _claimed_identity(payload: bytes | bytearray) -> Identity | None:
    try:
        claim = _IdentityClaim.model_validate_json(payload)
    except ValidationError:
        try:
            # Half a surrogate pair is text to Python alone: no database takes it, and its number is to be settled.
            claim = _IdentityClaim.model_validate(json.loads(payload))
        except (ValueError, RecursionError):
            return None
    return Identity(claim.source, claim.bootid, claim.sequence)


def measurement_from(name: str, data: bytes | str) -> Measurement:
    """The measurement that some JSON of a type, or of an earlier one, holds.

    Raises:
        KeyError: There is no such type.
        ValidationError: The JSON is no such measurement.
    """
    return TYPES[type_now(name)].model_validate_json(data_now(name, data))


def event_type(measurement: object) -> str:
    """The CloudEvents type of a measurement, such as ``deskside.encounter.v2``."""
    name = _TYPE_OF.get(type(measurement))
    if name is None:
        raise TypeError(f"{type(measurement).__name__} is no measurement")
    return name


@cache
def schema_id(name: str) -> str:
    """The URI under which a type's JSON Schema is known: ``urn:deskside:schema:encounter:v2``."""
    _, kind, version = name.split(".")
    return f"urn:deskside:schema:{kind}:{version}"


def channel_of(name: str) -> Channel:
    """The channel events of a type travel on."""
    return "health" if TYPES[name] is Health else "event"


def _event_id(bootid: str, sequence: int) -> str:
    return f"{bootid}-{sequence}"


def _start_s(data: Any) -> float:
    return float(data.start_s)


def _subject(measurement: Measurement) -> str | None:
    match measurement:
        case Encounter():
            return f"visit/{measurement.visit}"
        case Call():
            return f"line/{measurement.line}"[:100]
        case Gap():
            return measurement.what[:100] or None
        case _:
            return None
