"""The telephone's pins are checked by watching them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.pins import mock

from edge.live.phone_check import check_answered_elsewhere, check_phone
from edge.live.phone_pins import PhonePins
from edge.settings.desk_toml import PhoneLine
from protocol.standard import Limits, Phone

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


@pytest.mark.parametrize(
    ("cadence", "after_s", "warned"),
    [
        ("DE", 12.0, 1),
        ("DE", 15.0, 0),
        ("US", 17.0, 1),
        ("continuous", 12.0, 1),
        ("DE", None, 0),
    ],
)
def test_a_line_that_a_machine_takes_before_the_last_allowed_ring_is_warned_of(
    cadence: str, after_s: float | None, warned: int
) -> None:
    line = PhoneLine(ring_pin=17, cadence=cadence, answered_elsewhere_after_s=after_s)
    found = list(check_answered_elsewhere([line], Phone(rings=Limits(max=3))))
    assert [finding.verdict for finding in found] == ["warning"] * warned


def test_without_a_last_allowed_ring_any_machine_may_answer() -> None:
    line = PhoneLine(ring_pin=17, answered_elsewhere_after_s=2.0)
    assert list(check_answered_elsewhere([line], Phone())) == []
