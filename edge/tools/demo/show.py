"""The demo's course: two cameras, one visit, one light, one broker, one database, one report."""

import contextlib
import secrets
import signal
import sys
import threading
import time
from pathlib import Path

from gpiozero.pins.mock import MockFactory, MockPWMPin
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from edge.desk import Desk
from edge.face.perception import perceptions
from edge.feedback.cue import Cue
from edge.feedback.light_pattern import pattern_of
from edge.feedback.lights import DeskLights
from edge.feedback.palette import PALETTES
from edge.feedback.text import SHADES, describe, lamp, rhythm
from edge.live.birth import birth_facts
from edge.observation import FrameSeen
from edge.settings.desk_toml import Camera, DeskSection, Mount, RgbLight, Settings, Uplink
from edge.settings.desk_toml import Lights as LightSettings
from edge.settings.last_good import Configuration
from edge.tools.demo.approach import ApproachingCustomer, Waypoint, read_portrait
from edge.tools.demo.central import CentralError, report, running_central, simulated_house
from edge.tools.demo.demo_broker import running_broker
from edge.tools.demo.folder import prepare
from edge.tools.demo.host import HeldClip
from edge.tools.demo.media import CUSTOMER, HOST, fetch, media_folder
from edge.tools.demo.staying import open_house
from edge.tools.replay.timeline import observations
from edge.uplink.publisher import Publisher
from edge.uplink.spool import Spool
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.standards_folder import find_standard
from protocol.state import WallMapping

DURATION_S = 19.0
"""The walk, and the time after it in which the desk sees that nobody came back."""
WALK = [
    Waypoint(0.5, 5.5),
    Waypoint(4.5, 1.3),
    Waypoint(12.0, 1.3),
    Waypoint(16.5, 5.5, sideways_m=1.0),
]
"""In from beyond every standard's distance, a stand at the desk, and out again to one side."""
HOST_BEGINS_S = 5.2
"""The host's clip: a resting face, then from 0.6 s of the clip on a smile with teeth."""
LIGHT = RgbLight(red=17, green=27, blue=22)
CUSTOMER_MOUNT = Mount(height_m=1.3)
STAFF_MOUNT = Mount(y_m=-0.2, height_m=1.2, yaw_deg=180.0)
DELIVERY_S = 30.0
"""Two measurements are acknowledged within a second; the rest is for a machine busy with something else."""


class DemoClock:
    """The demo's timeline: it begins when the demo does, and runs as fast as the models do."""

    def __init__(self) -> None:
        self.boot = secrets.token_hex(16)
        self.t_s = 0.0
        self._wall = WallMapping(offset_s=time.time(), clock="estimated")

    def now_s(self) -> float:
        """Where the footage is."""
        return self.t_s

    def mapping(self) -> WallMapping:
        """The footage was not filmed now; it is only shown now."""
        return self._wall

    def jump(self) -> None:
        """The demo's wall clock never jumps."""


def show(folder: Path, *, stay: bool | None = None) -> None:
    """Run the demo and print what it came to.

    Args:
        folder: Where its database and its report page are left; empty, new, or left by an earlier demo.
        stay: Whether it stays up with the service's pages and a simulated month; None: it asks, on a terminal.

    Raises:
        DemoFolderError: The folder is somebody else's, or cannot be written.
        MediaError: The footage cannot be had.
        TrialBrokerError: No broker could be started.
        CentralError: The central service did not do its part.
    """
    prepare(folder)
    fetch(media_folder())
    console = Console(markup=False, highlight=False, emoji=False)
    with running_broker(folder) as (broker, way):
        configuration = _configuration(way, folder)
        account = simulated_house(folder / "central.db", configuration.settings.desk.device)
        _run(broker, way, folder, configuration, console)
        if stay is None and sys.stdin.isatty() and console.is_terminal:
            stay = console.input(
                "Stay up, with the service's pages and a simulated month? [y/N] "
            ).strip().lower() in {"y", "yes"}
        if stay:
            _stay(way, folder, configuration, account, console)


def _stay(
    way: Uplink, folder: Path, configuration: Configuration, account: tuple[str, str], console: Console
) -> None:
    """Keep the pages open until Ctrl-C."""
    began_s = time.monotonic()
    with open_house(way, folder, configuration) as house:
        name, password = account
        console.print(
            f"The pages are open at {house.url}: log in as {name} with the password {password}, which changes nothing. "
            f"Everything there is simulated, but for the visit of the demo: {house.measurements} measurements of a month. "
            f"This took {time.monotonic() - began_s:.0f} s. Ctrl-C ends it.",
            soft_wrap=True,
        )
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        with contextlib.suppress(KeyboardInterrupt):
            stop.wait()


def _run(broker: str, way: Uplink, folder: Path, configuration: Configuration, console: Console) -> None:
    began_s = time.monotonic()
    with running_central(way, folder / "central.db", folder / "central.log"):
        console.print(
            f"broker: {broker}; central service: its own process, SQLite in {folder / 'central.db'}"
        )
        clock = DemoClock()
        device = configuration.settings.desk.device
        models = ModelStore()
        spool = Spool(configuration.settings.storage.spool, device, clock)
        spool.open()
        publisher = Publisher(
            configuration.settings.uplink, device, spool, clock, birth_facts(configuration, models.hashes)
        )
        publisher.start()
        cues = _measure(configuration, clock, models, spool, console)
        delivered = publisher.wait_until_delivered(DELIVERY_S)
        publisher.stop()
        spool.close()
    if not delivered:
        raise CentralError(
            f"the central service did not acknowledge everything; see {folder / 'central.log'}"
        )
    page = folder / "report.html"
    printed = report(folder / "central.db", configuration.standard.name, page)
    console.print(_cue_table(cues))
    console.print(printed)
    console.print(
        f"The demo took {time.monotonic() - began_s:.0f} s for {DURATION_S:.0f} s of footage from two cameras."
    )


def _configuration(way: Uplink, folder: Path) -> Configuration:
    settings = Settings(
        desk=DeskSection(device="demo-desk"),
        cameras=(
            Camera(name="customers", watches="customers", source="demo", mount=CUSTOMER_MOUNT),
            Camera(name="staff", watches="staff", source="demo", width=640, height=360, mount=STAFF_MOUNT),
        ),
        lights=LightSettings(host=LIGHT, measuring=5),
        uplink=way,
    )
    storage = settings.storage.model_copy(update={"spool": folder / "spool.db"})
    return Configuration(settings.model_copy(update={"storage": storage}), find_standard("eight-teeth"))


def _measure(
    configuration: Configuration, clock: DemoClock, models: ModelStore, spool: Spool, console: Console
) -> list[tuple[float, Cue]]:
    """Watch the footage; what was measured goes into the spool, what the light said is returned."""
    footage = media_folder()
    sources: dict[str, ApproachingCustomer | HeldClip] = {
        "customers": ApproachingCustomer(
            "customers", read_portrait(footage / CUSTOMER.name), WALK, DURATION_S
        ),
        "staff": HeldClip(footage / HOST.name, "staff", HOST_BEGINS_S, DURATION_S),
    }
    schedule = Schedule(configuration.settings.vision.cpu_budget, measured=False)
    eyes = perceptions(configuration.settings, models, schedule)
    desk = Desk(configuration)
    cues: list[tuple[float, Cue]] = []
    delivering: set[str] = set()
    pins = MockFactory(pin_class=MockPWMPin)  # type: ignore[no-untyped-call]
    with DeskLights(configuration.settings.lights, pins) as lights, Progress(console=console) as progress:
        task = progress.add_task("watching", total=sum(len(source) for source in sources.values()))
        for observation in observations(sources, eyes):
            clock.t_s = observation.t_s
            measured = desk.observe(observation)
            if isinstance(observation, FrameSeen):
                delivering.add(observation.camera)
            cue = desk.cue(online=True)
            lights.show(cue, observation.t_s)
            # Until each camera has delivered its first frame the desk says that one does not.
            if delivering == sources.keys() and (not cues or cues[-1][1].kind is not cue.kind):
                cues.append((observation.t_s, cue))
                progress.console.print(f"{observation.t_s:6.2f} s ", _lamp(cue), describe(cue))
            for measurement in measured:
                spool.put(measurement)
            progress.advance(task, isinstance(observation, FrameSeen))
    return cues


def _cue_table(cues: list[tuple[float, Cue]]) -> Table:
    table = Table("at", "light", "rhythm", "meaning", title="The cues the light went through")
    for t_s, cue in cues:
        pattern = pattern_of(cue)
        table.add_row(
            f"{t_s:.2f} s",
            _lamp(cue).append(f" {PALETTES[LIGHT.palette][pattern.tone].name}"),
            rhythm(pattern),
            describe(cue),
        )
    return table


def _lamp(cue: Cue) -> Text:
    tone = pattern_of(cue).tone
    return Text().append(lamp(tone), SHADES[tone])
