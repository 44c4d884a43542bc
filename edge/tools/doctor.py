"""`deskside doctor`: checks the machine, its parts and its connections, and says what to do about each fault."""

import os
import platform
import shutil
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gpiozero.devices import Device
from gpiozero.exc import BadPinFactory, PinFactoryFallback
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.clock import Clock
from edge.settings.desk_toml import Camera, Settings, Uplink
from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelRefusedError, ModelStore

Verdict = Literal["good", "warning", "bad"]
_CAMERA_FRAMES = 5
_BROKER_S = 5.0
_LOW_MEMORY_MB = 700
_HOT_C = 80.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    part: str
    verdict: Verdict
    found: str
    to_do: str = ""


def examine(configuration: Configuration) -> Iterator[Finding]:
    """Every check of a desk, each as soon as it is done; a check that fails never stops the others."""
    settings = configuration.settings
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _settings(configuration),
        _machine,
        lambda: _storage(settings.storage.spool),
        lambda: _cameras(settings.cameras),
        lambda: _pins(settings),
        _models,
        lambda: _broker(settings.uplink, settings.desk.device),
        _clock,
    ]
    for check in checks:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001  (the doctor goes on with the next patient)
            yield Finding(
                "doctor",
                "bad",
                f"a check failed itself: {error}",
                "report this with the output of `deskside doctor`",
            )


def _settings(configuration: Configuration) -> Iterator[Finding]:
    if configuration.complaint:
        yield Finding(
            "settings",
            "bad",
            configuration.complaint,
            "mend desk.toml; the desk runs on its last good settings",
        )
    else:
        cameras = len(configuration.settings.cameras)
        yield Finding("settings", "good", f"{cameras} camera(s), standard {configuration.standard.label}")


def _machine() -> Iterator[Finding]:
    model = Path("/proc/device-tree/model")
    name = model.read_text(errors="replace").strip("\0\n ") if model.exists() else platform.machine()
    yield Finding("machine", "good", f"{name}, Python {platform.python_version()}, {os.cpu_count()} cores")
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    if memory_mb < _LOW_MEMORY_MB:
        yield Finding(
            "memory", "warning", f"{memory_mb} MB", "the appliance needs about 400 MB; close other programs"
        )
    thermal = Path("/sys/class/thermal/thermal_zone0/temp")
    if thermal.exists():
        celsius = int(thermal.read_text()) / 1000
        hot = celsius >= _HOT_C
        yield Finding(
            "temperature",
            "warning" if hot else "good",
            f"{celsius:.0f} C",
            "fit a heat sink or a fan" if hot else "",
        )


def _storage(spool: Path) -> Iterator[Finding]:
    folder = spool.parent
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 2**20
    if not os.access(folder, os.W_OK):
        yield Finding(
            "storage",
            "bad",
            f"{folder} cannot be written",
            f"give this user {folder}, or set storage.spool elsewhere",
        )
    elif free_mb < 100:
        yield Finding(
            "storage",
            "warning",
            f"{free_mb} MB free at {folder}",
            "make room: measurements wait there for the network",
        )
    else:
        yield Finding("storage", "good", f"{free_mb} MB free at {folder}")


def _cameras(cameras: tuple[Camera, ...]) -> Iterator[Finding]:
    if not cameras:
        yield Finding(
            "cameras",
            "warning",
            "none in desk.toml",
            "add a [[cameras]] table; without one only the phone is measured",
        )
    for camera in cameras:
        part = f"camera {camera.name}"
        try:
            source = open_source(camera)
            try:
                frames = [frame for frame, _ in zip(source, range(_CAMERA_FRAMES), strict=False)]
            finally:
                source.close()
        except SourceError as error:
            yield Finding(part, "bad", str(error))
            continue
        if frames:
            height, width = frames[-1].rgb.shape[:2]
            yield Finding(part, "good", f"{len(frames)} frames of {width}x{height} from {camera.source}")
        else:
            yield Finding(
                part,
                "bad",
                f"{camera.source} gave no frame",
                "check the ribbon cable and `source` in desk.toml",
            )
        if camera.mount.height_m is None and camera.near_zone is None:
            yield Finding(
                part,
                "warning",
                "neither its height nor a near zone is known: a customer is near wherever they are seen",
                "run `deskside calibrate`, or draw near_zone in desk.toml",
            )


def _pins(settings: Settings) -> Iterator[Finding]:
    pins = settings.pins()
    if not pins:
        yield Finding("pins", "good", "none in desk.toml: no lights, no phone")
        return
    try:
        # gpiozero tries its pin factories in turn, and warns of each that is not there.
        warnings.simplefilter("ignore", PinFactoryFallback)
        factory = Device._default_pin_factory()  # type: ignore[no-untyped-call]  # noqa: SLF001  (gpiozero has no public way to ask)
    except BadPinFactory as error:
        yield Finding(
            "pins",
            "warning",
            f"this machine has no GPIO that gpiozero can use ({error})",
            "on a Raspberry Pi install python3-lgpio and add this user to the group gpio; elsewhere the lights show as text",
        )
        return
    for name, number in pins.items():
        try:
            factory.pin(number)
            yield Finding(f"pin {number}", "good", name)
        except Exception as error:  # noqa: BLE001  (every pin factory has errors of its own)
            yield Finding(
                f"pin {number}",
                "bad",
                f"{name}: {error}",
                "choose another pin in desk.toml, or free this one",
            )


def _models() -> Iterator[Finding]:
    try:
        store = ModelStore()
        for name in store.names:
            store.session(name)
        yield Finding("models", "good", f"{len(store.names)} files, every hash as in the manifest")
    except ModelRefusedError as error:
        yield Finding("models", "bad", str(error), "install Deskside again")


def _broker(uplink: Uplink, device: str) -> Iterator[Finding]:
    where = f"{uplink.host}:{uplink.port}"
    missing = [
        str(file)
        for file in (uplink.ca_file, uplink.cert_file, uplink.key_file)
        if file and not file.exists()
    ]
    if missing:
        yield Finding(
            "broker", "bad", f"{', '.join(missing)} not found", "copy the desk's certificate files there"
        )
        return
    try:
        socket.create_connection((uplink.host, uplink.port), timeout=_BROKER_S).close()
    except OSError as error:
        to_do = "check the network and uplink.host in desk.toml; until then measurements wait in the spool, none is lost"
        yield Finding("broker", "bad", f"{where} cannot be reached: {error.strerror or error}", to_do)
        return
    answer: list[str] = []
    answered = threading.Event()

    def connected(
        _client: object, _data: object, _flags: object, reason: object, _properties: object
    ) -> None:
        answer.append(str(reason))
        answered.set()

    client = Client(CallbackAPIVersion.VERSION2, client_id=f"{device}-doctor")
    client.on_connect = connected
    if uplink.ca_file:
        try:
            client.tls_set(str(uplink.ca_file), str(uplink.cert_file), str(uplink.key_file))
        except (ssl.SSLError, OSError) as error:
            yield Finding(
                "broker",
                "bad",
                f"the desk's certificate cannot be used: {error}",
                "renew the certificate files",
            )
            return
    try:
        client.connect(uplink.host, uplink.port)
        client.loop_start()
        answered.wait(_BROKER_S)
    except OSError as error:
        answer.append(str(error))
    finally:
        client.disconnect()
        client.loop_stop()
    if answer == ["Success"]:
        yield Finding("broker", "good", f"{where} welcomes {device}")
    else:
        found = answer[0] if answer else "no answer to CONNECT"
        yield Finding(
            "broker",
            "bad",
            f"{where}: {found}",
            "check the certificate's name against desk.device, and the broker's ACL",
        )


def _clock() -> Iterator[Finding]:
    clock = Clock()
    quality = clock.mapping().clock
    stamp = time.strftime("%Y-%m-%d %H:%M:%S %Z")
    if quality == "synced":
        yield Finding("clock", "good", f"{stamp}, synced")
    else:
        to_do = "let the desk reach a time server; measurements are corrected once it has"
        yield Finding("clock", "warning", f"{stamp}, not synced: events are marked as estimated", to_do)


def exit_code(findings: list[Finding]) -> int:
    """0 when nothing is bad, else 1."""
    return int(any(finding.verdict == "bad" for finding in findings))
