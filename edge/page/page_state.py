"""What the host's page shows at one moment, and what it asks of the desk: pure values, and the lines they travel as."""

import json
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import pattern_of
from edge.page.day_so_far import DaySoFar
from protocol.measurements import Message, Ordinal

LONGEST_LINE = 2000
"""Bytes of a line between desk and page; none has a place where a picture could travel."""
STEP_S = 0.1
"""A remaining time that moved by less is the same: the page counts down by itself."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What the page shows."""

    cue: Cue
    within_s: float
    """The time to respond, of which the bar is a share."""
    ends_s: float | None = None
    """When the time to respond is over, on the desk's timeline, to `STEP_S`."""
    person: str | None = None
    day: DaySoFar | None = None
    since: str | None = None
    """The wall time of ``day.since_s``, such as ``09:12``."""
    latest_visit: str | None = None
    """The wall time at which the latest visit began that can be contested."""
    takes_pin: bool = False

    def same_as(self, other: "PageState | None") -> bool:
        """Whether a page that shows the other shows this: what is left of the time it counts down by itself."""
        return other is not None and replace(self, cue=_still(self.cue)) == replace(
            other, cue=_still(other.cue)
        )

    def line(self, now_s: float, said_s: float) -> bytes:
        """The state as one line of JSON.

        Args:
            now_s: The present.
            said_s: When the desk last said that it holds.
        """
        shown = {
            "age_s": round(max(0.0, now_s - said_s), 2),
            "cue": self.cue.kind.value,
            "tone": pattern_of(self.cue).tone.value,
            "measuring": self.cue.measuring,
            "rings": self.cue.rings,
            "left_s": None if self.ends_s is None else round(self.ends_s - now_s, 2),
            "within_s": self.within_s,
            "person": self.person,
            "since": self.since,
            "latest_visit": self.latest_visit,
            "takes_pin": self.takes_pin,
            "day": None
            if self.day is None
            else {
                "visits": self.day.visits,
                "judged": self.day.judged,
                "in_time": self.day.in_time,
                "wait_s": None if self.day.wait_s is None else round(self.day.wait_s, 1),
                "calls": self.day.calls,
                "calls_in_time": self.day.calls_in_time,
            },
        }
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


COUNTS_DOWN = {CueKind.WAITING, CueKind.RUNNING_OUT, CueKind.TOO_LATE}
"""The cues whose remaining time is shown."""


def _still(cue: Cue) -> Cue:
    return replace(cue, seconds_left=None)


def ends_at(cue: Cue, now_s: float) -> float | None:
    """When the time to respond is over; None where the cue counts nothing down."""
    if cue.seconds_left is None or cue.kind not in COUNTS_DOWN:
        return None
    return round((now_s + cue.seconds_left) / STEP_S) * STEP_S


class PageRequest(Message):
    """What somebody did at the page."""

    number: Ordinal
    """Of the request, by which it is answered."""
    do: Literal["pin", "sign_out", "help", "contest"]
    pin: Annotated[str, Field(max_length=20)] | None = None
    kind: Literal["technical", "administrative"] | None = None
    """Whom help is asked of."""
    about: Literal["visit", "day"] | None = None
    """What is contested."""


class PageAnswer(Message):
    """What came of it."""

    answers: Ordinal
    ok: bool
    wait_s: float | None = None
    """For how long no PIN is taken, after too many wrong ones."""


def read_request(line: bytes) -> PageRequest | None:
    """The request that a line is; None for anything else."""
    try:
        return PageRequest.model_validate_json(line)
    except ValidationError:
        return None
