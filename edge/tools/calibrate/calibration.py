"""`deskside calibrate`: the course of setting one camera's place, tilt and lens, from looking to writing desk.toml."""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2

from edge.camera.frame import Frame
from edge.observation import Estimate
from edge.settings.desk_toml import Camera, Settings
from edge.space.anthropometry import STATURE_M
from edge.tools.calibrate import board
from edge.tools.calibrate.board import BoardPlace
from edge.tools.calibrate.fit import CalibrationError, MountFit
from edge.tools.calibrate.looking import Seen, held_board, laid_board, person, size_of
from edge.tools.calibrate.marks import LEAST_MARKS, NOMINAL_VIEW_SE_DEG, Standing, mount_from_marks, standing
from edge.tools.calibrate.pinhole import Pinhole
from edge.tools.calibrate.settings_writer import write_camera
from edge.tools.calibrate.sheet import sheet_of_a4
from edge.tools.calibrate.shown import with_floor_grid
from edge.tools.calibrate.technician import NobodyThereError, Technician
from edge.vision import body_detector
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.upright import FindBodies
from protocol.output_file import check_replaceable
from protocol.program import refusal
from protocol.toml_file import load

MEASURED_STATURE_SE_M = 0.02
"""A tape measure, soles, and where in the head somebody has their eyes."""
LEAST_VIEW_SE_DEG = 0.2
"""A lens from a board is not surer than this: the paper is not flat, and focus changes the angle a little."""

GAIN_PLACES = 3
"""Decimals worth writing of a gain: a tenth of a percent of a colour is not seen."""

_PRINT_PX_PER_SQUARE = 400
"""About 280 to the inch where the board fills a sheet of A4."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the floor, in the desk's frame, and footage of what is there; None to look live."""

    x_m: float
    y_m: float
    clip: Path | None = None

    def __str__(self) -> str:
        side = "right" if self.x_m > 0 else "left"
        aside = "straight ahead" if self.x_m == 0 else f"{abs(self.x_m):g} m to the host's {side}"
        ahead = f"{abs(self.y_m):g} m {'before' if self.y_m >= 0 else 'behind'} the desk's front edge"
        return f"{ahead}, {aside}"


def parse_spot(text: str) -> Spot:
    """The spot of ``X,Y`` or ``X,Y=CLIP``, in metres.

    Raises:
        CalibrationError: It is neither.
    """
    place, _, clip = text.partition("=")
    try:
        x_m, y_m = (float(part) for part in place.split(","))
    except ValueError:
        x_m = y_m = math.nan
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        raise CalibrationError(
            f"{text!r} is no place on the floor: write metres aside and ahead as X,Y such as 0.8,3, or X,Y=CLIP for footage of it."
        )
    return Spot(x_m, y_m, Path(clip) if clip else None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a camera is to be calibrated with."""

    marks: tuple[Spot, ...] = ()
    """Where a person stands, one after the other."""
    stature_m: float | None = None
    """The person's, in shoes; None where it was not measured."""
    holds_board: bool = False
    """Whether the board is held before the camera, for the lens."""
    board_clip: Path | None = None
    """Footage of that."""
    board_at: Spot | None = None
    """Where the board lies on the floor, for height and tilt."""
    square_m: float = board.SQUARE_M

    def check(self) -> None:
        """That this is enough to begin with.

        Raises:
            CalibrationError: It is not.
        """
        if self.marks and self.board_at:
            raise CalibrationError(
                "Give marks for a person (--mark) or a place for the board (--board-at), not both."
            )
        if not (self.marks or self.board_at or self.holds_board):
            raise CalibrationError(
                "Nothing to calibrate with: give --mark X,Y three times or more, or --board, or --board-at X,Y."
            )
        if self.marks and (
            len(self.marks) < LEAST_MARKS or len({m.y_m for m in self.marks}) < LEAST_MARKS - 1
        ):
            raise CalibrationError(
                f"{len(self.marks)} marks are too few: give {LEAST_MARKS} or more at different distances, such as --mark 0,2.5 --mark 0,3.5 --mark 0,5."
            )


def calibrate(
    name: str, plan: Plan, desk_file: Path, technician: Technician, *, accept_poor: bool, dry_run: bool
) -> None:
    """Look, fit, say how good it got, and write it into desk.toml.

    Args:
        name: The camera's, in desk.toml.
        plan: What to calibrate with.
        desk_file: The desk's settings.
        technician: Who is told and asked.
        accept_poor: Whether to write what is not good enough.
        dry_run: Whether to write nothing.

    Raises:
        CalibrationError: It cannot be done, or did not get good enough to be written.
        BadFileError: desk.toml cannot be used.
        SettingsNotWrittenError: It cannot be written.
        SourceError: Camera or footage gave no pictures.
        ModelRefusedError: The model that finds people is not the one that was installed.
    """
    plan.check()
    camera = _named(load(desk_file, Settings), name, desk_file)
    view_se_deg = NOMINAL_VIEW_SE_DEG
    if plan.holds_board:
        camera, view_se_deg, seen = _with_lens(camera, plan, technician)
    fit: MountFit | None = None
    if plan.marks:
        fit, seen = _from_marks(camera, plan, view_se_deg, technician)
    elif plan.board_at:
        fit, seen = _from_laid_board(camera, plan, plan.board_at, technician)
    if camera.white_balance is None and seen.colour_gains is not None:
        red, blue = (round(gain, GAIN_PLACES) for gain in seen.colour_gains)
        technician.say(
            f"white balance: gains of red {red:g} and blue {blue:g}, as the camera found them here"
        )
        camera = camera.model_copy(update={"white_balance": (red, blue)})
    if fit is not None:
        technician.say(*fit.report())
        technician.show(with_floor_grid(seen.rgb, Pinhole(fit.lens, fit.mount)))
        camera = camera.model_copy(update={"mount": fit.mount, "lens": fit.lens})
        if not (fit.good or accept_poor or dry_run):
            raise CalibrationError(
                f"{desk_file} was left as it was. Calibrate again as said above, or write it all the same with --accept-poor."
            )
    if dry_run:
        technician.say(f"{desk_file} was left as it was (--dry-run)")
    else:
        _write(camera, desk_file, technician)


def _named(settings: Settings, name: str, desk_file: Path) -> Camera:
    for camera in settings.cameras:
        if camera.name == name:
            return camera
    known = ", ".join(camera.name for camera in settings.cameras) or "none"
    raise CalibrationError(f"{desk_file} has no camera named {name!r}; it has: {known}")


def _with_lens(camera: Camera, plan: Plan, technician: Technician) -> tuple[Camera, float, Frame]:
    """The camera with its lens from the board, the standard error of its angle of view, and the last frame."""
    if plan.board_clip is None:
        _ask(technician, "Hold the board still at many places, tilted, also in the picture's corners")
    views, last = held_board(camera, plan.board_clip, plan.square_m, technician)
    fit = board.lens_from_board(views, size_of(last))
    technician.say(*fit.report())
    with_lens = camera.model_copy(update={"lens": fit.lens})
    return with_lens, max(fit.horizontal_view_se_deg, LEAST_VIEW_SE_DEG), last


def _from_marks(
    camera: Camera, plan: Plan, view_se_deg: float, technician: Technician
) -> tuple[MountFit, Frame]:
    network = Network(ModelStore().session(body_detector.MODEL))
    find = body_detector.BodyDetector(network).find
    seen = [_at_mark(camera, mark, find, technician) for mark in plan.marks]
    sizes = {each.size for each, _ in seen}
    if len(sizes) > 1:
        pixels = " and ".join(f"{width}x{height}" for width, height in sorted(sizes))
        raise CalibrationError(
            f"The footage is of different sizes, {pixels} pixels: all must come from the camera as desk.toml sets it."
        )
    last, _ = seen[-1]
    standings = [stands for _, stands in seen]
    stature = STATURE_M if plan.stature_m is None else Estimate(plan.stature_m, MEASURED_STATURE_SE_M)
    return mount_from_marks(standings, camera, last.size, stature, view_se_deg), last.frame


def _at_mark(camera: Camera, mark: Spot, find: FindBodies, technician: Technician) -> tuple[Seen, Standing]:
    """The person at a mark; live, they are asked again until they are seen."""
    while True:
        if mark.clip is None:
            _ask(technician, f"Stand {mark}, both feet on the mark, facing the camera")
        try:
            seen = person(camera, mark.clip, find, technician, str(mark))
            stands = standing(mark.x_m, mark.y_m, seen.bodies, seen.size)
        except CalibrationError as error:
            if mark.clip is not None:
                raise
            technician.say(str(error), "Once more.")
            continue
        technician.say(f"{mark}: seen in {len(seen.bodies)} pictures")
        technician.show(seen.frame.rgb)
        return seen, stands


def _from_laid_board(
    camera: Camera, plan: Plan, spot: Spot, technician: Technician
) -> tuple[MountFit, Frame]:
    if spot.clip is None:
        _ask(technician, f"Lay the board {spot}, face up, its printed top away from the desk")
    view, frame = laid_board(camera, spot.clip, plan.square_m, technician)
    place = BoardPlace(spot.x_m, spot.y_m)
    return board.mount_from_board(view, place, camera, size_of(frame), plan.square_m), frame


def _ask(technician: Technician, what: str) -> None:
    try:
        technician.ask_for(what)
    except NobodyThereError:
        raise CalibrationError(
            "Nobody pressed Enter: run this in a terminal, or give footage, such as --mark 0,2=CLIP."
        ) from None


def _write(camera: Camera, desk_file: Path, technician: Technician) -> None:
    changes = write_camera(desk_file, camera)
    if not changes:
        technician.say(f"{desk_file} says so already")
        return
    technician.say(f"written into {desk_file}, camera {camera.name}:", *(f"  {change}" for change in changes))
    technician.say("the desk measures with it once it is restarted: sudo systemctl restart deskside")


def write_board(file: Path) -> None:
    """Write the board to print: as a PDF of one sheet of A4 where the name ends so, else as a PNG.

    Raises:
        CalibrationError: It cannot be written, or its name ends as another kind of file.
        NotReplacedError: The file is there, and is no such picture.
    """
    kind = file.suffix.lower()
    picture = board.printed(_PRINT_PX_PER_SQUARE)
    if kind == ".pdf":
        check_replaceable(file, b"%PDF", "PDF")
        content = sheet_of_a4(picture, board.SQUARE_M / _PRINT_PX_PER_SQUARE)
    elif kind in {".png", ""}:
        check_replaceable(file, b"\x89PNG", "picture")
        content = cv2.imencode(".png", picture)[1].tobytes()
    else:
        raise CalibrationError(f"{file}: the board is written as .pdf or .png; name such a file")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CalibrationError(f"{file} cannot be written: {refusal(error)}") from None
