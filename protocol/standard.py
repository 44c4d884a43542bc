"""The service standard: the numbers a company holds its desks to, versioned, and owned by the company.

Both sides read it: the desk for the light and to know when an encounter begins, the central service to score. It stands in
``protocol`` because neither side may import the other.

A clause is one field whose value a measurement is held against: a `Limits` with its `ClauseText` beside it. It is named
by its place, ``smile.teeth``. The order in which clauses stand here is the order in which pages and tables show them.
A new clause is one such field here, one measured value in ``protocol/measurements.py`` and one file of the same name
in ``central/scoring/clauses/``; every page and table takes it from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from protocol.measurements import ReactionKind
from protocol.names import Name
from protocol.shipped import EXAMPLE_STANDARD
from protocol.toml_file import Section


class Limits(Section):
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

    @property
    def open(self) -> bool:
        """Whether nothing is asked; an open clause gets no verdict at all."""
        return self.min is None and self.max is None


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause in words for people, with the unit of its value."""

    title: str
    unit: str
    """``s``, ``cm``, ``°``, ``teeth``; a ``%`` is a share in the file and in measurements, and times 100 for people."""
    decimals: int
    """Decimals that a measured value is shown with."""
    caution: str = ""
    """What whoever asks for it should know of people who cannot do it."""

    def written(self, value: float, se: float | None = None) -> str:
        """A value with its standard error and unit: ``3.2 ± 0.1 s``, ``60 ± 3 %``, ``8.4 ± 0.3 teeth``."""
        scale = 100 if self.unit == "%" else 1
        numbers = [value] if not se else [value, se]
        return self._with_unit(" ± ".join(f"{number * scale:.{self.decimals}f}" for number in numbers))

    def asked(self, limits: Limits) -> str:
        """Limits in words: ``at most 5 s``, ``0.4 to 1.5 cm``."""
        if limits.min is not None and limits.max is not None:
            return self._with_unit(f"{self._bare(limits.min)} to {self._bare(limits.max)}")
        if limits.max is not None:
            return self._with_unit(f"at most {self._bare(limits.max)}")
        if limits.min is not None:
            return self._with_unit(f"at least {self._bare(limits.min)}")
        return "left open"

    def _with_unit(self, number: str) -> str:
        return number + self.unit if self.unit == "°" else f"{number} {self.unit}"

    def _bare(self, limit: float) -> str:
        return f"{limit * 100:g}" if self.unit == "%" else f"{limit:g}"


class Area(Section):
    """A table of a standard: the numbers about one area of service."""

    word: ClassVar[str]
    """The area in a word for people, for a mark that sums up its clauses."""


Positive = Annotated[float, Field(gt=0.0)]


class Near(Area):
    """When a customer counts as coming near, and as gone."""

    word = "distance"

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


class Respond(Area):
    """How soon a customer who came near is attended to."""

    word = "response"

    within_s: Annotated[float, Field(ge=0.5, le=600.0), ClauseText("Attended to in time", "s", 2)] = 5.0
    """Seconds from coming near to the first reaction that counts, at most."""
    counts: Annotated[tuple[ReactionKind, ...], Field(min_length=1)] = ("turned", "smiled", "stood_up")
    """The kinds of reaction that count as attending to a customer."""


NOT_EVERYBODY = (
    "Not everybody can show teeth: many people smile with closed lips, and teeth may be missing or behind braces. "
    "Who cannot is exempted by name."
)
NOT_ALIKE = "Not everybody's mouth moves alike, as after a palsy. Who cannot is exempted by name."


class SmileLimits(Area):
    """The smile, as geometry."""

    word = "smile"

    lift_cm: Annotated[Limits, ClauseText("Lift of the mouth corners", "cm", 2, NOT_ALIKE)] = Limits()
    """Rise of the mouth corners above the host's own resting face, at its median while smiling."""
    teeth: Annotated[Limits, ClauseText("Teeth shown", "teeth", 1, NOT_EVERYBODY)] = Limits()
    """Teeth shown while smiling. It asks for what not everybody can show: many people smile with closed lips, and such a smile is
    recognised less often; teeth may be missing, dark or behind braces, and one side of a face may not move."""
    hold_s: Annotated[Limits, ClauseText("Smile held", "s", 1)] = Limits()
    """How long a smile lasts during an encounter."""
    practice_hold_s: Annotated[float, Field(gt=0.0, le=900.0)] = 180.0
    """How long the smile is held before the practice mirror; practice is never scored."""


class WorkLimits(Area):
    """When work is put down for a customer, and taken up again."""

    word = "work"

    stop_work_m: Annotated[Limits, ClauseText("Work stopped at", "m", 1)] = Limits()
    """The customer's distance at the moment work stops: beyond max is too early, nearer than min is too late."""
    resume_work_m: Annotated[Limits, ClauseText("Work resumed at", "m", 1)] = Limits()
    """The leaving customer's distance at the moment work is resumed: nearer than min is too early."""
    resume_within_s: Annotated[Limits, ClauseText("Work resumed within", "s", 1)] = Limits()
    """Seconds from the customer's leaving to work being resumed."""


class PostureLimits(Area):
    """How the host holds themselves towards a customer."""

    word = "posture"

    forward_lean_deg: Annotated[Limits, ClauseText("Forward lean", "°", 1)] = Limits()
    """The largest sustained forward lean of an encounter; a minimum of 0 forbids leaning back."""
    hand_at_face_share: Annotated[Limits, ClauseText("Hand at the face", "%", 0)] = Limits()
    """Share of the encounter in which a hand is at chin, mouth, nose or hair, 0 to 1."""


class GazeLimits(Area):
    """Eyes on the customer, and moving with them."""

    word = "eyes"

    on_customer_share: Annotated[Limits, ClauseText("Eyes on the customer", "%", 0)] = Limits()
    """Share of the encounter in which the eyes are on the customer, 0 to 1."""
    longest_away_s: Annotated[Limits, ClauseText("Longest look away", "s", 1)] = Limits()
    """The longest stretch in which the eyes are elsewhere."""
    following_lag_s: Annotated[Limits, ClauseText("Gaze follows within", "s", 2)] = Limits()
    """How far the eyes lag behind a customer who moves."""


class Phone(Area):
    """By which ring the telephone is answered."""

    word = "telephone"

    rings: Annotated[Limits, ClauseText("Telephone answered", "rings", 0)] = Limits()
    """``{max = 3}``: by the third ring. ``{min = 3}``: after three rings."""
    counting: Literal["begun", "completed"] = "begun"
    """Whether the ring in progress at the pick-up counts (``begun``), or only rings that ended (``completed``)."""
    seconds_per_ring: Annotated[float, Field(ge=1.0, le=60.0)] = 5.0
    """Seconds that count as one ring where a bell or contact sounds without a pause; five is a ring of 1/4, China's and most of Europe's."""


class Reply(Area):
    """How soon a message is replied to."""

    word = "reply"

    within_h: Positive = 24.0
    """Hours from a message to its reply."""
    hours: Literal["calendar", "business"] = "calendar"
    """Whether all hours count, or only those of business."""


class Presence(Area):
    """How much of the time the desk is staffed."""

    word = "presence"

    staffed_share: Annotated[Limits, ClauseText("Desk staffed", "%", 0)] = Limits()
    """Share of the day in which somebody is at the desk, 0 to 1."""


class Standard(Section):
    """One company's service standard, in one version."""

    example = EXAMPLE_STANDARD

    name: Name
    """The standard's name; its file is called so too."""
    version: Annotated[int, Field(ge=1, le=999_999)]
    """Counted up with every change, so that a measurement names the numbers it was made under."""
    title: str
    """What people call it."""
    near: Near = Near()
    respond: Respond = Respond()
    smile: SmileLimits = SmileLimits()
    work: WorkLimits = WorkLimits()
    posture: PostureLimits = PostureLimits()
    gaze: GazeLimits = GazeLimits()
    phone: Phone = Phone()
    reply: Reply = Reply()
    presence: Presence = Presence()

    @property
    def label(self) -> str:
        """The standard's name with its version, as it stands in a measurement: ``eight-teeth@1``."""
        return f"{self.name}@{self.version}"


def _areas() -> Iterator[tuple[str, type[Area]]]:
    """The tables of a standard with their keys, in order."""
    for key, field in Standard.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Area):
            yield key, field.annotation


AREAS = {key: area.word for key, area in _areas()}
"""The areas of service: the key of each table and its word for people, in order."""

CLAUSES = {
    f"{key}.{name}": text
    for key, area in _areas()
    for name, field in area.model_fields.items()
    for text in field.metadata
    if isinstance(text, ClauseText)
}
"""Every clause by its place in the standard, such as ``smile.teeth``, in the order in which clauses are shown."""


def area_of(clause: str) -> str:
    """The key of the table in which a clause stands: ``smile`` of ``smile.teeth``."""
    return clause.partition(".")[0]


def limits_of(standard: Standard, clause: str) -> Limits:
    """What a standard asks by a clause; a bare number is a maximum.

    Raises:
        KeyError: The standard knows no such clause.
    """
    if clause not in CLAUSES:
        raise KeyError(clause)
    key, _, name = clause.partition(".")
    asked = getattr(getattr(standard, key), name)
    return asked if isinstance(asked, Limits) else Limits(max=asked)
