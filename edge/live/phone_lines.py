"""The telephone's pins of the live desk, as observations; a desk whose pins fail measures all the rest, and tries them again."""

import logging
from collections.abc import Iterator

from edge.live.phone_pins import OpenLine, PhonePins
from edge.observation import Edge, EdgesLost, LineBack, LineLost
from edge.parts.attempts import AttemptFailed, Attempts
from edge.parts.pin_factory import PINS_OPEN_WITHIN_S
from edge.settings.desk_toml import PhoneLine

log = logging.getLogger(__name__)


class LivePhone:
    """Polled by the appliance; pins are opened in the background, each line for itself, and a line that refuses again and again.

    Args:
        lines: The lines of desk.toml.
        now_s: The present on the monotonic clock.
    """

    def __init__(self, lines: tuple[PhoneLine, ...], now_s: float) -> None:
        self._pins = PhonePins()
        self._silent = [_SilentLine(line, self._pins, now_s) for line in lines]

    @property
    def troubles(self) -> tuple[str, ...]:
        """What keeps pins from being watched, in words; nothing while all is well."""
        troubles = (*(line.trouble for line in self._silent), self._pins.problem())
        return tuple(trouble for trouble in troubles if trouble)

    def poll(self, now_s: float) -> Iterator[Edge | EdgesLost | LineLost | LineBack]:
        """Everything that has come since the last time."""
        for line in list(self._silent):
            outcome = line.poll(now_s)
            if isinstance(outcome, OpenLine):
                self._silent.remove(line)
                if line.trouble is not None:
                    log.warning("telephone line %s is heard", line.name)
                    yield LineBack(now_s, line.name)
                self._pins.add(outcome)
            elif outcome is not None:
                yield outcome
        yield from self._pins.read()

    def close(self) -> None:
        """Give the pins back."""
        self._pins.close()


class _SilentLine:
    """A line whose pins are not watched yet."""

    def __init__(self, line: PhoneLine, pins: PhonePins, now_s: float) -> None:
        self.name = line.name
        self.trouble: str | None = None
        """Why it is not heard, in words; None while its pins are opened for the first time."""
        self._began_s = now_s
        self._attempts = Attempts(lambda: pins.open(line), now_s, PINS_OPEN_WITHIN_S)

    def poll(self, now_s: float) -> OpenLine | LineLost | None:
        """The opened pins, or that the line is lost; that once."""
        outcome = self._attempts.poll(now_s)
        if not isinstance(outcome, AttemptFailed):
            return outcome
        first = self.trouble is None
        # Who holds a pin may change from attempt to attempt; a driver that hangs says no line.
        named = outcome.reason.startswith(f"line {self.name}:")
        self.trouble = outcome.reason if named else f"line {self.name}: {outcome.reason}"
        if not first:
            return None
        log.error("%s; it is tried again", self.trouble)
        return LineLost(self._began_s, self.name, self.trouble)
