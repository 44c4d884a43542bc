"""What the encounter asks of the room that watches the host's manner."""

from typing import Protocol

from protocol.measurements import Gaze, Posture, Smile


class Manner(Protocol):
    """Sums up how the host held mouth, eyes and body towards certain customers."""

    def summarise(
        self, start_s: float, end_s: float, customer_ids: tuple[int, ...]
    ) -> tuple[Smile | None, Gaze | None, Posture | None]:
        """Smile, gaze and posture from ``start_s`` to ``end_s``; ``customer_ids`` are the track ids of the encounter."""
