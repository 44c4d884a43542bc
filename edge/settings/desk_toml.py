"""desk.toml: what this desk is made of and where its parts stand."""

import math
import re
from collections.abc import Collection
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from edge.cadence.cadence import SHORTEST_PULSED_PAUSE_S, find_profile
from edge.settings.camera_modules import MODULES
from protocol.broker.address import BrokerAddress
from protocol.home import at_home
from protocol.names import Name
from protocol.shipped import EXAMPLE_DESK
from protocol.toml_file import Section


def _is_cadence(text: str) -> str:
    find_profile(text)
    return text


def _is_module(text: str) -> str:
    if text not in MODULES:
        raise ValueError(f"{text!r} is no camera module; known: {', '.join(MODULES)}")
    return text


def _is_half_turn(rotation: Any) -> Any:
    if rotation in (90, 270, -90):
        raise ValueError(
            "must be 0 or 180: people lie on their side in a picture turned by a quarter, and the finders of bodies and faces miss them; "
            "mount the camera upright or upside down"
        )
    return rotation


Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO number in Broadcom's numbering, as gpiozero uses it."""
RingInput = Literal["pulses", "envelope", "contact"]
"""What a ring pin carries: ``pulses`` (an optocoupler, one or two pulses a cycle of the ringing current), ``envelope`` (one level a
burst, from a rectifier and a capacitor, which stretches its end) or ``contact`` (one level a burst, from a relay or an IP phone,
which bounces)."""
PicturePoint = tuple[Annotated[float, Field(ge=0.0, le=1.0)], Annotated[float, Field(ge=0.0, le=1.0)]]
Polygon = Annotated[tuple[PicturePoint, ...], Field(min_length=3)]
"""Corners in shares of the picture's width and height, from its top left."""
FloorPolygon = Annotated[tuple[tuple[float, float], ...], Field(min_length=3)]
"""Corners on the floor in metres, in the desk's frame: x to the host's right, y towards the customers."""


FLASHED_NAME = "desk-0"
"""The name every desk is flashed with: none goes into service under it."""


class DeskSection(Section):
    """Which desk this is."""

    device: Name = FLASHED_NAME
    """The desk's name on the broker, and in its certificate: 1 to 63 lower-case letters, digits and inner hyphens. Under
    ``desk-0``, as flashed, it never goes into service: it then runs as ``desk-`` and eight digits from its serial number."""
    standard: Annotated[str, AfterValidator(at_home)] = "eight-teeth"
    """Name of the service standard, a file in the standards folder; or the path of a file that ends in ``.toml``."""
    standard_keys: Path | None = None
    """File of the public keys of the central service, of which `deskside-central standards show-key` prints a line each: standards that it signs
    with one of them take the place of ``standard``. Without it the desk works by ``standard`` alone."""
    profile: Literal["standard", "eu"] = "standard"
    """Jurisdiction: ``eu`` leaves individual smile measures out unless they are enabled by name. It holds until the central service has sent a
    plan that says by which profile the desk's showroom works."""
    measure_smile: bool | None = None
    """Whether smiles are measured; without it the profile decides. ``false`` holds whatever the central service allows, ``true`` only as long as
    it has not said anything else."""

    @property
    def smile_measured(self) -> bool:
        """Whether smile measures may be taken at this desk."""
        return self.profile != "eu" if self.measure_smile is None else self.measure_smile

    def under(self, leaves_out: Collection[str]) -> "DeskSection":
        """The section where a profile of the central service decides what is left out.

        >>> DeskSection(measure_smile=True).under({"smile"}).smile_measured
        False
        >>> DeskSection(profile="eu").under(()).smile_measured, DeskSection(measure_smile=False).under(()).smile_measured
        (True, False)
        """
        allowed = "smile" not in leaves_out and self.measure_smile is not False
        return self.model_copy(update={"measure_smile": allowed})


class Lens(Section):
    """A camera's lens."""

    module: Annotated[str, AfterValidator(_is_module)] | None = None
    """The Pi's camera module by its sensor: ``imx708``, ``imx708_wide``, ``imx219``, ``ov5647``, ... (`deskside doctor` names it). Angle
    of view and distortion are then the module's, unless they stand here too."""
    horizontal_view_deg: Annotated[float, Field(gt=10.0, lt=170.0)] = 66.0
    """Horizontal angle of view; 66 degrees is the Camera Module 3, 102 the Camera Module 3 Wide. In a portrait picture, as of a telephone
    held upright, it is the angle along the longer side."""
    k1: float = 0.0
    """Radial distortion, second order, in OpenCV's model; `deskside calibrate` finds it."""
    k2: float = 0.0
    """Radial distortion, fourth order, in OpenCV's model."""

    @model_validator(mode="before")
    @classmethod
    def _is_the_modules_lens(cls, given: Any) -> Any:
        """A lens of which only the module is known is the module's."""
        module = MODULES.get(str(given.get("module"))) if isinstance(given, dict) else None
        if module is None or module.horizontal_view_deg is None:
            return given
        return {"horizontal_view_deg": module.horizontal_view_deg, "k1": module.k1, **given}

    def distorted(self, ray: float) -> float:
        """How far from the middle a ray falls: both on the plane one unit before the camera."""
        return ray * (1.0 + self.k1 * ray**2 + self.k2 * ray**4)

    def farthest(self) -> float:
        """How far from the middle any ray falls, where rays farther out begin to fall nearer again; infinite where none do."""
        # The distortion turns where its slope 1 + 3 k1 r^2 + 5 k2 r^4 is nought.
        root = 9.0 * self.k1**2 - 20.0 * self.k2
        steepness = -3.0 * self.k1 + math.sqrt(root) if root >= 0.0 else 0.0
        # Flatter than a millionth, it turns for rays square to the axis only, which no flat picture has.
        return self.distorted(math.sqrt(2.0 / steepness)) if steepness > 1e-6 else math.inf


class Mount(Section):
    """Where a camera stands, in the desk's frame."""

    x_m: float = 0.0
    """To the host's right of the middle of the desk's front edge; negative to the left."""
    y_m: float = 0.0
    """Before the desk's front edge, towards the customers; negative behind it."""
    height_m: Annotated[float, Field(gt=0.0, le=6.0)] | None = None
    """Above the floor; left out when the camera's geometry is not known: then nothing is derived from the floor."""
    yaw_deg: Annotated[float, Field(ge=-180.0, le=180.0)] = 0.0
    """0 looks straight out at the customers, 180 at the host; positive turns to the host's right. Where it is not said, a staff
    camera looks at the host."""
    pitch_deg: Annotated[float, Field(ge=-90.0, le=90.0)] = 0.0
    """Positive looks up."""
    roll_deg: Annotated[float, Field(ge=-45.0, le=45.0)] = 0.0
    """Positive where the right-hand side of the camera sinks."""


class Camera(Section):
    """One camera: its source, what it watches, where it stands."""

    name: Name
    """What the camera is called in measurements, gaps and commands, spelt as `device` is."""
    watches: Literal["customers", "staff", "both"]
    """Whom it sees: the customers' side, the host's face, or both."""
    source: Annotated[str, AfterValidator(at_home)] = "picamera:0"
    """``picamera:0`` (the Pi's first camera), ``usb:0`` or ``/dev/video0`` (a USB camera), ``rtsp://user:password@address/path``
    (a network camera), or the path of a video file or of a folder of numbered JPEGs."""
    width: Annotated[int, Field(ge=160, le=4096)] = 1280
    """Width of the picture in pixels."""
    height: Annotated[int, Field(ge=120, le=3072)] = 720
    """Height of the picture in pixels."""
    rate_hz: Annotated[float, Field(ge=1.0, le=60.0)] = 15.0
    """Frames a second asked of the camera; of a folder of pictures or a raw stream, which state no times, the rate at which they
    were taken."""
    rotation: Annotated[Literal[0, 180], BeforeValidator(_is_half_turn)] = 0
    """180 where the camera is mounted upside down, as under a shelf."""
    hflip: bool = False
    """Whether the picture is mirrored left to right, as through a mirror; it is then mirrored back."""
    vflip: bool = False
    """Whether the picture is mirrored top to bottom; it is then mirrored back."""
    true_shape: bool = False
    """Whether somebody has seen that a round thing, such as a coin held before it, is round in its picture: then a host whose face has an unusual
    shape is no doubt of the picture."""
    focus_m: Annotated[float, Field(ge=0.1, le=20.0)] | None = None
    """Distance at which a module with autofocus is focused for good; without it 0.8 for ``staff``, 1.5 for ``both``, 2.5 for
    ``customers``."""
    mains_hz: Literal[50, 60] = 50
    """Frequency of the mains, 60 in North America and parts of Asia: lamps flicker at twice that, and exposures are chosen to match."""
    white_balance: (
        tuple[Annotated[float, Field(gt=0.0, le=32.0)], Annotated[float, Field(gt=0.0, le=32.0)]] | None
    ) = None
    """Gains of red and blue, fixed so that teeth and lips keep their colours whatever stands in the picture; `deskside calibrate` finds
    them. Without it the camera balances as it goes."""
    lens: Lens = Lens()
    mount: Mount = Mount()
    masks: tuple[Polygon, ...] = ()
    """Privacy masks: painted over before any model sees the frame."""
    near_zone: Polygon | None = None
    """Where a person's feet mean "near", in the picture; without it the standard's distances decide."""
    leave_zone: Polygon | None = None
    """Outside of which a person has left; without it, the near zone."""
    staff_floor: FloorPolygon | None = None
    """The floor on which people are staff, as behind the desk or beside it: who comes from there is no customer. Of a camera whose
    `mount` says that it does not stand at the desk's front edge, what lies behind the desk is the staff's without it."""
    staff_zone: Polygon | None = None
    """The same as a polygon in the picture, of any camera that sees customers: who comes out of it is staff until they have left and time
    has passed."""

    @property
    def flips(self) -> tuple[bool, bool]:
        """Whether the picture is to be mirrored left to right, and top to bottom, to stand upright: a half turn is both."""
        turned = self.rotation == 180
        return turned != self.hflip, turned != self.vflip

    @property
    def focused_at_m(self) -> float:
        """Distance at which an autofocus module is focused: as given, or the middle of where people are for what it watches."""
        return self.focus_m or {"staff": 0.8, "both": 1.5, "customers": 2.5}[self.watches]

    @property
    def shown_source(self) -> str:
        """The source without user and password, as it may stand in messages."""
        return re.sub(r"://[^/@]*@", "://", self.source)

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

    @model_validator(mode="before")
    @classmethod
    def _a_module_sees_less_in_a_picture_of_another_shape(cls, given: Any) -> Any:
        """Of a lens of which only the module is known, the angle that a picture of this shape shows."""
        lens = given.get("lens") if isinstance(given, dict) else None
        if not isinstance(lens, dict) or "horizontal_view_deg" in lens:
            return given
        module = MODULES.get(str(lens.get("module")))
        size = given.get("width", 1280), given.get("height", 720)
        if module is None or not all(isinstance(side, int) and side > 0 for side in size):
            return given
        view_deg = module.view_deg(size)
        own = {} if view_deg is None else {"horizontal_view_deg": view_deg, "k1": module.k1}
        return {**given, "lens": {**own, **lens}}

    @model_validator(mode="after")
    def _every_pixel_has_its_ray(self) -> Self:
        """A lens that folds the picture over leaves its corners without a ray, and with them everything seen there."""
        edge = self.lens.distorted(math.tan(math.radians(self.lens.horizontal_view_deg / 2)))
        if (
            not 0.0
            < edge * math.hypot(1.0, min(self.width, self.height) / max(self.width, self.height))
            < self.lens.farthest()
        ):
            raise ValueError(
                f"lens: with horizontal_view_deg {self.lens.horizontal_view_deg:g}, k1 {self.lens.k1:g} and k2 {self.lens.k2:g} "
                "no light reaches the picture's corners; calibrate the camera again"
            )
        return self


PaletteName = Literal["red-green", "blue-orange"]


class RgbLight(Section):
    """One RGB LED."""

    kind: Literal["rgb"] = "rgb"
    """One LED of three colours."""
    red: Pin
    """Pin of the red part."""
    green: Pin
    """Pin of the green part."""
    blue: Pin
    """Pin of the blue part."""
    palette: PaletteName = "red-green"
    """Its colours: `red-green` (green, amber, red), or `blue-orange` (blue, orange, white) where somebody does not tell red from green."""
    active_high: bool = True
    """Whether the LED is lit by a high level (common cathode) rather than by a low one (common anode)."""


class SeparateLights(Section):
    """Three LEDs of their own."""

    kind: Literal["separate"]
    """Three LEDs of one colour each."""
    red: Pin
    """Pin of the red LED."""
    amber: Pin
    """Pin of the amber LED."""
    green: Pin
    """Pin of the green LED."""
    active_high: bool = True
    """Whether the LEDs are lit by a high level."""


class Lights(Section):
    """The host's lights."""

    host: Annotated[RgbLight | SeparateLights, Field(discriminator="kind")] | None = None
    """The light that cues the host; without it the desk shows no cue."""
    measuring: Pin | None = None
    """The light that shows that cameras measure."""
    signed_in: Pin | None = None
    """The light that shows that somebody is signed in."""


class PhoneLine(Section):
    """One line of the desk's telephone."""

    name: Name = "1"
    """What the line is called in measurements and gaps, spelt as `device` is."""
    ring_pin: Pin
    """Pin of the ring detector."""
    hook_pin: Pin | None = None
    """Pin of the hook switch; without one the outcome of every call is unknown."""
    input: RingInput = "pulses"
    """What reaches the ring pin: pulses of the ring voltage, an envelope of each burst, or a dry contact."""
    pulses_per_cycle: Literal[1, 2] | None = None
    """Pulses per cycle of the ring voltage: 2 for an AC optocoupler, 1 for a single-LED one; left out, it is found out."""
    ring_active_high: bool = False
    """Whether the ring pin is high while it rings; the pin is pulled to the other level."""
    hook_active_high: bool = False
    """Whether the hook pin is high while the receiver is lifted."""
    cadence: Annotated[str, AfterValidator(_is_cadence)] = "auto"
    """How the line rings: a country or system of edge/cadence/cadences.toml, seconds such as ``1.2/3.8``, or ``auto``; ``continuous`` for
    a bell or contact that sounds without a pause."""
    shared: bool = False
    """Whether the line also rings at other telephones: what stops there unanswered here may have been answered there."""
    answered_elsewhere_after_s: Annotated[float, Field(gt=0.0, le=600.0)] | None = None
    """Seconds of ringing after which a fax, an answering machine or the exchange takes the call, where something does."""
    message_waiting_splash_s: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    """A single burst no longer than this is the signal of a waiting message, and no call; 0 turns this off."""

    @model_validator(mode="after")
    def _cadence_shows(self) -> Self:
        if self.input == "pulses" and not all(
            each.shows_in_pulses for each in find_profile(self.cadence).cadences
        ):
            raise ValueError(
                f"cadence {self.cadence!r} has a pause inside a ring shorter than {SHORTEST_PULSED_PAUSE_S} s, which pulses do not show: "
                "write what is so close together as one burst"
            )
        return self


def _is_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is no time zone, such as Europe/Berlin") from None
    return text


TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes, such as ``14:00``."""


class SignIn(Section):
    """How hosts sign in at the desk, and what signs them out."""

    reader: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    """A badge or QR reader that types like a keyboard: its path below ``/dev/input/by-id/``, or its name as `deskside doctor` says it."""
    layout: Literal["us", "de", "fr"] = "us"
    """The keyboard layout that the reader is set to; readers come with ``us``."""
    key_file: Path | None = None
    """The site's key, by which a badge or a PIN becomes a pseudonym: one for all desks at which the same badges are shown. `deskside badge
    make-key` makes it; nobody but the desk's user and group may read it. ``credential:NAME`` is the file that systemd hands to the service
    under that name."""
    pins_file: Path | None = None
    """Whose PIN is taken at the host's page; `deskside badge set-pin` writes it."""
    button: Pin | None = None
    """Pin of a plain button, which pulls it to ground: signs ``button_person`` in, and out again."""
    button_person: Name | None = None
    """The pseudonym that the button signs in."""
    away_min: Annotated[float, Field(ge=1.0, le=720.0)] = 30.0
    """Minutes without anybody seen behind the desk after which whoever is signed in no longer is, from when they were last seen."""
    shift_ends: Annotated[tuple[TimeOfDay, ...], Field(max_length=12)] = ()
    """Times of the day at which whoever is signed in no longer is, such as ``["14:00", "22:00"]``."""
    time_zone: Annotated[str, AfterValidator(_is_zone)] | None = None
    """The desk's time zone, such as ``Europe/Berlin``; without it the machine's."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.button is None) != (self.button_person is None):
            raise ValueError("button and button_person belong together: give both or none")
        if self.key_file is None and (self.reader is not None or self.pins_file is not None):
            raise ValueError("a reader and PINs need key_file: `deskside badge make-key` makes it")
        return self

    @property
    def ends(self) -> tuple[time, ...]:
        """The times of ``shift_ends``."""
        return tuple(time.fromisoformat(each) for each in self.shift_ends)

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone that is named."""
        return None if self.time_zone is None else ZoneInfo(self.time_zone)


class HostPage(Section):
    """The page on the host's own screen, which `deskside page` serves."""

    port: Annotated[int, Field(ge=1024, le=65535)] = 8411
    """Port on the loopback, which no other machine reaches."""
    language: Literal["en", "de", "zh-Hans"] = "en"
    """In which language the page begins; the host may change it there."""


class Uplink(BrokerAddress):
    """The way to the central service."""

    TABLE: ClassVar[str] = "uplink"


class Vision(Section):
    """How much the models may cost."""

    threads: Annotated[int, Field(ge=1, le=4)] = 1
    """Threads of each network."""
    cpu_budget: Annotated[float, Field(gt=0.05, le=4.0)] = 0.8
    """Cores that the models may use together; the schedule keeps to it."""


class Storage(Section):
    """Where the desk keeps what it has not delivered yet."""

    spool: Path = Path("/var/lib/deskside/spool.db")
    """The file in which measurements wait until the central database has them."""
    max_mb: Annotated[int, Field(ge=1, le=65536)] = 512
    """Size the file may grow to; what the disk does not take waits in memory, in no more than this (and 64 MB), and a gap says what
    is given up in the end."""


class Settings(Section):
    """Everything desk.toml says."""

    example = EXAMPLE_DESK

    desk: DeskSection = DeskSection()
    cameras: Annotated[tuple[Camera, ...], Field(max_length=2)] = ()
    lights: Lights = Lights()
    phone: Annotated[tuple[PhoneLine, ...], Field(max_length=2)] = ()
    sign_in: SignIn = SignIn()
    page: HostPage = HostPage()
    uplink: Uplink = Uplink()
    vision: Vision = Vision()
    storage: Storage = Storage()

    @model_validator(mode="after")
    def _names_and_pins_are_used_once(self) -> Self:
        for kind, parts in (("cameras", self.cameras), ("telephone lines", self.phone)):
            names = [part.name for part in parts]
            if len(set(names)) < len(names):
                raise ValueError(f"two {kind} have the same name: {', '.join(names)}")
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
        named += [
            ("measuring light", self.lights.measuring),
            ("light of who is signed in", self.lights.signed_in),
            ("button to sign in", self.sign_in.button),
        ]
        for line in self.phone:
            named += [
                (f"phone {line.name}, ring", line.ring_pin),
                (f"phone {line.name}, hook", line.hook_pin),
            ]
        return [(name, pin) for name, pin in named if pin is not None]
