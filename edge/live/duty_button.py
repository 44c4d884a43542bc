"""A plain button on a pin, for a desk at which whoever sits there takes the duty by pressing it."""

import logging
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from gpiozero import input_devices

from edge.parts.attempts import AttemptFailed, Attempts
from edge.parts.pin_factory import PINS_OPEN_WITHIN_S, ensure_pin_factory
from edge.parts.pin_holder import busy_in_words
from protocol.errors import MendableError

log = logging.getLogger(__name__)
inputs: Any = input_devices  # gpiozero carries no types.

BOUNCE_S = 0.05
"""A contact is quiet after so long; nobody presses twice within it."""
MOST_WAITING = 16
"""Presses that wait for the desk at most: nobody means more."""


class ButtonError(MendableError):
    """The button's pin cannot be used; the text says why and what to do."""


class DutyButton:
    """Polled by the appliance; a pin that refuses is tried again in the background.

    Args:
        pin: Its pin, which the button pulls to ground.
        now_s: The present on the monotonic clock.
    """

    def __init__(self, pin: int, now_s: float) -> None:
        self._pin = pin
        self._presses: deque[float] = deque(maxlen=MOST_WAITING)
        self._button: Any = None
        self._attempts = Attempts(self._open, now_s, PINS_OPEN_WITHIN_S)
        self.trouble: str | None = None
        """Why it does not work, in words; None while it does, and before the first attempt."""

    def poll(self, now_s: float) -> Iterator[float]:
        """The moments at which it was pressed since the last time."""
        outcome = self._attempts.poll(now_s) if self._button is None else None
        if isinstance(outcome, AttemptFailed):
            first = self.trouble is None
            self.trouble = f"the button to sign in does not work: {outcome.reason}"
            if first:
                log.error("%s; it is tried again", self.trouble)
        elif outcome is not None:
            self._button, self.trouble = outcome, None
        while self._presses:
            yield self._presses.popleft()

    def close(self) -> None:
        """Give the pin back."""
        if self._button is not None:
            self._button.close()

    def _open(self) -> Any:
        try:
            ensure_pin_factory()
            button = inputs.Button(self._pin, pull_up=True, bounce_time=BOUNCE_S)
        except Exception as error:
            busy = busy_in_words((self._pin,), error)
            raise ButtonError(
                busy or f"{error or type(error).__name__}; check its pin in desk.toml"
            ) from error
        # Runs on the pin library's only thread; a full queue forgets the oldest and never raises.
        button.when_pressed = lambda: self._presses.append(time.monotonic())
        return button
