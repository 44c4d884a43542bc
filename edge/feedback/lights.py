"""The lights on the desk: a cue shown on real pins."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from gpiozero import output_devices
from gpiozero.exc import BadPinFactory, PinPWMUnsupported

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Tone, pattern_of
from edge.feedback.palette import PALETTES
from edge.parts.attempts import AttemptFailed, Attempts
from edge.parts.pin_factory import PINS_OPEN_WITHIN_S, ensure_pin_factory
from edge.parts.pin_holder import busy_in_words
from edge.settings import desk_toml as settings
from protocol.errors import MendableError

log = logging.getLogger(__name__)
leds: Any = output_devices  # gpiozero carries no types.

FIRST_WAIT_S = 1.0
"""How long a desk that starts waits for its lights, in all: a driver that hangs keeps nobody from measuring."""

Shown = TypeVar("Shown")
Shown_contra = TypeVar("Shown_contra", contravariant=True)


class LightError(MendableError):
    """A light does not work; the message says why, and what to do."""


class Light(Protocol[Shown_contra]):
    """A light on pins: the host's shows a tone, the measuring light whether it is lit."""

    def show(self, shown: Shown_contra) -> None:
        """Take this at once."""

    def close(self) -> None:
        """Go off and let go of the pins."""


class RgbLed:
    """One RGB LED in the colours of its palette; on pins without PWM amber is yellow."""

    def __init__(self, wiring: settings.RgbLight, pin_factory: Any = None) -> None:
        pins = {"red": wiring.red, "green": wiring.green, "blue": wiring.blue}
        keywords = {**pins, "active_high": wiring.active_high, "pin_factory": pin_factory}
        colours = PALETTES[wiring.palette]
        try:
            self._led = leds.RGBLED(**keywords)
            self._drives = {tone: colour.drive for tone, colour in colours.items()}
        except PinPWMUnsupported:
            self._led = leds.RGBLED(**keywords, pwm=False)
            self._drives = {tone: colour.switched for tone, colour in colours.items()}

    def show(self, shown: Tone) -> None:
        """Take the colour of this tone at once."""
        self._led.value = self._drives[shown]

    def close(self) -> None:
        """Go off and let go of the pins."""
        self._led.off()
        self._led.close()


class SeparateLeds:
    """Three LEDs, of which one at most is lit."""

    def __init__(self, wiring: settings.SeparateLights, pin_factory: Any = None) -> None:
        pins = {Tone.ALARM: wiring.red, Tone.PRESSING: wiring.amber, Tone.CALM: wiring.green}
        self._leds: dict[Tone, Any] = {}
        try:
            for tone, pin in pins.items():
                self._leds[tone] = leds.LED(pin, active_high=wiring.active_high, pin_factory=pin_factory)
        except Exception:
            for led in self._leds.values():
                with suppress(Exception):
                    led.close()
            raise

    def show(self, shown: Tone) -> None:
        """Light the one of this tone, and no other."""
        for its_tone, led in self._leds.items():
            led.value = its_tone is shown

    def close(self) -> None:
        """Go off and let go of the pins."""
        for led in self._leds.values():
            led.off()
            led.close()


class OneLed:
    """One LED, lit or not."""

    def __init__(self, pin: int, pin_factory: Any = None) -> None:
        self._led = leds.LED(pin, pin_factory=pin_factory)

    def show(self, shown: bool) -> None:  # noqa: FBT001  (it is what is shown)
        """Light it, or not."""
        self._led.value = shown

    def close(self) -> None:
        """Go off and let go of the pin."""
        self._led.off()
        self._led.close()


class _Lamp(Generic[Shown]):
    """One light, on pins that may refuse or fail: they are tried again in the background, and it then shows what it would have shown by now."""

    def __init__(
        self, which: str, pins: tuple[int, ...], opener: Callable[[], Light[Shown]], off: Shown, now_s: float
    ) -> None:
        self.trouble: str | None = None
        """Why it does not work, in words; None while it does, or while its pins are opened for the first time."""
        self.shown = off
        self._which = which
        self._pins = pins
        self._light: Light[Shown] | None = None
        self._attempts = Attempts(lambda: self._opened(opener), now_s, PINS_OPEN_WITHIN_S)

    def wait(self, longest_s: float, now_s: float) -> None:
        """Wait for the first attempt."""
        self._attempts.wait(longest_s)
        self._look_after(now_s)

    def show(self, shown: Shown, now_s: float) -> None:
        """Take this; a pin is touched only where it is something new."""
        changes, self.shown = shown != self.shown, shown
        if self._light is None:
            self._look_after(now_s)
        elif changes:
            self._order(self._light, now_s)

    def close(self) -> None:
        """Go off and let go of the pins."""
        light, self._light = self._light, None
        if light is None:
            return
        try:
            light.close()
        except Exception as error:  # noqa: BLE001 - a pin may fail in whatever way its driver likes
            log.error("%s does not go off: %s", self._which, error or type(error).__name__)  # noqa: TRY400

    def _opened(self, opener: Callable[[], Light[Shown]]) -> Light[Shown]:
        try:
            return opener()
        except BadPinFactory as error:
            advice = "on Raspberry Pi OS install python3-lgpio, and see `deskside doctor`"
            raise LightError(f"this machine has no GPIO that gpiozero can use ({error}); {advice}") from error
        except Exception as error:
            busy = busy_in_words(self._pins, error)
            raise LightError(
                busy or f"{error or type(error).__name__}; check its pins in desk.toml"
            ) from error

    def _look_after(self, now_s: float) -> None:
        outcome = self._attempts.poll(now_s)
        if isinstance(outcome, AttemptFailed):
            self._say(outcome.reason)
        elif outcome is not None:
            self._light = outcome
            self._order(outcome, now_s)
            if self._light is not None and self.trouble is not None:
                self.trouble = None
                log.warning("%s works", self._which)

    def _order(self, light: Light[Shown], now_s: float) -> None:
        try:
            light.show(self.shown)
        except Exception as error:  # noqa: BLE001 - a pin may fail in whatever way its driver likes
            self._light = None
            self._say(f"{error or type(error).__name__}; check its pins in desk.toml")
            self._attempts.lose(now_s)
            with suppress(Exception):
                light.close()  # as far as its pins let themselves be freed: they go off with that

    def _say(self, why: str) -> None:
        first = self.trouble is None
        self.trouble = f"{self._which} does not work: {why}"
        if first:
            log.error("%s; it is tried again", self.trouble)


class DeskLights:
    """The host's light, the measuring light and that of who is signed in; a light that fails is tried again in the background, and never stops the measuring.

    Call ``show`` some twenty times a second: it touches a pin only when the light changes.

    Args:
        wiring: The lights of desk.toml.
        pin_factory: gpiozero's; by default the machine's own.
        now_s: The present on the timeline of ``show``.

    Example:
        >>> from gpiozero.pins.mock import MockFactory, MockPWMPin
        >>> wiring = settings.Lights(host=settings.RgbLight(red=17, green=27, blue=22), measuring=5)
        >>> with DeskLights(wiring, MockFactory(pin_class=MockPWMPin)) as lights:
        ...     lights.show(Cue(CueKind.ATTENDED, measuring=True), t_s=0.0)
        ...     lights.tone
        <Tone.CALM: 'calm'>
    """

    def __init__(self, wiring: settings.Lights, pin_factory: Any = None, now_s: float = 0.0) -> None:
        self.tone = Tone.OFF
        """What the host's light shows."""
        self._sign: tuple[CueKind, int | None] | None = None
        self._since_s = 0.0
        self._host = _host_lamp(wiring.host, pin_factory, now_s)
        self._measuring = _one_lamp("the measuring light", wiring.measuring, pin_factory, now_s)
        self._signed_in = _one_lamp("the light of who is signed in", wiring.signed_in, pin_factory, now_s)
        until_s = time.monotonic() + FIRST_WAIT_S
        for lamp in self._lamps:
            if lamp is not None:
                lamp.wait(max(0.0, until_s - time.monotonic()), now_s)

    @property
    def _lamps(self) -> "tuple[_Lamp[Tone] | _Lamp[bool] | None, ...]":
        return self._host, self._measuring, self._signed_in

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong with the lights, in words; nothing while all work."""
        return tuple(lamp.trouble for lamp in self._lamps if lamp and lamp.trouble)

    @property
    def trouble(self) -> str | None:
        """The same in one sentence; None while all work."""
        return "; ".join(self.troubles) or None

    def show(self, cue: Cue, t_s: float) -> None:
        """Show a cue; its rhythm begins with the moment at which it is first shown."""
        if cue.sign != self._sign:
            self._sign, self._since_s = cue.sign, t_s
        tone = pattern_of(cue).at(max(0.0, t_s - self._since_s))
        self._light(tone, t_s, measuring=cue.measuring, signed_in=cue.signed_in)

    def darken(self, t_s: float) -> None:
        """Show nothing, as long as nothing is known."""
        self._sign = None
        self._light(Tone.OFF, t_s, measuring=False, signed_in=False)

    def close(self) -> None:
        """All off; to be called however the desk ends."""
        self.tone = Tone.OFF
        for lamp in self._lamps:
            if lamp is not None:
                lamp.close()

    def _light(self, tone: Tone, t_s: float, *, measuring: bool, signed_in: bool) -> None:
        self.tone = tone
        if self._host is not None:
            self._host.show(tone, t_s)
        if self._measuring is not None:
            self._measuring.show(measuring, t_s)
        if self._signed_in is not None:
            self._signed_in.show(signed_in, t_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def _host_lamp(
    wiring: settings.RgbLight | settings.SeparateLights | None, pin_factory: Any, now_s: float
) -> _Lamp[Tone] | None:
    if wiring is None:
        return None

    def opened() -> Light[Tone]:
        _ready(pin_factory)
        if isinstance(wiring, settings.RgbLight):
            return RgbLed(wiring, pin_factory)
        return SeparateLeds(wiring, pin_factory)

    pins = (
        (wiring.red, wiring.green, wiring.blue)
        if isinstance(wiring, settings.RgbLight)
        else (wiring.red, wiring.amber, wiring.green)
    )
    return _Lamp("the host's light", pins, opened, Tone.OFF, now_s)


def _one_lamp(which: str, pin: int | None, pin_factory: Any, now_s: float) -> _Lamp[bool] | None:
    if pin is None:
        return None

    def opened() -> Light[bool]:
        _ready(pin_factory)
        return OneLed(pin, pin_factory)

    return _Lamp(which, (pin,), opened, off=False, now_s=now_s)


def _ready(pin_factory: Any) -> None:
    if pin_factory is None:
        ensure_pin_factory()
