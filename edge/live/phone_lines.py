"""The telephone's pins of the live desk, as observations; a desk whose pins fail measures all the rest."""

import logging
from collections.abc import Iterator

from edge.live.phone_pins import PhonePinError, PhonePins
from edge.observation import Edge, EdgesLost, LineLost
from edge.settings.desk_toml import PhoneLine

log = logging.getLogger(__name__)


class LivePhone:
    """Polled by the appliance.

    Args:
        lines: The lines of desk.toml.
        now_s: The present on the monotonic clock.
    """

    def __init__(self, lines: tuple[PhoneLine, ...], now_s: float) -> None:
        self.trouble: str | None = None
        """What keeps the pins from being watched, in words."""
        self._lost: list[LineLost] = []
        self._pins: PhonePins | None = None
        try:
            self._pins = PhonePins(lines) if lines else None
        except PhonePinError as error:
            log.error("%s", error)  # noqa: TRY400  (a technician needs the words, not the stack)
            self.trouble = str(error)
            self._lost = [LineLost(now_s, line.name, str(error)) for line in lines]

    def poll(self) -> Iterator[Edge | EdgesLost | LineLost]:
        """Everything that has come since the last time."""
        yield from self._lost
        self._lost.clear()
        if self._pins is None:
            return
        self.trouble = self._pins.problem()
        yield from self._pins.read()

    def close(self) -> None:
        """Give the pins back."""
        if self._pins is not None:
            self._pins.close()
