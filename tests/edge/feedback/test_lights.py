"""Cues on real pin objects: gpiozero's, on its mock factory."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from gpiozero.pins import mock

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Colour
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
        assert lights.colour is Colour.GREEN


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


def test_a_pin_that_fails_later_is_given_up_and_the_other_light_goes_on(
    plain: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise OSError("the chip is gone")

    with DeskLights(SEPARATE, plain) as lights:
        lights.show(cue(CueKind.WAITING), 0.0)
        with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
            patch.setattr(type(plain.pin(22)), "_set_state", fails)
            lights.show(cue(CueKind.ATTENDED), 1.0)
            lights.show(cue(CueKind.TOO_LATE), 2.0)
        lights.show(cue(measuring=False), 3.0)
        assert states(plain, 5) == [False]
    assert lights.trouble is not None
    assert "the chip is gone" in lights.trouble
    assert len(caplog.records) == 1


def test_pins_held_by_somebody_else_are_told_in_words(plain: Any) -> None:
    with (
        DeskLights(settings.Lights(measuring=5), plain),
        DeskLights(settings.Lights(measuring=5), plain) as second,
    ):
        second.show(cue(), 0.0)
        assert second.trouble is not None
        assert "the measuring light does not work" in second.trouble
