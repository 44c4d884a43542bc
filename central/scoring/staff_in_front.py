"""A visit that may have been one of the staff: whatever would fail cannot be told."""

from dataclasses import replace

from central.scoring.verdict import Verdict
from protocol.measurements import Encounter, MayBeStaff

MAY_BE_STAFF: dict[MayBeStaff, str] = {
    "went_behind": "this person was on the staff's side for a while and may be of the staff",
    "came_back": "this person came from where one of the staff had gone and may be of the staff",
    "in_front": "whoever was on duty had said that they are in front of the desk and may be this person",
    "stepped_round": "the host left as this person came, was back as they went, and may be this person",
}
"""Why a visit may have been none."""


def in_doubt(verdict: Verdict, encounter: Encounter) -> Verdict:
    """A verdict on an encounter; a failure of one that may have been with staff becomes indeterminate, with the reason."""
    if encounter.may_be_staff is None or verdict.outcome != "fail":
        return verdict
    reason = f"{verdict.reason}, but {MAY_BE_STAFF[encounter.may_be_staff]}"
    return replace(verdict, outcome="indeterminate", reason=reason)
