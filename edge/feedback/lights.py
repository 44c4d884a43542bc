"""The lights on the desk: a cue shown on real pins."""

import contextlib
import logging
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from gpiozero import output_devices
from gpiozero.exc import BadPinFactory, PinFactoryFallback, PinPWMUnsupported

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Colour, pattern_of
from edge.settings import desk_toml as settings

log = logging.getLogger(__name__)
leds: Any = output_devices  # gpiozero carries no types.

AMBER = (1.0, 0.35, 0.0)
"""Green dies carry some three times as far as red ones at full drive: a third of it makes amber, not yellow."""
RGB = {Colour.OFF: (0.0, 0.0, 0.0), Colour.RED: (1.0, 0.0, 0.0), Colour.GREEN: (0.0, 1.0, 0.0)}


class HostLight(Protocol):
    """A light that can show every colour."""

    def show(self, colour: Colour) -> None:
        """Take this colour at once."""

    def close(self) -> None:
        """Go off and let go of the pins."""


class RgbLed:
    """One RGB LED; on pins without PWM amber is yellow."""

    def __init__(self, wiring: settings.RgbLight, pin_factory: Any = None) -> None:
        pins = {"red": wiring.red, "green": wiring.green, "blue": wiring.blue}
        keywords = {**pins, "active_high": wiring.active_high, "pin_factory": pin_factory}
        self._amber = AMBER
        try:
            self._led = leds.RGBLED(**keywords)
        except PinPWMUnsupported:
            self._led = leds.RGBLED(**keywords, pwm=False)
            self._amber = (1.0, 1.0, 0.0)

    def show(self, colour: Colour) -> None:
        """Take this colour at once."""
        self._led.value = self._amber if colour is Colour.AMBER else RGB[colour]

    def close(self) -> None:
        """Go off and let go of the pins."""
        self._led.off()
        self._led.close()


class SeparateLeds:
    """Three LEDs, of which one at most is lit."""

    def __init__(self, wiring: settings.SeparateLights, pin_factory: Any = None) -> None:
        pins = {Colour.RED: wiring.red, Colour.AMBER: wiring.amber, Colour.GREEN: wiring.green}
        self._leds: dict[Colour, Any] = {}
        try:
            for colour, pin in pins.items():
                self._leds[colour] = leds.LED(pin, active_high=wiring.active_high, pin_factory=pin_factory)
        except Exception:
            self.close()
            raise

    def show(self, colour: Colour) -> None:
        """Light this one, and no other."""
        for its_colour, led in self._leds.items():
            led.value = its_colour is colour

    def close(self) -> None:
        """Go off and let go of the pins."""
        for led in self._leds.values():
            led.off()
            led.close()


class DeskLights:
    """The host's light and the measuring light; a light that fails is given up, and never stops the measuring.

    Call ``show`` some twenty times a second: it touches a pin only when the light changes.

    Example:
        >>> from gpiozero.pins.mock import MockFactory, MockPWMPin
        >>> wiring = settings.Lights(host=settings.RgbLight(red=17, green=27, blue=22), measuring=5)
        >>> with DeskLights(wiring, MockFactory(pin_class=MockPWMPin)) as lights:
        ...     lights.show(Cue(CueKind.ATTENDED, measuring=True), t_s=0.0)
        ...     lights.colour
        <Colour.GREEN: 'green'>
    """

    def __init__(self, wiring: settings.Lights, pin_factory: Any = None) -> None:
        self._troubles: list[str] = []
        self.colour = Colour.OFF
        """What the host's light shows."""
        self._measuring_is_lit = False
        self._sign: tuple[CueKind, int | None] | None = None
        self._since_s = 0.0
        self._host: HostLight | None = None
        self._measuring: Any = None
        with warnings.catch_warnings():
            # What gpiozero tried in vain comes out as the error that it could find nothing.
            warnings.simplefilter("ignore", PinFactoryFallback)
            self._fit(wiring, pin_factory)

    @property
    def trouble(self) -> str | None:
        """What is wrong with the lights, in words; None while all work."""
        return "; ".join(self._troubles) or None

    def show(self, cue: Cue, t_s: float) -> None:
        """Show a cue; its rhythm begins with the moment at which it is first shown."""
        if cue.sign != self._sign:
            self._sign, self._since_s = cue.sign, t_s
        colour = pattern_of(cue).at(max(0.0, t_s - self._since_s))
        host, measuring = self._host, self._measuring
        if colour is not self.colour:
            self.colour = colour
            if host is not None and not self._try("the host's light", lambda: host.show(colour)):
                self._host = None
                _let_go(host)
        if cue.measuring is not self._measuring_is_lit:
            self._measuring_is_lit = cue.measuring
            if measuring is not None and not self._try(
                "the measuring light", measuring.on if cue.measuring else measuring.off
            ):
                self._measuring = None
                _let_go(measuring)

    def close(self) -> None:
        """All off; to be called however the desk ends."""
        host, measuring = self._host, self._measuring
        self._host = self._measuring = None
        self.colour, self._measuring_is_lit = Colour.OFF, False
        if host is not None:
            self._try("the host's light", host.close)
        if measuring is not None:
            self._try("the measuring light", lambda: (measuring.off(), measuring.close()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _fit(self, wiring: settings.Lights, pin_factory: Any) -> None:
        def host() -> None:
            if isinstance(wiring.host, settings.RgbLight):
                self._host = RgbLed(wiring.host, pin_factory)
            elif wiring.host is not None:
                self._host = SeparateLeds(wiring.host, pin_factory)

        def measuring() -> None:
            if wiring.measuring is not None:
                self._measuring = leds.LED(wiring.measuring, pin_factory=pin_factory)

        self._try("the host's light", host)
        self._try("the measuring light", measuring)

    def _try(self, which: str, act: Callable[[], object]) -> bool:
        try:
            act()
        except BadPinFactory as error:
            advice = "on Raspberry Pi OS install python3-lgpio, and see `deskside doctor`"
            return self._gives_up(
                which, f"this machine has no GPIO that gpiozero can use ({error}); {advice}"
            )
        except Exception as error:  # noqa: BLE001 - a pin may fail in whatever way its driver likes
            return self._gives_up(which, f"{error or type(error).__name__}; check its pins in desk.toml")
        return True

    def _gives_up(self, which: str, why: str) -> bool:
        trouble = f"{which} does not work and stays off: {why}"
        self._troubles.append(trouble)
        log.error("%s", trouble)
        return False


def _let_go(light: Any) -> None:
    """Free the pins of a light that failed, as far as they let themselves be freed: they go off with that."""
    with contextlib.suppress(Exception):
        light.close()
