"""A message from the broker, read: what arrived, or why it cannot be used. Nothing that comes in is thrown away."""

from central.ingest.arrivals import Arrived, ArrivedBirth, ArrivedEvent, ArrivedState, Unusable
from protocol.decoding import BadMessageError, decode
from protocol.envelope import BadEventError, parse
from protocol.manner import told_manner
from protocol.measurements import Encounter, Health
from protocol.printable import printable
from protocol.state import Birth, State
from protocol.topics import BadTopicError, Topic, parse_topic
from protocol.verbatim import read_verbatim

LONGEST_S = 366 * 86400.0
"""Nothing that a desk measures lasts longer than a year."""

LATEST_WALL_S = 2.5e11
"""Unix time of the year 9892, as in the protocol: later than that no calendar of ours reaches."""

LONGEST_TIMELINE_S = 3.2e9
"""A desk has not run for a hundred years."""


def read(topic: str, payload: bytes, received_wall_s: float) -> Arrived:
    """Read one message.

    Args:
        topic: As the broker delivered it.
        payload: As the broker delivered it.
        received_wall_s: Unix time of its arrival.
    """
    try:
        place = parse_topic(topic)
    except BadTopicError as error:
        return Unusable(topic, payload, None, None, printable(str(error)), received_wall_s)
    try:
        return _read(place, topic, payload, received_wall_s)
    except BadMessageError as error:
        claimed = error.identity if isinstance(error, BadEventError) else None
        own = claimed if claimed and claimed.device == place.device else None
        return Unusable(topic, payload, place.device, own, printable(str(error)), received_wall_s)


def _read(place: Topic, topic: str, payload: bytes, received_wall_s: float) -> Arrived:
    # What is kept is what was understood, written again: a desk's own bytes where it has nothing of its own to add, and never what
    # stands where no schema has a place for it (unknown attributes, names said twice, a number's endless digits).
    match place.channel:
        case "event" | "health":
            arrived = _event(topic, payload, received_wall_s)
            _check(arrived, place)
            return arrived
        case "birth":
            birth = decode(Birth, payload)
            _check_sender(birth.device, place)
            return ArrivedBirth(birth, birth.model_dump_json(), received_wall_s)
        case "state":
            state = decode(State, payload)
            _check_sender(state.device, place)
            return ArrivedState(state, received_wall_s)
        case _:
            raise BadMessageError(f"desks do not speak on the channel {place.channel}")


def _event(topic: str, payload: bytes, received_wall_s: float) -> ArrivedEvent:
    verbatim = read_verbatim(payload)
    if verbatim is not None:
        return ArrivedEvent(
            verbatim.identity,
            verbatim.type,
            verbatim.time.timestamp(),
            verbatim.clock == "synced",
            verbatim.historical,
            verbatim.timeline,
            verbatim.end_s - verbatim.timeline,
            None,
            verbatim.text,
            topic,
            received_wall_s,
            verbatim.manner,
        )
    event = parse(payload)
    return ArrivedEvent(
        event.identity,
        event.type,
        event.time.timestamp(),
        event.clock == "synced",
        event.historical,
        event.timeline,
        event.data.end_s - event.data.start_s,
        event.data if isinstance(event.data, Health) else None,
        event.to_json().decode(),
        topic,
        received_wall_s,
        told_manner(event.data) if isinstance(event.data, Encounter) else (),
    )


def _check(arrived: ArrivedEvent, place: Topic) -> None:
    """Refuse what is well-formed and cannot be true: later readers count days from these times."""
    _check_sender(arrived.device, place)
    if not 0.0 <= arrived.lasted_s <= LONGEST_S:
        raise BadEventError(f"it ends {arrived.lasted_s:g} s after it began", arrived.identity)
    if abs(arrived.timeline_s) > LONGEST_TIMELINE_S:
        raise BadEventError(f"it began {arrived.timeline_s:g} s after the desk was started", arrived.identity)
    if not 0.0 <= arrived.sent_s <= LATEST_WALL_S:
        raise BadEventError(
            f"its time, {arrived.sent_s:g} s after 1970, is in no year we count", arrived.identity
        )


def _check_sender(claimed: str, place: Topic) -> None:
    if claimed != place.device:
        raise BadMessageError(
            f"it names {claimed} as its sender, but was sent under the topic of {place.device}"
        )
