"""The telephone's pins are checked by watching them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.pins import mock

from edge.live.phone_check import check_phone
from edge.live.phone_pins import PhonePins
from edge.settings.desk_toml import PhoneLine

pins: Any = mock  # gpiozero carries no types.
LINES = (PhoneLine(ring_pin=17, hook_pin=27),)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    factory = pins.MockFactory()
    monkeypatch.setattr(devices.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def test_pins_that_can_be_watched_are_good_and_given_back(board: Any) -> None:
    assert check_phone(LINES).verdict == "good"
    PhonePins(LINES).close()


def test_pins_that_somebody_else_watches_are_bad(board: Any) -> None:
    with PhonePins(LINES):
        found = check_phone(LINES)
    assert found.verdict == "bad"
    assert "ring_pin 17" in found.found


@pytest.mark.skipif(any(Path("/dev").glob("gpiochip*")), reason="needs a machine without GPIO")
def test_a_machine_without_gpio_hears_no_telephone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    assert check_phone(LINES).verdict == "bad"


def test_a_desk_without_telephone_has_nothing_to_check() -> None:
    assert check_phone(()).verdict == "good"
