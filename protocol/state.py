"""What a desk says about itself, and what the central service answers: birth, state, acknowledgement, command."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.manner import MANNER, Manner
from protocol.measurements import Label, Later, Message, Ordinal
from protocol.topics import DEVICE_PATTERN

Device = Annotated[str, Field(pattern=DEVICE_PATTERN)]
BootId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""One run of a desk's numbering and of its timeline; see Birth."""
MachineId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""It tells two machines apart and nothing else: a hash of the board's serial number, or of /etc/machine-id."""
ClockQuality = Literal["synced", "estimated"]
MOST_SEQUENCE = 2**31 - 1
"""Of a boot; a database's 32-bit integer holds it."""
SequenceNumber = Annotated[int, Field(ge=1, le=MOST_SEQUENCE)]
Session = Annotated[int, Field(ge=0, lt=2**53)]
"""A number drawn at random; it is only ever compared for being the same."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


MOST_BOOTS = 256
"""Boots that one message names at most, so that it stays short."""


class WallMapping(Message):
    """Which wall time a moment of the desk's timeline was: ``wall = offset_s + seconds on the timeline``."""

    offset_s: Annotated[float, Field(ge=0.0, le=2.4e11)]
    """Unix time (seconds since 1970, UTC) of the timeline's zero."""
    clock: ClockQuality
    """``synced``: the wall clock had been set from a time server. ``estimated``: it had not, and may be far off."""


class Held(Message):
    """The measurements of one boot that wait in the desk's spool: all numbers from ``first`` to ``last``."""

    bootid: BootId
    first: SequenceNumber
    last: Annotated[int, Field(ge=0, le=2**31 - 1)]
    """``first - 1`` where none waits; ``first`` is then the number that the next measurement will get."""


class BirthFacts(Message):
    """What the appliance is: everything that a later reader needs to know to trust a measurement."""

    software: Label
    """Version and commit of this software, such as ``0.2.0 (commit 1dd37c7a9c2e)``."""
    models: Annotated[dict[Label, Sha256], Field(max_length=64)]
    """SHA-256 of each model file in use."""
    configuration: Sha256
    """SHA-256 of the settings in force, as JSON: two desk.toml that mean the same have the same."""
    standard: Label
    """The service standard with its version, such as ``eight-teeth@1``."""
    standard_sha256: Later[Sha256] = None
    """SHA-256 of that standard's text."""
    standard_plan: Later[Ordinal] = None
    """Number of the plan of standards that the desk has from the central service (`StandardPlan`); None where it has none."""
    calibration: Label | None
    """Which calibration the cameras stand under; None where there is none."""
    leaves_out: Later[Annotated[tuple[Manner, ...], Field(max_length=len(MANNER))]] = None
    """What it does not measure of the host's manner; absent of software that did not say it yet."""
    machine_id: Later[MachineId] = None
    """A number of the machine, by which the central service notices that two of them go by one name; None where it has none."""


class Birth(BirthFacts):
    """A desk's first word in a session, said again when its clock was set, and when asked by ``rebirth``.

    Sequence numbers count 1, 2, 3, ... without holes within a ``bootid``. A bootid is drawn by the desk's spool for each
    boot of the machine: it outlives restarts of the program, and ends with the boot (the timeline starts anew) or with the
    spool file (the numbers start anew). So ``(device, bootid, sequence)`` names a measurement for ever.

    What the central service does with it:

    * ``wall`` corrects: where ``wall.clock`` is ``synced``, events of this ``bootid`` that were stored as ``estimated``
      happened at ``wall.offset_s`` plus their ``timeline``, and are now ``synced``.
    * ``held`` says where the desk's memory begins: numbers of a boot below ``first`` are acknowledged and deleted. A central
      service that has lost them (an older backup was restored) must count them as settled, or would wait for ever.
    * Every birth is answered with an ``Ack``.
    """

    device: Device
    session: Session
    bootid: BootId
    wall: WallMapping
    held: Annotated[tuple[Held, ...], Field(max_length=MOST_BOOTS)] = ()


class State(Message):
    """Whether a desk is there; retained, so that a late listener knows it too.

    ``lost`` is the last will, which the broker speaks. A ``lost`` whose session is not that of the desk's latest birth is
    stale, and means nothing.
    """

    device: Device
    session: Session
    state: Literal["init", "ready", "disconnected", "lost"]


class Ack(Message):
    """What the database holds: the highest number, per boot, up to which no measurement of the desk is missing in it.

    The desk deletes what is acknowledged, so an ack is published only after the commit. It is published (QoS 1, not
    retained) after each commit that moved a number, as the answer to a birth, and to every known desk when the central
    service starts. A bootid that is not named is left as it was.
    """

    device: Device
    session: Session
    """Of the central service: when it changes the service was restarted, and the desk sends again what is not acknowledged."""
    acknowledged: Annotated[
        dict[BootId, Annotated[int, Field(ge=0, le=2**31 - 1)]], Field(max_length=MOST_BOOTS)
    ]


class Command(Message):
    """Something the central service asks of a desk. The only one known so far is ``rebirth``."""

    command: Label


class Refusal(Message):
    """A desk's answer to a command it does not know.

    It is sent where the MQTT 5 response topic of the command asks for it, which must be ``deskside/1/<device>/cmd/refused``:
    a desk writes nowhere but under its own name.
    """

    device: Device
    command: Label
    reason: Label
