"""Lets nothing into the database that the profile of a desk's showroom leaves out, whoever sends it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from central.desks.desk_profiles import DeskProfiles, profiles_of_desks
from central.ingest.arrivals import ArrivedEvent, Unusable
from central.showrooms.profiles import ShowroomProfile
from protocol.envelope import parse
from protocol.manner import Manner, left_out, may_tell, told_manner
from protocol.measurements import Encounter

_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])")
WITHHELD = "(not kept: it may tell of what the profile of this showroom leaves out)"
"""What is kept in the place of a message that cannot be read and may tell of the host's manner."""


@dataclass(frozen=True, slots=True)
class Overstep:
    """That a desk sent what it was not to measure."""

    device: str
    wall_s: float
    profile: str
    parts: tuple[Manner, ...]

    @property
    def text(self) -> str:
        """What a technician is told."""
        return (
            f"this desk measures what the profile {self.profile} of its showroom leaves out ({', '.join(self.parts)}): it is not kept. "
            'Let the desk follow the signed plan (desk.standard_keys), or set profile = "eu" in its desk.toml'
        )


@dataclass(slots=True)
class Admitted:
    """A batch as it may be kept."""

    events: list[ArrivedEvent]
    unusable: list[Unusable]
    oversteps: list[Overstep] = field(default_factory=list)


def admitted(session: Session, events: Sequence[ArrivedEvent], unusable: Sequence[Unusable]) -> Admitted:
    """Leave out of a batch what is not to be kept of it, by where each desk stood when it measured.

    Args:
        session: Where to read; a batch that tells of nobody's manner takes no statement.
        events: Of the batch, after its desks were entered.
        unusable: Payloads of it that could not be read.
    """
    asked = {item.device for item in events if item.manner}
    asked |= {item.device for item in unusable if item.device is not None and _may_tell(item.payload)}
    if not asked:
        return Admitted([*events], [*unusable])
    there = profiles_of_desks(session, asked)
    result = Admitted([], [_kept_aside(each, there) for each in unusable])
    for item in events:
        if not item.manner:
            result.events.append(item)
            continue
        # Of a clock that was not set nothing is known; that it came now is.
        profile = there.at(item.device, item.sent_s if item.synced else item.received_wall_s)
        if not _oversteps(item, profile):
            result.events.append(item)
            continue
        kept, parts = _without(item, profile)
        result.events.append(kept)
        if parts:
            result.oversteps.append(Overstep(item.device, item.received_wall_s, profile.name, parts))
    return result


def _oversteps(item: ArrivedEvent, profile: ShowroomProfile) -> bool:
    return any(profile.level(part) == "off" for part in item.manner)


def _kept_aside(item: Unusable, there: DeskProfiles) -> Unusable:
    """A payload that cannot be read, or a word in its place where it may tell of what is left out; the same bytes are still kept once."""
    off = () if item.device is None else there.at(item.device, item.received_wall_s).off
    if not {*off} & {*_may_tell(item.payload)}:
        return item
    return replace(item, payload=f"{WITHHELD} {hashlib.sha256(item.payload).hexdigest()}".encode())


def _without(item: ArrivedEvent, profile: ShowroomProfile) -> tuple[ArrivedEvent, tuple[Manner, ...]]:
    """The event as it may be kept, and the parts that were left out of it."""
    event = parse(item.raw.encode())
    assert isinstance(event.data, Encounter)  # noqa: S101  It is told by its type.
    parts = tuple(part for part in told_manner(event.data) if part in profile.off)
    if not parts:
        return item, ()
    told = event.model_copy(update={"data": left_out(event.data, parts)})
    manner = tuple(part for part in item.manner if part not in parts)
    return item._replace(raw=told.to_json().decode(), manner=manner), parts


def _may_tell(payload: bytes) -> tuple[Manner, ...]:
    # A name may be spelt with escapes.
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), payload.decode("utf-8", "replace"))
    return may_tell(text)
