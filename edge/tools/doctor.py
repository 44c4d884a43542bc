"""`deskside doctor`: gathers what every part finds of itself, and prints it with what to do."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.camera.camera_check import check_cameras
from edge.clock import Clock, check_clock
from edge.feedback.lights_check import check_lights
from edge.finding import Finding
from edge.live.machine_check import check_machine
from edge.live.machine_id import NamelessDeskError, machine_id, with_a_name_of_its_own
from edge.live.phone_check import check_phone
from edge.settings.last_good import LastGood
from edge.settings.settings_check import check_settings
from edge.uplink.broker_check import check_broker
from edge.uplink.spool_check import check_spool
from edge.vision.networks.models_check import check_models

_MARKS = {
    "good": Text("good", style="green"),
    "warning": Text("look", style="yellow"),
    "bad": Text("bad", style="red"),
}


def doctor(desk_file: Path, standards: Path, state: Path | None) -> bool:
    """Examine the desk and print what was found; whether nothing is bad."""
    console = Console(markup=False, emoji=False)
    table = Table("", "part", "found", "to do", box=None, pad_edge=False)
    verdicts = set()
    with console.status("examining the desk"):
        for finding in examine(desk_file, standards, state):
            verdicts.add(finding.verdict)
            table.add_row(
                _MARKS[finding.verdict], Text(finding.part), Text(finding.found), Text(finding.to_do)
            )
    console.print(table)
    return "bad" not in verdicts


def examine(desk_file: Path, standards: Path, state: Path | None) -> Iterator[Finding]:
    """Every check of a desk, each finding as soon as it is known.

    After settings that cannot be used the last good ones are checked; without any, what needs none.

    Args:
        desk_file: The desk's settings.
        standards: Where the standards lie.
        state: Where the desk keeps its last good settings; None for the usual place.
    """
    settings_found, configuration = check_settings(desk_file, standards, LastGood(state))
    yield settings_found
    yield from check_machine()
    yield check_models()
    yield check_clock(Clock())
    if configuration is None:
        what = "storage, cameras, lights, phone, broker"
        yield Finding(
            what, "warning", "not checked: there are no settings to check them by", settings_found.to_do
        )
        return
    try:
        configuration = with_a_name_of_its_own(configuration, machine_id())
    except NamelessDeskError as error:
        yield Finding("name", "bad", str(error), "give desk.device a name of its own")
    if configuration.nameless is not None:
        yield Finding("name", "warning", configuration.nameless, "give desk.device a name of its own")
    settings = configuration.settings
    yield check_spool(settings.storage)
    yield from check_cameras(settings.cameras)
    yield check_lights(settings.lights)
    yield check_phone(settings.phone)
    yield check_broker(settings.uplink, settings.desk.device)
