"""The telephone's pins of the live desk, as observations; a desk whose pins fail measures all the rest."""

import logging
from collections.abc import Iterator

from edge.live.phone_pins import LinePins, PhonePinError, PhonePins
from edge.observation import Edge, EdgesLost, LineLost
from edge.settings.desk_toml import PhoneLine

log = logging.getLogger(__name__)


def line_pins(wirings: tuple[PhoneLine, ...]) -> list[LinePins]:
    """The pins of all lines, as desk.toml wires them."""
    return [
        LinePins(each.name, each.ring_pin, each.hook_pin, each.ring_active_high, each.hook_active_high)
        for each in wirings
    ]


class LivePhone:
    """Polled by the appliance.

    Args:
        wirings: The lines of desk.toml.
        now_s: The present on the monotonic clock.
    """

    def __init__(self, wirings: tuple[PhoneLine, ...], now_s: float) -> None:
        self.trouble: str | None = None
        """What keeps the pins from being heard, in words."""
        self._lost: list[LineLost] = []
        self._pins: PhonePins | None = None
        try:
            self._pins = PhonePins(line_pins(wirings)) if wirings else None
        except PhonePinError as error:
            log.error("%s", error)  # noqa: TRY400  (a technician needs the words, not the stack)
            self.trouble = str(error)
            self._lost = [LineLost(now_s, wiring.name, str(error)) for wiring in wirings]

    def poll(self) -> Iterator[Edge | EdgesLost | LineLost]:
        """Everything that has come since the last time."""
        yield from self._lost
        self._lost.clear()
        if self._pins is None:
            return
        self.trouble = self._pins.problem()
        batch = self._pins.read()
        for line, count in batch.dropped:
            yield EdgesLost(batch.until_s, line, count)
        for edge in batch.edges:
            yield Edge(edge.t_s, edge.line, edge.pin, edge.level)

    def close(self) -> None:
        """Give the pins back."""
        if self._pins is not None:
            self._pins.close()
