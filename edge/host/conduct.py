"""How the host attended to one party: all that is measured of them, as one value."""

from dataclasses import dataclass, fields
from typing import Any

from protocol.measurements import Gaze, Posture, Quantity, Share, Smile


@dataclass(frozen=True, slots=True)
class DeskWork:
    """When the host put work down for a party and took it up again, and how far away the customer was.

    The encounter measures it: only it relates the host's work to where the customer was.
    """

    at_arrival: bool | None = None
    """Whether they worked when the customer came near; None where that is not known."""
    stopped_s: float | None = None
    stopped_m: Quantity | None = None
    resumed_s: float | None = None
    resumed_m: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """What was measured of the host while one party was served; None where nothing could be.

    Each field has the name and the type of the field in `protocol.measurements.Encounter` that it becomes: whoever reports an
    encounter need not know what is measured of a host.
    """

    smile: Smile | None
    gaze: Gaze | None
    posture: Posture | None
    host_changed_s: float | None = None
    mouth_covered_share: Share | None = None

    def by_name(self) -> dict[str, Any]:
        """The values by the names of their fields, for `Encounter`, which checks their types."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
