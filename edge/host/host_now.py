"""The host at one moment, as the encounter and the lights need it."""

from dataclasses import dataclass

from edge.observation import Estimate


@dataclass(frozen=True, slots=True)
class HostNow:
    """The host at one moment; None means "not known", never "no"."""

    t_s: float
    observed: bool
    """Whether the host's side is being seen at all: False without a staff camera, or while it fails."""
    present: bool | None = None
    turned: bool | None = None
    """Turned to the customer who is near (or, with none, to where customers come from)."""
    turned_since_s: float | None = None
    turned_to: int | None = None
    """Track of the one customer near whom the head is turned to; None when to none, or when to whom is not known."""
    smiling: bool | None = None
    smiling_since_s: float | None = None
    smiling_since_se_s: float | None = None
    """Standard error of `smiling_since_s`; None where the smile was not seen to begin."""
    standing: bool | None = None
    stood_up_s: float | None = None
    """When the host last rose from the chair."""
    working: bool | None = None
    """Occupied with desk work; docs/host.md says how that is measured."""
    working_since_s: float | None = None
    work_stopped_s: float | None = None
    """When desk work was last put down, which is known only a moment later."""
    lift_cm: Estimate | None = None
    """Lift of the corners above the resting face: of both, or of the one that moves where only one does."""
    teeth: Estimate | None = None
    gaze_off_deg: Estimate | None = None
    """Angle between the gaze and the customer."""
    lean_deg: Estimate | None = None
    """Forward lean above the upright baseline."""
    baseline_known: bool = False
