"""What is common to all that open pins: gpiozero's pin factory, made once for all threads, and how long opening may take."""

import threading
import warnings
from typing import Any

from gpiozero import devices
from gpiozero.exc import PinFactoryFallback

_gpio: Any = devices  # gpiozero carries no types.
_MAKING = threading.Lock()

PINS_OPEN_WITHIN_S = 15.0
"""Pins that are still being opened after so long are lost: they take some milliseconds, or their driver hangs."""


def ensure_pin_factory() -> None:
    """Make it where there is none yet: two threads that open their first pin at once would make two, each blind for the other's pins.

    Raises:
        Exception: What gpiozero raises where the machine has no pins that it can use.
    """
    with _MAKING, warnings.catch_warnings():
        # gpiozero tries its pin factories in turn; only the one it ends with matters.
        warnings.simplefilter("ignore", PinFactoryFallback)
        _gpio.Device.ensure_pin_factory()
