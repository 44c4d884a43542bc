"""Makes gpiozero's pin factory, once for all threads that open pins."""

import threading
import warnings
from typing import Any

from gpiozero import devices
from gpiozero.exc import PinFactoryFallback

_gpio: Any = devices  # gpiozero carries no types.
_MAKING = threading.Lock()


def ensure_pin_factory() -> None:
    """Make it where there is none yet: two threads that open their first pin at once would make two, each blind for the other's pins.

    Raises:
        Exception: What gpiozero raises where the machine has no pins that it can use.
    """
    with _MAKING, warnings.catch_warnings():
        # gpiozero tries its pin factories in turn; only the one it ends with matters.
        warnings.simplefilter("ignore", PinFactoryFallback)
        _gpio.Device.ensure_pin_factory()
