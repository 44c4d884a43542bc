"""Measurements as a desk would send them, with only what a test speaks of spelt out."""

from typing import Any, Literal

from central.records.measured import Measured
from protocol.envelope import Identity, wrap
from protocol.measurements import (
    Attendance,
    Call,
    Encounter,
    EncounterCoverage,
    Gap,
    Gaze,
    Measurement,
    Posture,
    Quantity,
    Reaction,
    ReactionKind,
    Smile,
)
from protocol.standard import CLAUSES, Limits, Standard
from protocol.state import WallMapping

BOOT = "0" * 31 + "1"
OFFSET_S = 1_790_000_000.0
"""Unix time of the timeline's zero: 2026-09-21 14:13:20 UTC."""


def q(value: float, se: float = 0.0, coverage: float = 1.0) -> Quantity:
    return Quantity(value=value, se=se, coverage=coverage)


def reaction(kind: ReactionKind, delay_s: float, came_near_s: float = 100.0, se_s: float = 0.03) -> Reaction:
    return Reaction(kind=kind, at_s=came_near_s + delay_s, delay_s=delay_s, se_s=se_s)


def smile(**changes: Any) -> Smile:
    facts: dict[str, Any] = {
        "baseline": "known",
        "onset_s": 103.0,
        "offset_s": 108.0,
        "held_s": 5.0,
        "longest_s": 5.0,
        "peak_lift_cm": q(1.1, 0.05),
        "median_lift_cm": q(0.9, 0.05),
        "teeth": q(8.6, 0.2),
    }
    return Smile(**facts | changes)


NO_SMILE = smile(
    onset_s=None,
    offset_s=None,
    held_s=0.0,
    longest_s=0.0,
    peak_lift_cm=None,
    median_lift_cm=None,
    teeth=None,
)


def gaze(**changes: Any) -> Gaze:
    facts: dict[str, Any] = {
        "on_customer_share": q(0.8, 0.03),
        "longest_away_s": 2.0,
        "following_lag_s": q(0.3, 0.05),
    }
    return Gaze(**facts | changes)


def posture(**changes: Any) -> Posture:
    facts: dict[str, Any] = {
        "forward_lean_deg": q(6.0, 1.5),
        "stood_share": 0.0,
        "working_at_arrival": True,
        "stopped_work_s": 101.0,
        "stopped_work_m": q(2.4, 0.15),
        "resumed_work_s": 130.0,
        "resumed_work_m": q(3.6, 0.2),
    }
    return Posture(**facts | changes)


def visit(
    *reactions: Reaction,
    wait_s: float | None = None,
    ended: Literal["reaction", "customer_left", "not_observed"] | None = None,
    at_s: float = 100.0,
    host_coverage: float = 1.0,
    **changes: Any,
) -> Encounter:
    """A visit of 25 s that began at ``at_s``; the wait is to the first reaction unless it says otherwise."""
    first = min(reactions, key=lambda reaction: reaction.at_s, default=None)
    facts: dict[str, Any] = {
        "start_s": at_s,
        "end_s": at_s + 25.0,
        "visit": 1,
        "standard": "eight-teeth@1",
        "party_size": 1,
        "came_near_s": at_s,
        "came_near_m": q(3.0, 0.15),
        "closest_m": q(0.9, 0.05),
        "stopped_s": at_s + 3.0,
        "confirmed_s": at_s + 4.0,
        "left_s": at_s + 25.0,
        "last_seen_s": at_s + 25.0,
        "ended_by": "left",
        "host_at_arrival": "present",
        "reactions": tuple(sorted(reactions, key=lambda reaction: reaction.at_s)),
        "wait_s": wait_s if wait_s is not None else max(0.0, first.delay_s) if first else 25.0,
        "wait_ended_by": ended or ("reaction" if first else "customer_left"),
        "reaction_kind": first.kind if first and ended in (None, "reaction") else None,
        "resumed_work_s": None,
        "simultaneous_max": 1,
        "on_phone_share": 0.0,
        "smile": None,
        "gaze": None,
        "posture": None,
        "coverage": EncounterCoverage(customer=0.98, host=host_coverage),
    }
    return Encounter(**facts | changes)


def call(
    rings: int,
    outcome: Literal["answered", "abandoned", "unknown"],
    *,
    completed: int | None = None,
    at_s: float = 100.0,
    **changes: Any,
) -> Call:
    """A call that rang so many times; an answered one is answered during the last of them."""
    answered = outcome == "answered"
    facts: dict[str, Any] = {
        "start_s": at_s,
        "end_s": at_s + 5.0 * rings + 60.0,
        "line": "1",
        "rings_begun": rings,
        "rings_completed": completed if completed is not None else rings - answered,
        "ring_s": 5.0 * rings - 4.0,
        "answered_ring": rings if answered else None,
        "pickup_delay_s": 5.0 * rings - 4.5 if answered else None,
        "outcome": outcome,
        "talk_s": 60.0 if answered else None,
        "pattern": None,
        "cadence": "china",
        "cadence_confidence": 0.98,
        "noise_rejected": 0,
    }
    return Call(**facts | changes)


def staffed(from_s: float, to_s: float, *, staffed: bool = True, coverage: float = 1.0) -> Attendance:
    return Attendance(start_s=from_s, end_s=to_s, staffed=staffed, coverage=coverage)


def gap(from_s: float, to_s: float, what: str = "camera staff", reason: str = "no frame came") -> Gap:
    return Gap(start_s=from_s, end_s=to_s, what=what, reason=reason)


def measured(
    data: Measurement, number: int = 1, offset_s: float = OFFSET_S, *, synced: bool = True
) -> Measured[Measurement]:
    return Measured(f"desk-1/{BOOT}/{number}", offset_s + data.start_s, synced, data)


def event(
    data: Measurement,
    number: int,
    device: str = "desk-1",
    boot: str = BOOT,
    offset_s: float = OFFSET_S,
    clock: Literal["synced", "estimated"] = "synced",
    *,
    historical: bool = False,
) -> bytes:
    """The measurement as it travels."""
    wall = WallMapping(offset_s=offset_s, clock=clock)
    return wrap(data, identity=Identity(device, boot, number), wall=wall, historical=historical).to_json()


STANDARD = Standard.model_validate(
    {
        "name": "house",
        "version": 3,
        "title": "The house",
        "respond": {"within_s": 5.0, "counts": ["turned", "smiled", "stood_up"]},
        "smile": {"lift_cm": {"min": 0.4, "max": 1.5}, "teeth": {"min": 8}, "hold_s": {"min": 2.0}},
        "work": {"stop_work_m": {"min": 1.5, "max": 3.0}, "resume_work_m": {"min": 2.0}},
        "posture": {"forward_lean_deg": {"min": 0.0, "max": 15.0}},
        "gaze": {
            "on_customer_share": {"min": 0.6},
            "longest_away_s": {"max": 5.0},
            "following_lag_s": {"max": 0.8},
        },
        "phone": {"rings": {"max": 3}},
        "presence": {"staffed_share": {"min": 0.95}},
    }
)


def with_limits(**sections: Any) -> Standard:
    """The standard with some sections replaced."""
    return Standard.model_validate(STANDARD.model_dump() | sections)


AT_MOST_5 = Limits(max=5.0)


def _all_set() -> Standard:
    facts = STANDARD.model_dump()
    for clause in CLAUSES:
        area, _, name = clause.partition(".")
        facts[area][name] = 5.0 if isinstance(facts[area][name], float) else {"min": 0.25, "max": 20.0}
    return Standard.model_validate(facts)


ALL_SET = _all_set()
"""A standard that leaves no clause open, a later one neither."""
