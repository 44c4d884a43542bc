"""How urgent a ringing telephone is, by the number of rings a standard allows."""

from dataclasses import dataclass
from typing import Literal

RingUrgency = Literal["early", "calm", "urgent", "late"]


@dataclass(frozen=True, slots=True)
class RingLimits:
    """The rings within which a standard wants the telephone answered."""

    min_rings: float | None = None
    """Answer no sooner than with this many rings; None for at once."""
    max_rings: float | None = None
    """Answer with no more than this many; None for no limit."""
    counting: Literal["begun", "completed"] = "begun"
    """Whether the ring in progress at the pick-up counts, or only rings that are over.

    By the third ring: ``max_rings=3, counting="begun"``. After three rings: ``min_rings=3, counting="completed"``.
    """


def ring_urgency(ring_number: int, limits: RingLimits) -> RingUrgency:
    """How urgent it is to answer as this ring begins.

    ``early`` while answering now would be too soon, ``urgent`` in the last allowed ring, ``late`` beyond it, else ``calm``.

    Args:
        ring_number: The ring that begins, counted from 1.
        limits: What the standard allows. Where completed rings count, the ring in progress is not yet one, so that ring
            ``max_rings + 1`` is the last in which the receiver may be lifted.
    """
    counted = ring_number if limits.counting == "begun" else ring_number - 1
    if limits.min_rings is not None and counted < limits.min_rings:
        return "early"
    if limits.max_rings is None or counted + 1 <= limits.max_rings:
        return "calm"
    return "urgent" if counted <= limits.max_rings else "late"
