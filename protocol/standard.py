"""The service standard: the numbers a company holds its desks to, versioned, and owned by the company.

Both sides read it: the desk for the light and to know when an encounter begins, the central service to score. It stands in
``protocol`` because neither side may import the other.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from protocol.measurements import ReactionKind


class Clause(BaseModel):
    """A part of a standard: immutable, and closed to misspelt keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Limits(Clause):
    """A range a measured value must lie in; either end may be open, an empty table asks for nothing."""

    min: float | None = None
    """The least value that keeps to the standard."""
    max: float | None = None
    """The greatest value that keeps to the standard."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min}) must not exceed max ({self.max})")
        return self


Positive = Annotated[float, Field(gt=0.0)]


class Near(Clause):
    """When a customer counts as coming near, and as gone."""

    approach_m: Annotated[float, Field(ge=0.3, le=8.0)] = 3.0
    """Coming near: the distance from the desk at which an encounter begins."""
    leave_m: Annotated[float, Field(ge=0.3, le=10.0)] = 3.5
    """Gone: the distance beyond which an encounter ends."""
    dwell_s: Annotated[float, Field(ge=0.2, le=60.0)] = 0.7
    """How long a customer must stand to have come to the desk rather than walked past."""

    @model_validator(mode="after")
    def _leaves_beyond_approach(self) -> Self:
        if self.leave_m < self.approach_m:
            raise ValueError(
                f"leave_m ({self.leave_m}) must not be nearer than approach_m ({self.approach_m})"
            )
        return self


class Respond(Clause):
    """How soon a customer who came near is attended to."""

    within_s: Annotated[float, Field(ge=0.5, le=600.0)] = 5.0
    """Seconds from coming near to the first reaction that counts."""
    counts: Annotated[tuple[ReactionKind, ...], Field(min_length=1)] = ("turned", "smiled", "stood_up")
    """The kinds of reaction that count as attending to a customer."""


class SmileClause(Clause):
    """The smile, as geometry."""

    lift_cm: Limits = Limits()
    """Rise of the mouth corners above the host's own resting face, at its median while smiling."""
    teeth: Limits = Limits()
    """Teeth shown while smiling."""
    hold_s: Limits = Limits()
    """How long a smile lasts during an encounter."""
    practice_hold_s: Annotated[float, Field(gt=0.0, le=900.0)] = 180.0
    """How long the smile is held before the practice mirror; practice is never scored."""


class Work(Clause):
    """When work is put down for a customer, and taken up again."""

    stop_work_m: Limits = Limits()
    """The customer's distance at the moment work stops: beyond max is too early, nearer than min is too late."""
    resume_work_m: Limits = Limits()
    """The leaving customer's distance at the moment work is resumed: nearer than min is too early."""
    resume_within_s: Limits = Limits()
    """Seconds from the customer's leaving to work being resumed."""


class PostureClause(Clause):
    """How the host holds themselves towards a customer."""

    forward_lean_deg: Limits = Limits()
    """The largest sustained forward lean of a visit; a minimum of 0 forbids leaning back."""


class GazeClause(Clause):
    """Eyes on the customer, and moving with them."""

    on_customer_share: Limits = Limits()
    """Share of the visit in which the eyes are on the customer, 0 to 1."""
    longest_away_s: Limits = Limits()
    """The longest stretch in which the eyes are elsewhere."""
    following_lag_s: Limits = Limits()
    """How far the eyes lag behind a customer who moves."""


class Phone(Clause):
    """By which ring the telephone is answered."""

    rings: Limits = Limits()
    """``{max = 3}``: by the third ring. ``{min = 3}``: after three rings."""
    counting: Literal["begun", "completed"] = "begun"
    """Whether the ring in progress at the pick-up counts (``begun``), or only rings that ended (``completed``)."""


class Reply(Clause):
    """How soon a message is replied to."""

    within_h: Positive = 24.0
    """Hours from a message to its reply."""
    hours: Literal["calendar", "business"] = "calendar"
    """Whether all hours count, or only those of business."""


class Presence(Clause):
    """How much of the time the desk is staffed."""

    staffed_share: Limits = Limits()
    """Share of the day in which somebody is at the desk, 0 to 1."""


class Standard(Clause):
    """One company's service standard, in one version."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    """The standard's name; its file is called so too."""
    version: Annotated[int, Field(ge=1)]
    """Counted up with every change, so that a measurement names the numbers it was made under."""
    title: str
    """What people call it."""
    near: Near = Near()
    respond: Respond = Respond()
    smile: SmileClause = SmileClause()
    work: Work = Work()
    posture: PostureClause = PostureClause()
    gaze: GazeClause = GazeClause()
    phone: Phone = Phone()
    reply: Reply = Reply()
    presence: Presence = Presence()

    @property
    def label(self) -> str:
        """The standard's name with its version, as it stands in a measurement: ``eight-teeth@1``."""
        return f"{self.name}@{self.version}"
