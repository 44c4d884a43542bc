"""The light goes on by itself, and never says what nobody says any more: real threads, gpiozero's mock pins."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero.pins import mock

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_thread import LightThread
from edge.feedback.lights import DeskLights
from edge.settings import desk_toml as settings

pins: Any = mock  # gpiozero carries no types.
WIRING = settings.Lights(
    host=settings.SeparateLights(kind="separate", red=17, amber=27, green=22), measuring=5
)
PATIENCE_S = 30.0
ATTENDED, STARTING = Cue(CueKind.ATTENDED, measuring=True), Cue(CueKind.STARTING, measuring=False)


@pytest.fixture
def factory() -> Iterator[Any]:
    made = pins.MockFactory(pin_class=pins.MockPin)
    yield made
    made.reset()


@pytest.fixture
def lights(factory: Any) -> Iterator[LightThread]:
    thread = LightThread(DeskLights(WIRING, factory), time.monotonic)
    yield thread
    thread.close()


def soon(true: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.005)
    return True


def lit(factory: Any, pin: int) -> bool:
    return bool(factory.pin(pin).state)


def test_a_cue_that_nobody_says_again_goes_dark_and_comes_back_when_it_is_said(
    factory: Any, lights: LightThread
) -> None:
    lights.show(ATTENDED)
    assert soon(lambda: lit(factory, 22) and lit(factory, 5))
    assert soon(lambda: not (lit(factory, 22) or lit(factory, 5))), "nobody says it any more"
    lights.show(ATTENDED)
    assert soon(lambda: lit(factory, 22) and lit(factory, 5))


def test_a_cue_that_is_said_again_stays(factory: Any, lights: LightThread) -> None:
    lights.show(ATTENDED, lasts_s=PATIENCE_S)
    assert soon(lambda: lit(factory, 22))
    factory.pin(22).clear_states()
    for _ in range(50):
        lights.show(ATTENDED, lasts_s=PATIENCE_S)
        time.sleep(0.01)
    assert [each.state for each in factory.pin(22).states] == [True]


def test_the_rhythm_goes_on_while_the_desk_does_something_else(factory: Any, lights: LightThread) -> None:
    lights.show(STARTING, lasts_s=PATIENCE_S)
    assert soon(lambda: lit(factory, 27))
    assert soon(lambda: not lit(factory, 27))
    assert soon(lambda: lit(factory, 27))


def test_the_end_puts_everything_out_and_may_come_twice(factory: Any, lights: LightThread) -> None:
    lights.show(ATTENDED, lasts_s=PATIENCE_S)
    assert soon(lambda: lit(factory, 22))
    lights.close()
    assert not any(lit(factory, pin) for pin in (17, 27, 22, 5))
    lights.close()


class HangingLights(DeskLights):
    """Lights whose driver hangs."""

    def __init__(self) -> None:
        super().__init__(settings.Lights())
        self.asked, self.let_go = threading.Event(), threading.Event()

    def show(self, cue: Cue, t_s: float) -> None:  # noqa: ARG002 - it does not get that far
        self.asked.set()
        self.let_go.wait()


def test_a_driver_that_hangs_keeps_nobody_from_measuring_or_ending(caplog: pytest.LogCaptureFixture) -> None:
    hanging = HangingLights()
    thread = LightThread(hanging, time.monotonic)
    thread.show(ATTENDED)
    assert hanging.asked.wait(PATIENCE_S)
    for _ in range(100):
        thread.show(ATTENDED)
    thread.close()
    assert "the lights do not go off: their driver hangs" in caplog.text
    hanging.let_go.set()
