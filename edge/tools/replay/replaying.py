"""`deskside replay`: footage or a recording, measured as the live desk would have measured it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from edge.camera.opening import open_footage
from edge.camera.source import SourceError
from edge.desk import Desk
from edge.face.perception import perceptions
from edge.live.memory import give_back_freed_memory
from edge.observation import CameraLost, FrameSeen, Observation
from edge.recording import Header, Recorder, looks_recorded, read, read_header
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration, load_configuration
from edge.tools.replay.rig import Footage, RigError, parse_footage, rig_of
from edge.tools.replay.tables import tables
from edge.tools.replay.timeline import ENDED, NOT_BEGUN, observations, until_end
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.schedule import Schedule
from edge.vision.upright import HALF_TURN, UprightCheck, clip_mend, how_it_stands, look_through
from protocol.envelope import Identity, wrap
from protocol.home import at_home
from protocol.measurements import Encounter, Measurement
from protocol.standard import Standard
from protocol.standards_folder import find_standard
from protocol.state import WallMapping

if TYPE_CHECKING:
    from edge.tools.replay.drawing import Drawing

REPLAY_BOOT = "0" * 32
"""Stands for the boot of a replay, which has none: the same footage gives the same events, byte for byte."""
SOUGHT_S = 60.0
"""How far into a clip somebody is sought who shows which way up it is."""
EPOCH = WallMapping(offset_s=0.0, clock="estimated")
"""Wall time is not known to a replay: its timeline is put at the epoch."""


def replay_sources(
    sources: list[str],
    desk_file: Path | None,
    standard: str | None,
    standards: Path,
    record: Path | None,
    plot: Path | None,
    *,
    rate_hz: float | None,
    as_json: bool,
) -> None:
    """Measure clips or a recording, and print what was measured.

    Args:
        sources: ``customers=CLIP[@OFFSET_S]``, ``staff=...``, ``both=...``, or the path of one recording.
        desk_file: The desk's settings; None for cameras of unknown place.
        standard: Overrules the standard that the settings name.
        standards: Where the standards lie.
        record: Where to write the observations.
        plot: Where to draw the visits, one picture each.
        rate_hz: Frames a second of clips that state no times: raw streams and folders of pictures.
        as_json: Whether to print CloudEvents instead of tables.

    Raises:
        RigError: The sources make no rig.
        BadFileError: Settings or standard cannot be used.
        RecordingError: The recording cannot be read, or the new one not be written.
        SourceError: A clip cannot be opened.
    """
    recording = _recording(sources)
    if recording is not None and record is not None and record.exists() and record.samefile(recording):
        raise RigError(f"{record} is what is replayed: name another file to record to")
    header = read_header(recording) if recording is not None else None
    configuration = _configuration(desk_file, standard, standards, header)
    drawing = _drawing(plot, configuration.standard)
    with ExitStack() as stack:
        if recording is not None:
            told: Iterator[Observation] = until_end(read(recording))
        else:
            configuration, told = _footage(sources, configuration, rate_hz, stack)
        if record is not None:
            made_with = Header(settings=configuration.settings, standard=configuration.standard)
            told = _recorded(told, stack.enter_context(Recorder(record, made_with)))
        desk = Desk(configuration)
        measured: list[Measurement] = []
        faults: list[str] = []
        for observation in told:
            measured += desk.observe(observation)
            _print_new_faults(desk, faults)
            if drawing is not None:
                drawing.add(desk)
    # A visit is known only when work was resumed after it, which may be after the next one has ended.
    measured.sort(key=lambda each: each.start_s)
    written = None
    if drawing is not None:
        visits = (each for each in measured if isinstance(each, Encounter))
        written = drawing.write(sorted(visits, key=lambda each: each.visit))
    if as_json:
        print_events(measured, configuration.settings.desk.device)
    else:
        Console(markup=False, emoji=False).print(*tables(measured, configuration.standard), sep="\n")
    if written is not None:
        # Beside the output, which may be piped into another program.
        drawn = "\n".join(map(str, written)) or f"no visit was measured: nothing was drawn to {plot}"
        print(drawn, file=sys.stderr)


def _print_new_faults(desk: Desk, known: list[str]) -> None:
    """Name each fault of the telephone's wiring once, on standard error."""
    for fault in desk.line_faults:
        if fault not in known:
            known.append(fault)
            _warn(fault)


def _warn(text: str) -> None:
    Console(stderr=True, markup=False, emoji=False).print(text, style="yellow", soft_wrap=True)


def print_events(measured: Iterable[Measurement], device: str) -> None:
    """Print measurements as CloudEvents, one JSON object a line."""
    for number, measurement in enumerate(measured, 1):
        event = wrap(
            measurement, identity=Identity(device, REPLAY_BOOT, number), wall=EPOCH, historical=False
        )
        sys.stdout.write(event.to_json().decode() + "\n")


def _drawing(plot: Path | None, standard: Standard) -> "Drawing | None":
    if plot is None:
        return None
    # Only where it is asked for: matplotlib writes a font cache into the home folder when it is first imported.
    from edge.tools.replay.drawing import Drawing  # noqa: PLC0415

    return Drawing(plot, standard)


def _configuration(
    desk_file: Path | None, standard: str | None, standards: Path, header: Header | None
) -> Configuration:
    """What is asked for; else what the recording was made with; else a desk of which nothing is known."""
    if desk_file is not None:
        return load_configuration(desk_file, standards, standard)
    if header is not None:
        return Configuration(
            header.settings, find_standard(standard, standards) if standard else header.standard
        )
    settings = Settings()
    return Configuration(settings, find_standard(standard or settings.desk.standard, standards))


def _recording(sources: list[str]) -> Path | None:
    """The recording that is to be replayed; None when clips are."""
    if "=" in sources[0] and not Path(sources[0]).exists():
        return None
    if len(sources) > 1:
        raise RigError("give one recording, or clips as customers=CLIP and staff=CLIP, not both")
    recording = Path(at_home(sources[0]))
    if not recording.exists():
        raise RigError(
            f"{recording}: there is no such recording, and a clip is named as customers=CLIP, staff=CLIP or both=CLIP"
        )
    if recording.is_dir() or not looks_recorded(recording):
        raise RigError(
            f"{recording} is no recording; if it is footage, say what its camera watches: "
            f"customers={recording}, staff={recording} or both={recording}"
        )
    return recording


def _footage(
    sources: list[str], configuration: Configuration, rate_hz: float | None, stack: ExitStack
) -> tuple[Configuration, Iterator[Observation]]:
    rig = rig_of([parse_footage(text) for text in sources], configuration.settings)
    models = ModelStore()
    rig = [(_stood_upright(camera, clip, rate_hz, models), clip) for camera, clip in rig]
    cameras = tuple(_as_filmed(camera, clip, rate_hz) for camera, clip in rig)
    opened = {camera.name: open_footage(camera, clip.path, clip.offset_s, rate_hz) for camera, clip in rig}
    settings = configuration.settings.model_copy(update={"cameras": cameras})
    # By nominal times, not measured ones: a replay looks at the same frames on every machine.
    schedule = Schedule(settings.vision.cpu_budget, measured=False)
    give_back_freed_memory()
    eyes = perceptions(settings, models, schedule)
    count = sum(getattr(source, "frame_count", 0) for source in opened.values())
    told = _shown(observations(opened, eyes), count, stack)
    return Configuration(settings, configuration.standard), told


def _stood_upright(camera: Camera, clip: Footage, rate_hz: float | None, models: ModelStore) -> Camera:
    """The camera, turned where people stand on their heads in its clip and desk.toml does not say how it is mounted; the rest is only said."""
    check = UprightCheck(BodyDetector(Network(models.session(MODEL))).find)
    source = open_footage(camera, clip.path, rate_hz=rate_hz)
    with closing(source), suppress(SourceError):  # What is broken in it is said when it is measured.
        look_through(source, check, SOUGHT_S)
    if not check.quarters:
        return camera
    said = f"{clip.role}={clip.path}: {how_it_stands(check.quarters)}"
    if check.quarters == HALF_TURN and not camera.model_fields_set & {"rotation", "hflip", "vflip"}:
        _warn(f"{said}. It is measured turned by half; rotation = 180 in desk.toml says so for the camera.")
        return camera.model_copy(update={"rotation": 180})
    _warn(f"{said}, and most of what they do is missed. Mend: {clip_mend(check.quarters)}.")
    return camera


def _as_filmed(camera: Camera, clip: Footage, rate_hz: float | None) -> Camera:
    """The camera with the size of its clip's pictures, whatever the desk's own camera delivers."""
    source = open_footage(camera, clip.path, rate_hz=rate_hz)
    first = next(iter(source), None)
    source.close()
    if first is None:
        return camera
    height, width = first.rgb.shape[:2]
    return camera.model_copy(update={"width": width, "height": height})


def _shown(told: Iterator[Observation], count: int, stack: ExitStack) -> Iterator[Observation]:
    """Show how far a replay is, on standard error where a person looks at it, and say what broke."""
    console = Console(stderr=True, markup=False, emoji=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} frames"),
        TimeRemainingColumn(),
    )
    progress = stack.enter_context(
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    )
    task = progress.add_task("looking", total=count or None)
    for observation in told:
        if isinstance(observation, FrameSeen):
            progress.advance(task)
        elif isinstance(observation, CameraLost) and observation.reason not in (NOT_BEGUN, ENDED):
            console.print(f"camera {observation.camera}: {observation.reason}", style="yellow", markup=False)
        yield observation


def _recorded(told: Iterator[Observation], recorder: Recorder) -> Iterator[Observation]:
    for observation in told:
        recorder.write(observation)
        yield observation
