"""Observations: everything the deciding parts know about the world, and the one format it is recorded in.

A recording is JSON lines, one observation a line, in order of time. It holds numbers about people (where they stand, how far
a mouth corner is up), never a picture, a crop or a landmark array. Replaying a recording gives the same
measurements as the cameras and pins it was made from, byte for byte.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

PEOPLE_SIZE_SE = 0.14
"""Spread of the logarithm of people's size, all parts together: .054 between adults, and a customer in ten is a child of 1.05 to 1.5 m.
Of somebody small or tall face and body are off alike, so that this does not average away over parts or sightings."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its standard error (one sigma), both in the unit the field's name gives."""

    value: float
    se: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box in the picture, as shares of its width and height (0..1 inside; may reach outside)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def as_mask(self) -> str:
        """The part of it that lies in the picture, as a privacy mask to paste into a camera's table in desk.toml."""
        left, top, right, bottom = (
            min(max(side, 0.0), 1.0) for side in (self.left, self.top, self.right, self.bottom)
        )
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return f"masks = [[{', '.join(f'[{x:.2f}, {y:.2f}]' for x, y in corners)}]]"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the floor in the desk's frame, in metres.

    The origin is the floor below the desk's front edge, middle; x grows to the host's right as they face the customers, y grows from
    the desk towards the customers. ``se_m`` is the standard error of the distance from the origin.
    """

    x_m: float
    y_m: float
    se_m: float


@dataclass(frozen=True, slots=True)
class Person:
    """One person seen in one frame."""

    box: Box
    score: float
    foot: tuple[float, float] | None = None
    """Where the person touches the floor, in picture shares; None when hidden or cut off."""
    place: Place | None = None
    cues: tuple[str, ...] = ()
    """What the place was derived from: ``face``, ``iris``, ``body``, ``floor``."""
    ranges_m: dict[str, float] | None = None
    """How far over the floor each part of the person puts them by its size alone, such as ``head``, ``neck``, ``torso``: every one is off by
    the same share from frame to frame, so that its growth shows an approach which the place, of changing parts, hides."""
    size_m: Estimate | None = None
    """Range over the floor by the size of face and body, for somebody of mean size, without the error that theirs leaves in it."""
    floor_m: Estimate | None = None
    """Range over the floor by the feet."""


@dataclass(frozen=True, slots=True)
class HostView:
    """The host's face and body as one frame shows them; what could not be measured is None.

    Angles are in the desk's frame: yaw 0 looks from the desk straight out at the customers, positive to the host's right; pitch positive up;
    roll positive when the head tilts to the host's right shoulder. Lifts are pose-corrected heights of the mouth corners above the
    face's own reference, before the personal baseline is subtracted.
    """

    box: Box
    """Of the face; of the body where the face is hidden or turned away."""
    face_since_s: float | None = None
    """Since when it is the same person's face, as far as continuity tells; a later time than the frame before's is another person. None
    in the first second of a face that is back: whose it is shows only then."""
    px_per_cm: float | None = None
    distance_m: Estimate | None = None
    """From the camera to the eyes."""
    eyes_m: tuple[float, float, float] | None = None
    """Place of the eyes in the desk's frame: x, y, height (above the camera where its own height is not known)."""
    picture_stretch: Estimate | None = None
    """How many times too wide the camera's picture shows things, where it is told to be stretched; the mouth is then not measured."""
    mouth_covered: bool | None = None
    """True while something covers the mouth (a mask, a hand, a cup), which is then not measured; None while nothing is known to. In the
    moments before that is certain the mouth is not measured, and nothing is said here."""
    lift_left_cm: Estimate | None = None
    lift_right_cm: Estimate | None = None
    lift_above_nose_cm: Estimate | None = None
    """Mean height of the corners against the base of the nose, above an average resting face's: with the width it shows a smile
    before the personal baseline is known."""
    mouth_width_cm: Estimate | None = None
    mouth_open_cm: Estimate | None = None
    teeth: Estimate | None = None
    head_yaw_deg: Estimate | None = None
    head_pitch_deg: Estimate | None = None
    head_roll_deg: Estimate | None = None
    gaze_yaw_deg: Estimate | None = None
    gaze_pitch_deg: Estimate | None = None
    lean_deg: Estimate | None = None
    """Angle of the trunk from the vertical, positive forward (towards the customers)."""
    hands_active: Estimate | None = None
    """How far the hands moved on the desk since the last look, in shoulder widths per second."""
    hand_to_face: Estimate | None = None
    """From the nose to the nearer hand's knuckles, in shoulder widths."""


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """What was seen in one frame of one camera."""

    t_s: float
    """When the light arrived, in seconds on the monotonic clock."""
    camera: str
    people: tuple[Person, ...] | None = None
    """Everyone seen; None when this frame was not searched for people."""
    host: HostView | None = None
    host_sought: bool = False
    """Whether this frame was searched for the host's face: separates ``not there`` from ``not looked``."""
    kind: Literal["frame"] = "frame"


@dataclass(frozen=True, slots=True)
class CameraLost:
    """A camera stopped delivering; ``t_s`` is the time of its last good frame."""

    t_s: float
    camera: str
    reason: str
    kind: Literal["camera_lost"] = "camera_lost"


@dataclass(frozen=True, slots=True)
class CameraBack:
    """A camera delivers again."""

    t_s: float
    camera: str
    kind: Literal["camera_back"] = "camera_back"


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of a phone line's pin, timed by the kernel."""

    t_s: float
    line: str
    pin: Literal["ring", "hook"]
    level: bool
    kind: Literal["edge"] = "edge"


@dataclass(frozen=True, slots=True)
class EdgesLost:
    """Interference brought more edges than any telephone; these were counted and not kept."""

    t_s: float
    line: str
    count: int
    kind: Literal["edges_lost"] = "edges_lost"


@dataclass(frozen=True, slots=True)
class LineLost:
    """A telephone line's pins cannot be read from here on."""

    t_s: float
    line: str
    reason: str
    kind: Literal["line_lost"] = "line_lost"


@dataclass(frozen=True, slots=True)
class LineBack:
    """A telephone line's pins are read again."""

    t_s: float
    line: str
    kind: Literal["line_back"] = "line_back"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in at the desk, or (``person`` None) signed out; or who is on duty said anew where they are."""

    t_s: float
    person: str | None = None
    in_front: bool | None = None
    """Whether they say that they are in front of the desk, among the customers; None where they say nothing of it, which is behind it."""
    since_s: float | None = None
    """Since when it is so, where that was found out only later, as when somebody had gone home; None for the moment itself."""
    kind: Literal["signed_in"] = "signed_in"


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed and nothing was observed: without it, silence on a telephone line would have no end."""

    t_s: float
    kind: Literal["tick"] = "tick"


@dataclass(frozen=True, slots=True)
class End:
    """The timeline ends here: the desk was stopped, or the footage is over."""

    t_s: float
    kind: Literal["end"] = "end"


Observation = (
    FrameSeen | CameraLost | CameraBack | Edge | EdgesLost | LineLost | LineBack | SignedIn | Tick | End
)

_ADAPTER: TypeAdapter[Observation] = TypeAdapter(Annotated[Observation, Field(discriminator="kind")])


class BadObservationError(ValueError):
    """A line of a recording is no observation."""


def to_json(observation: Observation) -> str:
    """One line of a recording, without the line's end; floats keep every digit."""
    return _ADAPTER.dump_json(observation, exclude_none=True).decode()


def from_json(line: str | bytes) -> Observation:
    """The observation a line of a recording holds.

    Raises:
        BadObservationError: The line is none; the message says what is wrong with it.
    """
    try:
        return _ADAPTER.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadObservationError(f"{where}: {first['msg']}") from error
