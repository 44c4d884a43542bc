"""The lights are checked by taking their pins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.pins import mock

from edge.feedback.lights import DeskLights
from edge.feedback.lights_check import check_lights
from edge.settings.desk_toml import Lights, RgbLight

pins: Any = mock  # gpiozero carries no types.
WIRED = Lights(host=RgbLight(red=17, green=27, blue=22), measuring=5)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    factory = pins.MockFactory(pin_class=pins.MockPWMPin)
    monkeypatch.setattr(devices.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def test_lights_whose_pins_are_free_are_good_and_left_off(board: Any) -> None:
    assert check_lights(WIRED).verdict == "good"
    assert board.pin(5).state == 0
    with DeskLights(WIRED) as lights:
        assert lights.trouble is None, "the check let go of the pins"


def test_lights_that_somebody_else_holds_are_bad(board: Any) -> None:
    with DeskLights(Lights(measuring=5)):
        found = check_lights(WIRED)
    assert found.verdict == "bad"
    assert "the measuring light" in found.found
    assert "systemctl stop deskside" in found.to_do


@pytest.mark.skipif(any(Path("/dev").glob("gpiochip*")), reason="needs a machine without GPIO")
def test_lights_on_a_machine_without_gpio_are_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    found = check_lights(WIRED)
    assert found.verdict == "bad"
    assert "no GPIO that gpiozero can use" in found.found
