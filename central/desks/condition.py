"""What a desk's latest health says is wrong, in words for a technician: pure, decided at the centre."""

from collections.abc import Iterator

from protocol.measurements import CameraHealth, Health, MachineHealth

LEAST_OF_ASKED = 0.8
"""A camera that reaches a smaller share of the rate asked of it misses moments that the standard counts in tenths of a second."""
LEAST_HZ = 5.0
"""Where the desk does not say what was asked: below it a turn of the head falls between two pictures."""
MOST_DROPPED = 0.5
"""A desk that drops a larger share of the pictures that come has too little processor for them."""
HOT_C = 80.0
"""From here on a Raspberry Pi slows itself down (Raspberry Pi documentation, "Frequency management and thermal control")."""
LEAST_FREE_MB = 100.0
"""A visit takes 1 to 2 kB in the desk's spool: this is fifty thousand of them."""


def faults_of(health: Health) -> dict[str, str]:
    """What is wrong, each under a name that stays the same while the words may change with the numbers in them."""
    found = {f"note {note}": note for note in health.notes}
    for camera in health.cameras:
        found.update((f"camera {camera.name} {what}", text) for what, text in _of_camera(camera))
    if health.clock == "estimated":
        found["clock"] = "the clock is not set: no time server was reached since the desk was switched on"
    if health.machine is not None:
        found.update(_of_machine(health.machine))
    return found


def _of_camera(camera: CameraHealth) -> Iterator[tuple[str, str]]:
    rate = f"{camera.frame_rate_hz:.1f} frames a second"
    if camera.asked_hz is not None and camera.frame_rate_hz < LEAST_OF_ASKED * camera.asked_hz:
        yield "rate", f"camera {camera.name} gives {rate}, {camera.asked_hz:.1f} are asked of it"
    elif camera.asked_hz is None and camera.frame_rate_hz < LEAST_HZ:
        yield "rate", f"camera {camera.name} gives only {rate}"
    came = camera.frames + camera.dropped
    if camera.dropped > MOST_DROPPED * came:
        share = f"{camera.dropped / came:.0%}".replace("%", " %")
        yield (
            "dropped",
            f"camera {camera.name}: {share} of its frames are dropped, the desk is too slow for them",
        )


def _of_machine(machine: MachineHealth) -> Iterator[tuple[str, str]]:
    if machine.temperature_c is not None and machine.temperature_c >= HOT_C:
        yield "temperature", f"the processor is at {machine.temperature_c:.0f} °C: fit a heat sink or a fan"
    if machine.under_voltage in {"earlier", "now"}:
        when = "now" if machine.under_voltage == "now" else "since it was switched on"
        yield (
            "supply",
            f"the supply gave too little voltage ({when}): use the board's own power supply and cable",
        )
    if machine.slowed_down == "now":
        yield "slowed down", "the processor is slowed down by its temperature or its supply"
    if machine.free_mb is not None and machine.free_mb < LEAST_FREE_MB:
        yield "room", f"{machine.free_mb:.0f} MB are free on the disk on which measurements wait: make room"
