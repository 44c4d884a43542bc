"""Cues on real pin objects: gpiozero's, on its mock factory."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero.pins import mock

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Tone
from edge.feedback.lights import DeskLights
from edge.settings import desk_toml as settings

pins: Any = mock  # gpiozero carries no types.

RGB = settings.Lights(host=settings.RgbLight(red=17, green=27, blue=22), measuring=5)
SEPARATE = settings.Lights(
    host=settings.SeparateLights(kind="separate", red=17, amber=27, green=22), measuring=5
)


def cue(kind: CueKind = CueKind.ATTENDED, *, measuring: bool = True) -> Cue:
    return Cue(kind, measuring)


@pytest.fixture
def pwm() -> Iterator[Any]:
    factory = pins.MockFactory(pin_class=pins.MockPWMPin)
    yield factory
    factory.reset()


@pytest.fixture
def plain() -> Iterator[Any]:
    factory = pins.MockFactory(pin_class=pins.MockPin)
    yield factory
    factory.reset()


def states(factory: Any, *pins: int) -> list[Any]:
    return [factory.pin(pin).state for pin in pins]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CueKind.ATTENDED, [0.0, 1.0, 0.0]),
        (CueKind.WAITING, [1.0, 0.35, 0.0]),
        (CueKind.TOO_LATE, [1.0, 0.0, 0.0]),
    ],
)
def test_an_rgb_light_takes_the_cues_colour(pwm: Any, kind: CueKind, state: list[float]) -> None:
    with DeskLights(RGB, pwm) as lights:
        lights.show(cue(kind), 0.0)
        assert lights.trouble is None
        assert states(pwm, 17, 27, 22) == state


def test_without_pwm_amber_is_red_and_green(plain: Any) -> None:
    with DeskLights(RGB, plain) as lights:
        lights.show(cue(CueKind.WAITING), 0.0)
        assert lights.trouble is None
        assert states(plain, 17, 27, 22) == [True, True, False]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CueKind.ATTENDED, [False, False, True]),
        (CueKind.WAITING, [False, True, False]),
        (CueKind.TOO_LATE, [True, False, False]),
    ],
)
def test_of_separate_lights_one_is_lit(plain: Any, kind: CueKind, state: list[bool]) -> None:
    with DeskLights(SEPARATE, plain) as lights:
        lights.show(cue(kind), 0.0)
        assert lights.trouble is None
        assert states(plain, 17, 27, 22) == state


def test_lights_wired_to_the_supply_are_lit_by_a_low_pin(plain: Any) -> None:
    wiring = settings.Lights(
        host=settings.SeparateLights(kind="separate", red=17, amber=27, green=22, active_high=False)
    )
    with DeskLights(wiring, plain) as lights:
        lights.show(cue(CueKind.TOO_LATE), 0.0)
        assert states(plain, 17, 27, 22) == [False, True, True]


def test_the_measuring_light_is_lit_while_the_cameras_measure(plain: Any) -> None:
    with DeskLights(SEPARATE, plain) as lights:
        lights.show(cue(measuring=True), 0.0)
        assert states(plain, 5) == [True]
        lights.show(cue(measuring=False), 1.0)
        assert states(plain, 5) == [False]


def test_a_light_blinks_in_its_cues_rhythm_from_the_moment_of_the_cue(plain: Any) -> None:
    with DeskLights(SEPARATE, plain) as lights:
        seen = []
        for index in range(20):
            lights.show(Cue(CueKind.WAITING, measuring=True, seconds_left=5 - index / 10), 7.3 + index / 10)
            seen.append(bool(plain.pin(27).state))
    assert seen == [True] * 5 + [False] * 5 + [True] * 5 + [False] * 5


def test_pins_are_touched_only_when_the_light_changes(plain: Any) -> None:
    with DeskLights(SEPARATE, plain) as lights:
        plain.pin(22).clear_states()
        for index in range(100):
            lights.show(cue(), index / 20)
        assert [state.state for state in plain.pin(22).states] == [False, True]


@pytest.mark.parametrize("wiring", [RGB, SEPARATE])
def test_all_lights_go_off_at_the_end(plain: Any, wiring: settings.Lights) -> None:
    lights = DeskLights(wiring, plain)
    lights.show(cue(CueKind.WAITING), 0.0)
    watched = [plain.pin(pin) for pin in (17, 27, 22, 5)]
    lights.close()
    assert [bool(pin.state) for pin in watched] == [False] * 4
    lights.close()


def test_all_lights_go_off_when_the_program_fails(plain: Any) -> None:
    def fails() -> None:
        with DeskLights(SEPARATE, plain) as lights:
            lights.show(cue(CueKind.TOO_LATE), 0.0)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert [bool(state) for state in states(plain, 17, 27, 22, 5)] == [False] * 4


def test_a_desk_without_lights_shows_nothing_and_says_nothing() -> None:
    with DeskLights(settings.Lights()) as lights:
        lights.show(cue(), 0.0)
        assert lights.trouble is None
        assert lights.tone is Tone.CALM


def test_pins_that_are_not_there_are_said_once_and_stop_nothing(
    plain: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_missing(name: int) -> None:
        raise OSError(f"no GPIO {name} here")

    monkeypatch.setattr(plain, "pin", is_missing)
    with caplog.at_level(logging.ERROR), DeskLights(settings.Lights(measuring=5), plain) as lights:
        for index in range(10):
            lights.show(cue(measuring=index % 2 == 0), index / 10)
    assert lights.trouble is not None
    assert "no GPIO 5 here" in lights.trouble
    assert "desk.toml" in lights.trouble
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None


def shown_until(lights: DeskLights, done: Callable[[], bool], *, after_s: float, kind: CueKind) -> bool:
    """Show a cue while its time passes, twenty times a second, until something is so; the pins are opened on threads of their own."""
    for index in range(2000):
        lights.show(cue(kind), after_s + index / 20)
        if done():
            return True
        time.sleep(0.001)
    return False


def test_a_pin_that_fails_later_is_tried_again_and_the_other_light_goes_on(
    plain: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise OSError("the chip is gone")

    with DeskLights(SEPARATE, plain) as lights, caplog.at_level(logging.WARNING):
        lights.show(cue(CueKind.WAITING), 0.0)
        with monkeypatch.context() as patch:
            patch.setattr(type(plain.pin(22)), "_set_state", fails)
            lights.show(cue(CueKind.ATTENDED), 1.0)
            lights.show(cue(CueKind.TOO_LATE), 1.5)
            assert lights.trouble is not None
            assert "the chip is gone" in lights.trouble
        lights.show(cue(CueKind.ATTENDED, measuring=False), 1.6)
        assert states(plain, 5) == [False]
        assert shown_until(lights, lambda: lights.trouble is None, after_s=2.0, kind=CueKind.ATTENDED)
        assert states(plain, 17, 27, 22) == [False, False, True]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "the host's light works" in caplog.records[1].message


class Busy:
    """Pins that another program holds until it lets them go: lgpio's own error, which has no kin."""

    class Error(Exception):
        pass

    def __init__(self, factory: Any, *pins: int) -> None:
        self.held = set(pins)
        self.attempts: list[int] = []
        self._pin = factory.pin

    def pin(self, number: int) -> Any:
        if number in self.held:
            self.attempts.append(number)
            raise self.Error("'GPIO busy'")
        return self._pin(number)


@pytest.mark.parametrize("wiring", [RGB, SEPARATE])
@pytest.mark.parametrize("held", [(17,), (22,), (17, 27, 22, 5)])
def test_lights_whose_pins_are_busy_at_the_start_are_lit_once_they_are_free(
    plain: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    wiring: settings.Lights,
    held: tuple[int, ...],
) -> None:
    busy = Busy(plain, *held)
    monkeypatch.setattr(plain, "pin", busy.pin)
    lost = 2 if 5 in held else 1
    with caplog.at_level(logging.WARNING), DeskLights(wiring, plain, now_s=100.0) as lights:
        assert shown_until(lights, lambda: len(lights.troubles) == lost, after_s=100.0, kind=CueKind.ATTENDED)
        assert "the host's light does not work: one of GPIO 17, " in lights.troubles[0]
        assert "deskside" in lights.troubles[0], "the likely holder"
        assert shown_until(
            lights, lambda: len(busy.attempts) >= 3 * lost, after_s=100.0, kind=CueKind.ATTENDED
        )
        assert len(caplog.records) == lost, "one line while it lasts"
        busy.held.clear()
        assert shown_until(lights, lambda: not lights.troubles, after_s=130.0, kind=CueKind.ATTENDED)
        green = 27 if wiring is RGB else 22
        lit = [pin for pin in (17, 27, 22, 5) if plain.pin(pin).state]
        assert lit == [green, 5]
    assert [record.levelname for record in caplog.records] == ["ERROR"] * lost + ["WARNING"] * lost
    assert [bool(state) for state in states(plain, 17, 27, 22, 5)] == [False] * 4


def test_a_pin_driver_that_hangs_keeps_no_desk_from_starting_or_from_showing_its_other_light(
    plain: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    freed, pin = threading.Event(), plain.pin

    def hangs(number: int) -> Any:
        if number == 17:
            assert freed.wait(60.0)
        return pin(number)

    monkeypatch.setattr(plain, "pin", hangs)
    with caplog.at_level(logging.WARNING), DeskLights(SEPARATE, plain) as lights:
        for index in range(400):
            lights.show(cue(), index / 20)
        assert states(plain, 5) == [True]
        assert (
            lights.trouble == "the host's light does not work: it does not open within 15 s: its driver hangs"
        )
        freed.set()
        assert shown_until(lights, lambda: lights.trouble is None, after_s=20.0, kind=CueKind.ATTENDED)
        assert states(plain, 17, 27, 22) == [False, False, True]


def test_pins_held_by_somebody_else_are_told_in_words(plain: Any) -> None:
    with (
        DeskLights(settings.Lights(measuring=5), plain),
        DeskLights(settings.Lights(measuring=5), plain) as second,
    ):
        second.show(cue(), 0.0)
        assert second.trouble is not None
        assert "the measuring light does not work" in second.trouble
