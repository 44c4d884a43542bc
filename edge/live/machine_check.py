"""Checks the machine the desk runs on."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from edge.finding import Finding

NEEDED_MB = 400
"""What the appliance holds with two cameras (benchmarks/desk_load.py)."""
LOW_MEMORY_MB = 700
"""Below it the appliance and Debian's own services together begin to swap; a Pi with 1 GB reports some 900."""
HOT_C = 80.0
"""From here on a Raspberry Pi slows itself down (Raspberry Pi documentation, "Frequency management and thermal control")."""
_MODEL = Path("/proc/device-tree/model")
"""The board's name, where firmware gives a device tree."""
_THERMAL = "class/thermal/thermal_zone0/temp"
"""The processor's temperature below /sys, in thousandths of a degree Celsius (Linux's thermal sysfs)."""


def processor_c(system: Path = Path("/sys")) -> float | None:
    """The processor's temperature in degrees Celsius; None where the machine does not tell it.

    Args:
        system: Where the kernel's account of devices lies.
    """
    try:
        return int((system / _THERMAL).read_text()) / 1000
    except (OSError, ValueError):
        return None


def check_machine() -> Iterator[Finding]:
    """What is found of board, memory and temperature."""
    name = _MODEL.read_text(errors="replace").strip("\0\n ") if _MODEL.exists() else platform.machine()
    yield Finding("machine", "good", f"{name}, Python {platform.python_version()}, {os.cpu_count()} cores")
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    if memory_mb < LOW_MEMORY_MB:
        to_do = f"the appliance needs about {NEEDED_MB} MB; close other programs"
        yield Finding("memory", "warning", f"{memory_mb} MB", to_do)
    celsius = processor_c()
    if celsius is not None:
        if celsius >= HOT_C:
            yield Finding("temperature", "warning", f"{celsius:.0f} C", "fit a heat sink or a fan")
        else:
            yield Finding("temperature", "good", f"{celsius:.0f} C")
