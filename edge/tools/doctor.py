"""`deskside doctor`: gathers what every part finds of itself, and prints it with what to do."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.clock import Clock, check_clock
from edge.feedback.lights_check import check_lights
from edge.finding import Finding
from edge.live.camera_check import NO_CAMERAS, check_camera
from edge.live.machine_check import check_machine
from edge.live.machine_id import NamelessDeskError, machine_id, with_a_name_of_its_own
from edge.live.phone_check import check_answered_elsewhere, check_phone
from edge.live.shape_check import FollowFace
from edge.live.sign_in_check import check_sign_in
from edge.settings.desk_toml import Settings
from edge.settings.last_good import Configuration, LastGood
from edge.settings.plan_keeper import PlanKeeper
from edge.settings.settings_check import CheckedSettings, check_settings
from edge.uplink.broker_check import check_broker
from edge.uplink.spool_check import check_spool
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector
from edge.vision.face_mesh import FaceMesh
from edge.vision.host_face import HostFace
from edge.vision.networks.model_store import ModelRefusedError, ModelStore
from edge.vision.networks.models_check import check_models
from edge.vision.networks.network import Network
from edge.vision.speed_check import check_speed
from edge.vision.upright import FindBodies
from protocol.standard import Phone

_MARKS = {
    "good": Text("good", style="green"),
    "warning": Text("look", style="yellow"),
    "bad": Text("bad", style="red"),
}


CHECK_S = 60.0
"""Longest that one part is examined. A minute of footage in a camera's place is looked through in 20 s on a Pi 4; a network camera and a broker
are given up after some 10 s each by themselves."""
HANGS_MEND = "its driver, disk or network hangs: see `journalctl -k`, check cable and power, and start the machine anew"
"""What to do about a part whose check does not come to an end."""


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


def examine(
    desk_file: Path, standards: Path, state: Path | None, limit_s: float = CHECK_S
) -> Iterator[Finding]:
    """Every check of a desk, each finding as soon as it is known.

    After settings that cannot be used the last good ones are checked; without any, what can be used of these. A part that does not answer is told as
    such, and the others are checked all the same.

    Args:
        desk_file: The desk's settings.
        standards: Where the standards lie.
        state: Where the desk keeps its last good settings; None for the usual place.
        limit_s: How long one part may take.
    """
    used: list[CheckedSettings] = []

    def settings_check() -> Iterator[Finding]:
        used.append(check_settings(desk_file, standards, LastGood(state)))
        yield used[0].finding

    to_do = ""
    for finding in within(limit_s, "settings", settings_check):
        to_do = finding.to_do
        yield finding
    yield from within(limit_s, "machine", check_machine)
    yield from within(limit_s, "models", lambda: [check_models()])
    yield from within(limit_s, "clock", lambda: [check_clock(Clock())])
    if not used or used[0].configuration is None:
        what = "storage, cameras, lights, phone, broker"
        yield Finding(what, "warning", "not checked: there are no settings to check them by", to_do)
        return
    configuration, left_out = used[0].configuration, used[0].left_out
    if "desk" not in left_out:
        try:
            configuration = with_a_name_of_its_own(configuration, machine_id())
        except NamelessDeskError as error:
            yield Finding("name", "bad", str(error), "give desk.device a name of its own")
        if configuration.nameless is not None:
            yield Finding("name", "warning", configuration.nameless, "give desk.device a name of its own")
    if "desk" not in left_out:
        yield from within(limit_s, "standard", lambda: [_standard(configuration, state)])
    for part, tables, check in _checks(configuration.settings, configuration.standard.phone):
        if bad := sorted(tables & left_out):
            names = " and ".join(f"[{table}]" for table in bad)
            found = f"not checked: {names} cannot be used"
            yield Finding(part, "warning", found, f"mend {desk_file} as said above")
        else:
            yield from within(limit_s, part, check)


def _checks(
    settings: Settings, phone: Phone
) -> Iterator[tuple[str, set[str], Callable[[], Iterable[Finding]]]]:
    """Every part that settings name (and, of the standard, what it asks of the telephone), the tables that it is checked by, and its check."""
    yield "storage", {"storage"}, lambda: [check_spool(settings.storage)]
    if settings.cameras:
        yield "speed", {"cameras", "vision"}, lambda: _speed(settings)
    else:
        yield "cameras", {"cameras"}, lambda: [NO_CAMERAS]
    find = _body_finder() if settings.cameras else None
    for camera in settings.cameras:
        yield f"camera {camera.name}", {"cameras"}, partial(check_camera, camera, find, _face_follower())
    yield "lights", {"lights"}, lambda: [check_lights(settings.lights)]
    yield "phone", {"phone"}, lambda: [check_phone(settings.phone)]
    yield "phone", {"phone"}, lambda: check_answered_elsewhere(settings.phone, phone)
    yield "sign-in", {"sign_in"}, lambda: check_sign_in(settings.sign_in)
    yield "broker", {"uplink", "desk"}, lambda: [check_broker(settings.uplink, settings.desk.device)]


def _standard(configuration: Configuration, state: Path | None) -> Finding:
    """By which standard the desk works, its own or one of the central service."""
    desk, clock = configuration.settings.desk, Clock()
    keeper = PlanKeeper(state, desk.device, desk.standard_keys)
    return keeper.found(configuration, clock.mapping(), clock.now_s())


def _speed(settings: Settings) -> Iterator[Finding]:
    """How fast the models are; nothing where they cannot be used, which is told of them."""
    with suppress(ModelRefusedError):
        yield check_speed(settings)


def within(limit_s: float, part: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds, each finding as soon as it is known; after `limit_s` that it does not answer, and it is left behind.

    The thread of a check that hangs in a driver cannot be ended; it ends with the program.
    """
    found: queue.Queue[Finding | Exception | None] = queue.Queue()

    def run() -> None:
        try:
            for each in check():
                found.put(each)
            found.put(None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the program's own thread raises it
            found.put(error)

    threading.Thread(target=run, name=f"check of {part}", daemon=True).start()
    until_s = time.monotonic() + limit_s
    while True:
        try:
            each = found.get(timeout=max(0.0, until_s - time.monotonic()))
        except queue.Empty:
            yield Finding(part, "bad", f"does not answer within {limit_s:.0f} s", HANGS_MEND)
            return
        if each is None:
            return
        if isinstance(each, Exception):
            raise each
        yield each


def _face_follower() -> FollowFace | None:
    """What finds a face and follows it; None where the models cannot be used, which the check of the models says."""
    try:
        store = ModelStore()
        detectors = [
            FaceDetector(kind, Network(store.session(kind.model))) for kind in (SHORT_RANGE, FULL_RANGE)
        ]
        host = HostFace(FaceMesh.of(store), detectors)
    except ModelRefusedError:
        return None
    return lambda rgb, t_s: host.follow(rgb, t_s) or host.search(rgb)


def _body_finder() -> FindBodies | None:
    """What finds people; None where the models cannot be used, which the check of the models says."""
    try:
        return BodyDetector(Network(ModelStore().session(MODEL))).find
    except ModelRefusedError:
        return None
