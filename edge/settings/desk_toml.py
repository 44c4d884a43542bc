"""desk.toml: what this desk is made of and where its parts stand."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from edge.cadence.cadence import find_profile
from protocol.broker import BrokerAddress
from protocol.toml_file import Section


def _is_name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", text):
        raise ValueError(f"must be 1 to 63 lower-case letters, digits and inner hyphens, not {text!r}")
    return text


def _is_cadence(text: str) -> str:
    try:
        find_profile(text)
    except ValueError as error:
        raise ValueError(str(error).removeprefix("cadence: ")) from None
    return text


Name = Annotated[str, AfterValidator(_is_name)]
"""A name that can stand in an MQTT topic and in a certificate."""
Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO number in Broadcom's numbering, as gpiozero uses it."""
PicturePoint = tuple[Annotated[float, Field(ge=0.0, le=1.0)], Annotated[float, Field(ge=0.0, le=1.0)]]
Polygon = Annotated[tuple[PicturePoint, ...], Field(min_length=3)]
"""Corners in shares of the picture's width and height, from its top left."""
FloorPolygon = Annotated[tuple[tuple[float, float], ...], Field(min_length=3)]
"""Corners on the floor in metres, in the desk's frame: x to the host's right, y towards the customers."""


class Desk(Section):
    """Which desk this is."""

    device: Name = "desk-0"
    """The desk's name on the broker, and in its certificate."""
    standard: str = "eight-teeth"
    """Name of the service standard, a file in the standards folder."""
    profile: Literal["standard", "eu"] = "standard"
    """Jurisdiction: ``eu`` leaves individual smile measures out unless they are enabled by name."""
    measure_smile: bool | None = None
    """Whether smiles are measured; None follows the profile."""

    @property
    def smile_measured(self) -> bool:
        """Whether smile measures may be taken at this desk."""
        return self.profile != "eu" if self.measure_smile is None else self.measure_smile


class Lens(Section):
    """A camera's lens."""

    horizontal_view_deg: Annotated[float, Field(gt=10.0, lt=170.0)] = 66.0
    """Horizontal angle of view; 66 degrees is the Camera Module 3."""
    k1: float = 0.0
    k2: float = 0.0
    """Radial distortion, OpenCV's model."""


class Mount(Section):
    """Where a camera stands, in the desk's frame."""

    x_m: float = 0.0
    y_m: float = 0.0
    height_m: Annotated[float, Field(gt=0.0, le=6.0)] | None = None
    """Above the floor; None when the camera's geometry is not known: then nothing is derived from the floor."""
    yaw_deg: Annotated[float, Field(ge=-180.0, le=180.0)] = 0.0
    """0 looks straight out at the customers, 180 at the host; positive turns to the host's right. Where it is not said, a staff
    camera looks at the host."""
    pitch_deg: Annotated[float, Field(ge=-90.0, le=90.0)] = 0.0
    """Positive looks up."""
    roll_deg: Annotated[float, Field(ge=-45.0, le=45.0)] = 0.0


class Camera(Section):
    """One camera: its source, what it watches, where it stands."""

    name: Name
    watches: Literal["customers", "staff", "both"]
    source: str = "picamera:0"
    """``picamera:0`` (the Pi's first camera), or the path of a video file or of a folder of numbered JPEGs."""
    width: Annotated[int, Field(ge=160, le=4096)] = 1280
    height: Annotated[int, Field(ge=120, le=3072)] = 720
    rate_hz: Annotated[float, Field(ge=1.0, le=60.0)] = 15.0
    lens: Lens = Lens()
    mount: Mount = Mount()
    masks: tuple[Polygon, ...] = ()
    """Privacy masks: painted over before any model sees the frame."""
    near_zone: Polygon | None = None
    """Where a person's feet mean "near", in the picture; None uses the standard's distances."""
    leave_zone: Polygon | None = None
    """Outside of which a person has left; None: the near zone."""
    staff_floor: FloorPolygon | None = None
    """For a camera that watches ``both``: the floor on which people are staff."""
    staff_zone: Polygon | None = None
    """The same as a polygon in the picture."""

    @model_validator(mode="before")
    @classmethod
    def _staff_cameras_look_at_the_host(cls, given: Any) -> Any:
        """A staff camera whose direction is not said faces the host, not the customers."""
        if not isinstance(given, dict) or given.get("watches") != "staff":
            return given
        mount = given.get("mount", {})
        if isinstance(mount, Mount):
            mount = mount.model_dump(exclude_unset=True)
        return {**given, "mount": {"yaw_deg": 180.0, **mount}} if isinstance(mount, dict) else given


class RgbLight(Section):
    """One RGB LED."""

    kind: Literal["rgb"] = "rgb"
    red: Pin
    green: Pin
    blue: Pin
    active_high: bool = True


class SeparateLights(Section):
    """Three LEDs of their own."""

    kind: Literal["separate"]
    red: Pin
    amber: Pin
    green: Pin
    active_high: bool = True


class Lights(Section):
    """The host's lights."""

    host: Annotated[RgbLight | SeparateLights, Field(discriminator="kind")] | None = None
    measuring: Pin | None = None
    """The light that shows that cameras measure."""


class PhoneLine(Section):
    """One line of the desk's telephone."""

    name: Name = "1"
    ring_pin: Pin
    hook_pin: Pin | None = None
    input: Literal["pulses", "envelope", "contact"] = "pulses"
    pulses_per_cycle: Literal[1, 2] | None = None
    """Pulses per cycle of the ring voltage: 2 for an AC optocoupler, 1 for a single-LED one, None to find out."""
    ring_active_high: bool = False
    hook_active_high: bool = False
    cadence: Annotated[str, AfterValidator(_is_cadence)] = "auto"
    """How the line rings: a country or system of edge/cadence/cadences.toml, seconds such as ``1.2/3.8``, or ``auto``."""
    message_waiting_splash_s: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5


class Uplink(BrokerAddress):
    """The way to the central service."""

    mqtt: Literal["auto", "5", "3.1.1"] = "auto"
    """Version of MQTT that the broker speaks. ``auto`` tries both in turn, beginning with 5, which tells more when something
    is refused; name the version where a broker answers the other one with silence."""


class Vision(Section):
    """How much the models may cost."""

    threads: Annotated[int, Field(ge=1, le=4)] = 1
    cpu_budget: Annotated[float, Field(gt=0.05, le=4.0)] = 0.8
    """Cores that the models may use together; the schedule keeps to it."""


class Storage(Section):
    """Where the desk keeps what it has not delivered yet."""

    spool: Path = Path("/var/lib/deskside/spool.db")
    max_mb: Annotated[int, Field(ge=1, le=65536)] = 512


class Settings(Section):
    """Everything desk.toml says."""

    desk: Desk = Desk()
    cameras: Annotated[tuple[Camera, ...], Field(max_length=2)] = ()
    lights: Lights = Lights()
    phone: Annotated[tuple[PhoneLine, ...], Field(max_length=2)] = ()
    uplink: Uplink = Uplink()
    vision: Vision = Vision()
    storage: Storage = Storage()

    @model_validator(mode="after")
    def _names_and_pins_are_used_once(self) -> Self:
        names = [camera.name for camera in self.cameras]
        if len(set(names)) < len(names):
            raise ValueError(f"two cameras have the same name: {', '.join(names)}")
        pins = [pin for _, pin in self._named_pins()]
        twice = sorted({pin for pin in pins if pins.count(pin) > 1})
        if twice:
            raise ValueError(f"GPIO {', '.join(map(str, twice))} is used more than once")
        return self

    def pins(self) -> dict[str, int]:
        """Every pin in use, by what it is for."""
        return dict(self._named_pins())

    def _named_pins(self) -> list[tuple[str, int]]:
        host = self.lights.host
        colours = (
            ("red", "green", "blue")
            if isinstance(host, RgbLight)
            else ("red", "amber", "green")
            if host
            else ()
        )
        named = [(f"host light, {colour}", getattr(host, colour)) for colour in colours]
        named.append(("measuring light", self.lights.measuring))
        for line in self.phone:
            named += [
                (f"phone {line.name}, ring", line.ring_pin),
                (f"phone {line.name}, hook", line.hook_pin),
            ]
        return [(name, pin) for name, pin in named if pin is not None]
