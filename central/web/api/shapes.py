"""What the API says of each thing. Moments are RFC 3339 in UTC, stretches are seconds, names are as the registry has them."""

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from central.desks.heard import Presence
from central.scoring.verdict import Outcome, Verdict
from central.standards.standard_versions import StandardState
from protocol.measurements import Call, Encounter, Health

ItemT = TypeVar("ItemT")


WHOSE = "The company it is for; left out for every company, or for the only one within reach. A later version of a name goes where the first did."


class Shape(BaseModel):
    """Anything that the API says."""

    model_config = ConfigDict(frozen=True)


class Part(Shape, Generic[ItemT]):
    """One part of a list."""

    items: tuple[ItemT, ...]
    next: str | None = Field(description="Cursor of the next part; null after the last one.")


class CompanyShape(Shape):
    """A company."""

    id: int
    name: str


class RegionShape(Shape):
    """Some of a company's showrooms."""

    id: int
    company: str
    name: str


class ShowroomShape(Shape):
    """A showroom."""

    id: int
    company: str
    region: str = Field(description="Empty where it belongs to none.")
    name: str
    timezone: str = Field(description="IANA name, by which its days begin and end.")
    jurisdiction: str


class PlaceShape(Shape):
    """Where a desk stood, from when to when."""

    company: str = Field(description="Empty, as the showroom, where nobody has said where it stood.")
    region: str
    showroom: str
    label: str = Field(description="What people call the desk there.")
    timezone: str
    since: datetime | None = Field(description="null: since ever.")
    until: datetime | None = Field(description="null: it stands there.")


class FaultShape(Shape):
    """Something that is to be mended at a desk."""

    text: str
    since: datetime
    until: datetime | None = Field(description="null while it is open.")


class DeskShape(Shape):
    """A desk, where it stands now, and whether it is there."""

    device: str
    place: PlaceShape
    presence: Presence = Field(description="`unheard`: it was entered and has said nothing yet.")
    presence_since: datetime | None
    open_faults: tuple[FaultShape, ...]
    awaited: int = Field(description="Measurements that it has numbered and that are still on their way.")
    rejected: int = Field(description="Messages that could not be used.")
    standard: str | None = Field(description="The standard that it works by, as its latest birth names it.")


class DeskHealthShape(Shape):
    """How a desk was doing when it last told of itself."""

    device: str
    told: datetime | None = Field(description="null where it never did.")
    health: Health | None
    faults: tuple[FaultShape, ...] = Field(description="Open ones first, then those that are gone.")


class DeskPlacesShape(Shape):
    """Every place of a desk within reach, the latest first: moving it rewrites no history."""

    device: str
    places: tuple[PlaceShape, ...]


class DeskChange(BaseModel):
    """Where a desk stands; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    company: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    showroom: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    label: Annotated[str, Field(max_length=200)] | None = None
    since: datetime | None = Field(default=None, description="It stands there from then on; else from now.")
    correct: bool = Field(default=False, description="It never stood where the registry says.")


class LimitsShape(Shape):
    """What a standard allows."""

    min: float | None
    max: float | None


class VerdictShape(Shape):
    """One clause held against what was measured."""

    clause: str
    outcome: Outcome
    reason: str
    limits: LimitsShape
    value: float | None
    se: float | None = Field(description="Standard error of the value.")
    measurements: tuple[str, ...] = Field(description="What it rests on.")


class MeasuredShape(Shape):
    """Something that was measured, when, where, and who was on duty."""

    id: str = Field(description="DEVICE/BOOT/NUMBER, for ever.")
    device: str
    company: str
    showroom: str = Field(description="Where the desk stood then.")
    began: datetime
    ended: datetime
    clock_was_set: bool = Field(description="Whether these come from a clock that had been set.")
    on_duty: str = Field(description="Pseudonym; `unknown` where nobody had signed in.")
    standard: str = Field(description="NAME@VERSION that the verdicts are under.")
    verdicts: tuple[VerdictShape, ...]
    excluded: bool = Field(
        description="Whether it is out of every figure, after a contest that somebody decided so."
    )
    contested: bool = Field(description="Whether a contest of it, in an appraisal, waits to be decided.")


class VisitShape(MeasuredShape):
    """A visit: facts as they were measured, and the verdicts on them."""

    wait_s: float
    wait_ended_by: Literal["reaction", "customer_left", "not_observed"]
    party_size: int
    measurement: Encounter


class CallShape(MeasuredShape):
    """A call: facts as they were measured, and the verdicts on them."""

    line: str
    outcome: str
    rings_begun: int
    answered_ring: int | None
    measurement: Call


class StandardShape(Shape):
    """A version of a standard."""

    name: str
    version: int
    title: str
    company: str | None = Field(description="Whose it is; null of one for every company.")
    state: StandardState
    sha256: str = Field(description="Of the text's UTF-8.")
    written: datetime
    approved: datetime | None


class StandardTextShape(StandardShape):
    """A version of a standard, word for word."""

    text: str = Field(description="TOML.")


class InForceShape(Shape):
    """That a version is in force in a showroom, or will be."""

    id: int
    company: str
    showroom: str
    standard: str
    sha256: str
    since: datetime


class StandardDraft(BaseModel):
    """A standard to be kept as a draft; another account approves it."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=20_000, description="TOML.")]
    company: Annotated[str, Field(max_length=200, description=WHOSE)] = ""


class EmploymentShape(Shape):
    """What somebody worked as, where and when."""

    company: str
    showroom: str
    worked_as: str
    first_day: date | None
    last_day: date | None


class PersonShape(Shape):
    """Somebody under their pseudonym; no other name of theirs leaves the registry by this way."""

    id: int
    pseudonym: str
    company: str
    employments: tuple[EmploymentShape, ...] = Field(description="Within the token's reach.")


class ShiftShape(Shape):
    """A stretch in which one person was on duty at a desk."""

    device: str
    person: str
    since: datetime
    until: datetime | None = Field(description="null while it lasts.")
    measurements: tuple[str, ...] = Field(description="Sign-in and sign-out that it rests on, as they came.")
    corrected: str | None = Field(description="Reason of the correction by which it is so.")


class DutyCorrectionAsked(BaseModel):
    """Who was on duty in truth; what was measured stays beside it."""

    model_config = ConfigDict(extra="forbid")

    person: Annotated[str, Field(min_length=1, max_length=100)]
    since: datetime
    until: datetime | None = None
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    measurement: Annotated[str, Field(max_length=120)] | None = Field(
        default=None, description="The sign-in that is corrected; left out where nobody had signed in."
    )


class ExemptionShape(Shape):
    """From which clause somebody is exempt; reasons are read on the pages only, by who may."""

    id: int
    person: str
    clause: str
    since: datetime
    until: datetime | None = Field(description="null while it holds.")


class SheetAsked(BaseModel):
    """One sheet of the registry."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=5_000_000, description="CSV, as docs/central.md says.")]


class SheetsAsked(BaseModel):
    """Sheets to be taken in together: all of them, or nothing where anything is wrong."""

    model_config = ConfigDict(extra="forbid")

    sheets: Annotated[list[SheetAsked], Field(min_length=1, max_length=20)]
    dry_run: bool = False


class SheetTakenShape(Shape):
    """What became of the rows of one sheet."""

    sheet: str
    new: int
    changed: int
    same: int


class SheetsTakenShape(Shape):
    """What became of sheets."""

    dry_run: bool
    sheets: tuple[SheetTakenShape, ...]


def verdict_shape(verdict: Verdict) -> VerdictShape:
    """A verdict as the API says it."""
    return VerdictShape(
        clause=verdict.clause,
        outcome=verdict.outcome,
        reason=verdict.reason,
        limits=LimitsShape(min=verdict.limits.min, max=verdict.limits.max),
        value=verdict.value,
        se=verdict.se,
        measurements=verdict.measurements,
    )
