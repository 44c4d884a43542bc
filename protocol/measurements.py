"""What a desk measured: the data of every message, facts with their error and coverage, never a verdict.

Every time named ``*_s`` is in seconds on the desk's own timeline: its monotonic clock since boot, or the start of the
rig's timeline in a replay. The envelope (protocol/envelope.py) says which wall time ``start_s`` was.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from protocol.printable import printable

WORDS_LIMIT = 500
"""Every text and every list has a limit, so that no message has a place where a picture could travel."""

MOST = 2**53 - 1
"""A greater whole number is not the same one to every reader of JSON (RFC 8259, section 6); and no digits have room for a picture."""

Count = Annotated[int, Field(ge=0, le=MOST)]
Ordinal = Annotated[int, Field(ge=1, le=MOST)]
"""Counted from 1."""
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]


def _fit(value: object) -> object:
    """A text that databases take and that writes nothing but itself into a log or a terminal; see `printable`."""
    return printable(value) if isinstance(value, str) else value


def _cut(value: object) -> object:
    return value[:WORDS_LIMIT] if isinstance(value, str) else value


TIDYING = frozenset({_fit, _cut})
"""What is done to a text before its length is asked; to one that is printable and not too long, nothing."""

Name = Annotated[str, Field(max_length=100), BeforeValidator(_fit)]
"""The name of a part, a standard, a person's pseudonym."""
Words = Annotated[str, Field(max_length=WORDS_LIMIT), BeforeValidator(_cut), BeforeValidator(_fit)]
"""Words for a technician; what is longer than the limit is cut."""
Label = Annotated[str, Field(max_length=200), BeforeValidator(_fit)]
"""What something is called, with its version."""
ReactionKind = Literal["turned", "smiled", "stood_up"]
MayBeStaff = Literal["went_behind", "came_back", "in_front", "stepped_round"]
"""Why it cannot be told whether somebody before the desk is a customer. ``went_behind``: they were on the staff's side for a while.
``came_back``: they appeared where somebody of the staff had gone. ``in_front``: who is on duty had said that they are before the desk.
``stepped_round``: the host left as they came, and was back as they went."""


Present = TypeVar("Present")
Later = Annotated[Present | None, Field(exclude_if=lambda value: value is None)]
"""A field that came to a message after its release: optional, with None as its default, and left out of the JSON while
absent. So what was recorded before it came replays to the same bytes, and desks without it are understood."""


class Message(BaseModel):
    """A value object of the protocol: immutable, and closed to fields that nobody agreed on."""

    # The docstrings under the fields become the descriptions in the published schemas.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Timed(Message):
    """What every measurement begins with: the stretch of the desk's timeline it is about."""

    start_s: float
    end_s: float


class Quantity(Message):
    """A measured value with its standard error and how much of the time it could be measured."""

    value: float
    se: Annotated[float, Field(ge=0.0)]
    """Standard error, one sigma, in the unit of the value."""
    coverage: Share = 1.0
    """Share of the time asked about in which the value could be measured at all."""


class Reaction(Message):
    """The first time the host reacted to a customer in one particular way."""

    kind: ReactionKind
    at_s: float
    delay_s: float
    """Seconds since the customer came near; negative when the host was already turned to them."""
    se_s: Annotated[float, Field(ge=0.0)]
    """Standard error of ``delay_s``: of the reaction's begin and of the coming near together."""


class Smile(Message):
    """The host's mouth during an encounter, as geometry against the host's own resting face."""

    baseline: Literal["known", "learning"]
    """Whether the resting face was known: while it is being learnt, lifts are against a provisional one."""
    onset_s: float | None
    offset_s: float | None
    """First onset and last offset of a smile within the encounter; None where there was none, or none yet."""
    onset_se_s: Annotated[float, Field(ge=0.0)] | None = None
    offset_se_s: Annotated[float, Field(ge=0.0)] | None = None
    """Standard errors of both; None where the onset or the offset was not seen to happen."""
    held_s: Seconds
    longest_s: Seconds
    peak_lift_cm: Quantity | None
    median_lift_cm: Quantity | None
    teeth: Quantity | None
    """Visible teeth while smiling; None below the resolution at which they can be counted."""


class Gaze(Message):
    """Where the host's eyes were during an encounter."""

    on_customer_share: Quantity | None
    longest_away_s: Seconds | None
    following_lag_s: Quantity | None
    """How far the gaze lags behind a moving customer; None when the customer did not move enough to tell."""


class Posture(Message):
    """The host's body during an encounter, as change from the host's own upright baseline."""

    forward_lean_deg: Quantity | None
    """Largest sustained forward lean."""
    stood_share: Share | None
    working_at_arrival: bool | None = None
    """Whether the host was at desk work when the customer came near; without it, never stopping and having
    nothing to stop look the same."""
    stopped_work_s: float | None
    stopped_work_m: Quantity | None = None
    """The customer's distance at that moment."""
    resumed_work_s: float | None
    resumed_work_m: Quantity | None = None
    """The leaving customer's distance at that moment; the leaving distance or more when they were out of sight."""
    leans: Later[Count] = None
    """How many times the host leant forward; one lean is one, however it wavers."""
    hand_at_face_share: Later[Quantity] = None
    """Share of the time in which a hand was at the face, 0 to 1; a hand that holds a receiver to the ear is."""


class EncounterCoverage(Message):
    """How much of an encounter could be seen, as shares of its duration."""

    customer: Share
    host: Share


class Encounter(Timed):
    """One encounter with a customer or a party, from coming near to leaving."""

    visit: Ordinal
    """Number of the encounter within this boot (or replay), in the order in which they are reported."""
    standard: Name
    """The standard, with its version, whose distances and kinds of reaction the desk used."""
    party_size: Ordinal
    came_near_s: float
    came_near_m: Quantity | None
    """Distance at which the encounter began; None where nearness is a polygon in the picture."""
    closest_m: Quantity | None
    stopped_s: float | None
    """When the customer came to a stand, of a party the last of those who stopped together; None for an encounter confirmed by dwelling
    without ever standing still."""
    confirmed_s: float
    """When it was certain that this is an encounter. The other times are when things happened, not when they were known."""
    left_s: float | None
    """When the last of the party crossed the leaving distance; None if the desk could not see it."""
    came_near_se_s: Later[Seconds] = None
    """Standard error of ``came_near_s``; absent for who was there before the desk began to see."""
    stopped_se_s: Later[Seconds] = None
    """Standard error of ``stopped_s``."""
    left_se_s: Later[Seconds] = None
    """Standard error of ``left_s``."""
    last_seen_s: float
    ended_by: Literal["left", "lost", "gap", "end"]
    """``left``: seen leaving. ``lost``: no longer seen. ``gap``: the camera failed. ``end``: the desk was stopped."""
    host_at_arrival: Literal["present", "absent", "on_phone", "with_customer", "unknown"]
    reactions: Annotated[tuple[Reaction, ...], Field(max_length=3)]
    """The first reaction of each kind, in order of time; which of them counts is the standard's business."""
    wait_s: Seconds
    """Seconds from coming near to the first reaction that counts under ``standard``, or to the end of the wait."""
    wait_ended_by: Literal["reaction", "customer_left", "not_observed"]
    """``customer_left``: a right-censored wait. ``not_observed``: the host could not be seen for long enough to tell."""
    reaction_kind: ReactionKind | None
    """Kind of the reaction that ended the wait."""
    resumed_work_s: float | None
    simultaneous_max: Ordinal
    """Most encounters in progress at once while this one lasted, itself included."""
    on_phone_share: Share | None
    smile: Smile | None
    gaze: Gaze | None
    posture: Posture | None
    host_changed_s: float | None = None
    """When another person came to the desk while the encounter lasted, as far as continuity tells; None when nobody did. What is said
    of the host's smile and posture is then of both."""
    mouth_covered_share: Later[Share] = None
    """Share of the encounter in which something covered the host's mouth (a mask, a hand, a cup, a microphone), so that nothing is known of
    a smile; absent when nothing did."""
    may_be_staff: Later[MayBeStaff] = None
    """Why this may be somebody of the staff and no customer; absent where nothing speaks for that."""
    coverage: EncounterCoverage


class Call(Timed):
    """One ringing of a line, from its first ring to its end."""

    line: Name
    rings_begun: Ordinal
    rings_completed: Count
    ring_s: Seconds
    """From the first ring's start to the pick-up, or to the end of the last ring."""
    answered_ring: Ordinal | None
    """The ring in or after which the receiver was lifted."""
    pickup_delay_s: Seconds | None
    outcome: Literal["answered", "abandoned", "unknown"]
    """``unknown``: no hook switch is fitted, or somebody else may have answered; it is never guessed."""
    talk_s: Seconds | None
    pattern: Name | None
    """The distinctive ringing pattern, such as ``0.8/0.4/0.8/4``; None for plain ringing."""
    cadence: Name
    """The cadence profile that was matched; ``continuous`` where it rang without a pause and rings are counted by time."""
    cadence_confidence: Share
    noise_rejected: Count
    confidence: Later[Share] = None
    """How sure it is that this was a call and no noise; below one half the outcome is ``unknown``."""
    ring_hz: Later[float] = None
    """Frequency of the ringing current; absent where the input does not show it."""
    answered_elsewhere: Later[Literal["possible", "likely"]] = None
    """Of ringing that stopped and was not answered here: ``possible`` where other telephones share the line, ``likely`` where it
    stopped when a fax, an answering machine or a forwarding exchange answers; the outcome is then ``unknown``."""


class Duty(Timed):
    """Who signed in at the desk, from when to when; sent when somebody signs in, and again, whole, when that ended."""

    person: Name
    """The pseudonym used to sign in; never derived from a face."""
    ongoing: Later[bool] = None
    """Whether this is the sign-in, and ``end_s`` only the moment of it; absent from a duty that is over."""


class Attendance(Timed):
    """A stretch of time in which the desk was staffed, or was not."""

    staffed: bool
    coverage: Share


class Gap(Timed):
    """What could not be measured, from when to when, and why."""

    what: Name
    """The part that failed, such as ``camera customers``, ``phone 1``, ``spool``, ``clock``."""
    reason: Words
    """In words that a technician can act on."""


class CameraHealth(Message):
    """How one camera and the models on it kept up."""

    name: Name
    frames: Count
    """Frames delivered since the last health message."""
    frame_rate_hz: float
    asked_hz: Later[float] = None
    """The rate that the desk's settings ask of this camera."""
    dropped: Count
    model_rate_hz: Annotated[dict[Name, float], Field(max_length=16)]
    """Runs per second of each model; what the schedule reached, not what it aimed at."""
    model_ms: Annotated[dict[Name, float], Field(max_length=16)]
    """Mean milliseconds per run."""


Happened = Literal["never", "earlier", "now"]
"""Whether something happens at this moment, or did so since the machine was switched on."""


class MachineHealth(Message):
    """The board under the desk; a value is None where the machine does not tell it."""

    temperature_c: float | None
    """The processor's temperature in degrees Celsius."""
    under_voltage: Happened | None
    """The supply gives less than 4.63 V, as the firmware of a Raspberry Pi sees it."""
    slowed_down: Happened | None
    """The firmware holds the processor back, for its temperature or its supply."""
    free_mb: float | None
    """Room in MiB on the disk on which measurements wait."""


class Health(Timed):
    """How the appliance itself is doing."""

    cameras: Annotated[tuple[CameraHealth, ...], Field(max_length=2)]
    cpu_share: float | None
    """Cores used by the process, averaged."""
    memory_mb: float | None
    spooled: Count
    """Measurements not yet acknowledged by the central database."""
    clock: Literal["synced", "estimated"]
    notes: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    software: Annotated[Name | None, Field(exclude_if=lambda software: software is None)] = None
    """Version and commit of the software that measured; absent where older software did not say it."""
    machine: Later[MachineHealth] = None


class HelpWanted(Timed):
    """The host asked the back office for help, by a button on their page; both times are the moment of it."""

    kind: Literal["technical", "administrative"]
    """``technical``: something does not work. ``administrative``: a question."""


class Contest(Timed):
    """Whoever was on duty contests what was measured of them, by a button on their page; both times are the moment of it.

    Who that was, their sign-in says: this message names nobody.
    """

    about: Literal["visit", "day"]
    """``visit``: one visit. ``day``: their numbers of the day."""
    visit_start_s: Later[float] = None
    """``start_s`` of the visit that is contested, in the same boot; absent where it is the day."""


Measurement = Encounter | Call | Duty | Attendance | Gap | Health | HelpWanted | Contest
