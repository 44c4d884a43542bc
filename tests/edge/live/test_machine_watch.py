"""The board under the desk is sampled beside the loop, and says what it knows."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.live.machine_watch import MachineWatch
from protocol.measurements import MachineHealth


def board(system: Path, word: str) -> None:
    """A Raspberry Pi's account of itself, as its kernel shows it."""
    for place, text in (
        ("class/thermal/thermal_zone0/temp", "61500\n"),
        ("devices/platform/soc/soc:firmware/get_throttled", word + "\n"),
    ):
        file = system / place
        file.parent.mkdir(parents=True)
        file.write_text(text)


def sampled(watch: MachineWatch, known: Callable[[MachineHealth], bool]) -> MachineHealth:
    watch.start()
    until_s = time.monotonic() + 20.0
    while not known(watch.latest()):
        assert time.monotonic() < until_s
        time.sleep(0.01)
    watch.close()
    return watch.latest()


@pytest.mark.parametrize(
    ("word", "under_voltage", "slowed_down"),
    [
        ("0", "never", "never"),
        ("50000", "earlier", "earlier"),
        ("50005", "now", "now"),
        ("80008", "never", "now"),
        ("20000", "never", "earlier"),
    ],
)
def test_supply_and_slowing_down_are_those_of_the_firmware(
    word: str, under_voltage: str, slowed_down: str, tmp_path: Path
) -> None:
    board(tmp_path, word)
    watch = MachineWatch(tmp_path / "spool.db", tmp_path)
    found = sampled(watch, lambda health: health.temperature_c is not None and health.free_mb is not None)
    assert (found.temperature_c, found.under_voltage, found.slowed_down) == (
        61.5,
        under_voltage,
        slowed_down,
    )
    assert found.free_mb is not None
    assert found.free_mb > 0.0


def test_a_machine_that_tells_nothing_of_its_board_tells_the_room_on_its_disk(tmp_path: Path) -> None:
    watch = MachineWatch(tmp_path / "not" / "yet" / "spool.db", tmp_path)
    found = sampled(watch, lambda health: health.free_mb is not None)
    assert (found.temperature_c, found.under_voltage, found.slowed_down) == (None, None, None)
