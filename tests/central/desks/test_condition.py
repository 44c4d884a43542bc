"""What is wrong with a desk is read off what it measured of itself."""

from typing import Any

import pytest

from central.desks.condition import faults_of
from protocol.measurements import CameraHealth, Health, MachineHealth


def camera(**changes: Any) -> CameraHealth:
    facts: dict[str, Any] = {"frames": 900, "frame_rate_hz": 15.0, "asked_hz": 15.0, "dropped": 0}
    return CameraHealth(name="door", model_rate_hz={}, model_ms={}, **facts | changes)


def machine(**changes: Any) -> MachineHealth:
    facts: dict[str, Any] = {"temperature_c": 55.0, "under_voltage": "never", "slowed_down": "never"}
    return MachineHealth(**facts | {"free_mb": 5000.0} | changes)


def health(**changes: Any) -> Health:
    facts: dict[str, Any] = {"start_s": 0.0, "end_s": 60.0, "cpu_share": 0.5, "memory_mb": 300.0}
    facts |= {"cameras": (camera(),), "spooled": 0, "clock": "synced", "machine": machine()}
    return Health(**facts | changes)


def test_a_desk_that_is_well_has_no_fault() -> None:
    assert faults_of(health()) == {}
    assert faults_of(health(machine=machine(temperature_c=None, under_voltage=None, slowed_down=None))) == {}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            health(cameras=(camera(frames=90, frame_rate_hz=1.5),)),
            "gives 1.5 frames a second, 15.0 are asked",
        ),
        (health(cameras=(camera(frame_rate_hz=1.5, asked_hz=None),)), "gives only 1.5 frames a second"),
        (health(cameras=(camera(frames=90, dropped=9000),)), "99 % of its frames are dropped"),
        (health(clock="estimated"), "no time server"),
        (health(machine=machine(temperature_c=84.0)), "84 °C"),
        (health(machine=machine(under_voltage="now")), "too little voltage (now)"),
        (health(machine=machine(under_voltage="earlier")), "too little voltage (since it was switched on)"),
        (health(machine=machine(slowed_down="now")), "slowed down"),
        (health(machine=machine(free_mb=12.0)), "12 MB are free"),
        (health(notes=("line 1: ring_pin 23 cannot be watched",)), "ring_pin 23 cannot be watched"),
    ],
)
def test_each_thing_that_is_wrong_is_one_fault_in_words(found: Health, words: str) -> None:
    (text,) = faults_of(found).values()
    assert words in text


def test_a_fault_keeps_its_name_while_its_numbers_change() -> None:
    hot, hotter = (health(machine=machine(temperature_c=c)) for c in (81.0, 85.0))
    assert faults_of(hot).keys() == faults_of(hotter).keys()
    assert faults_of(hot) != faults_of(hotter)


def test_two_cameras_have_a_fault_each() -> None:
    slow = camera(frame_rate_hz=1.0)
    both = health(cameras=(slow, slow.model_copy(update={"name": "staff"})))
    assert len(faults_of(both)) == 2
