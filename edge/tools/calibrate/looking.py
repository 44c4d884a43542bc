"""What a camera under calibration sees: the person at a mark, and the printed board held or laid before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.opening import open_footage, open_source
from edge.settings.desk_toml import Camera
from edge.space.foot import EDGE_SHARE
from edge.tools.calibrate import board
from edge.tools.calibrate.board import BoardView
from edge.tools.calibrate.fit import CalibrationError
from edge.tools.calibrate.technician import Technician
from edge.vision.body_detector import Detail
from edge.vision.sightings import BodySighting
from edge.vision.upright import LEAST_LOOKS, FindBodies, UprightCheck, camera_mend, clip_mend, how_it_stands

SETTLE_S = 1.0
"""A camera that was just opened finds its exposure in this time."""
LOOK_S = 3.0
"""How long a person at a mark, or a board on the floor, is looked at live."""
LOOK_EVERY_S = 0.1
"""Pictures closer together show nearly the same pose again, and cost as much to look at."""
BOARD_S = 60.0
"""How long at most the board is held before the camera."""
MOST_VIEWS = 20
"""Views of the board after which no more are taken: the lens gets no surer."""
STILL_SHARE = 0.004
"""A board whose corners moved less than this between two looks, as a share of the picture's width, was held still."""
ANOTHER_SHARE = 0.04
"""One whose corners lie this far from every view so far, in the mean, is another view."""
PERSON_SCORE = 0.3
"""MoveNet's false bodies stay below; see its scores on the labelled clips."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The person at one mark."""

    bodies: tuple[BodySighting, ...]
    """Their body in each picture in which they were alone."""
    frame: Frame
    """The last one: in memory, for being shown."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return size_of(self.frame)


def person(
    camera: Camera, clip: Path | None, find: FindBodies, technician: Technician, looks_at: str
) -> Seen:
    """The person in front of a camera, or on footage of it.

    Raises:
        CalibrationError: There was nobody, or more than one.
        SourceError: The camera or footage gave no pictures.
    """
    alone: list[BodySighting] = []
    pictures = crowded = 0
    last: Frame | None = None
    upright = UprightCheck(find)
    for frame in _frames(camera, clip, LOOK_S, technician, looks_at):
        if upright.looks < LEAST_LOOKS:
            upright.look(frame.rgb)
        people = [body for body in find(frame.rgb, Detail.FINE) if body.score >= PERSON_SCORE]
        pictures, last = pictures + 1, frame
        crowded += len(people) > 1
        if len(people) == 1:
            alone += people
    if upright.quarters:
        mend = camera_mend(upright.quarters) if clip is None else clip_mend(upright.quarters)
        raise CalibrationError(f"{looks_at}: {how_it_stands(upright.quarters)}. Mend: {mend}.")
    if last is None or not (alone or crowded):
        raise CalibrationError(
            f"{looks_at}: nobody was seen in {pictures} pictures. Stand on the mark, upright, facing the camera, with the lights on."
        )
    if crowded > len(alone):
        raise CalibrationError(
            f"{looks_at}: more than one person was seen in {crowded} of {pictures} pictures. Only the one on the mark may be in the "
            "picture; hide posters and mannequins with `masks` in desk.toml."
        )
    # MoveNet puts the ankles of legs that are cut off just inside the picture, and is sure of them.
    whole = [body for body in alone if body.box_px[3] <= (1.0 - EDGE_SHARE) * last.rgb.shape[0]]
    if len(whole) < len(alone) / 2:
        raise CalibrationError(
            f"{looks_at}: the picture's lower edge cuts off the feet. Take a mark further away, or tilt the camera down."
        )
    return Seen(tuple(whole), last)


def held_board(
    camera: Camera, clip: Path | None, square_m: float, technician: Technician
) -> tuple[list[BoardView], Frame]:
    """Views of a board that is held still here and there before a camera, and the last frame.

    Raises:
        CalibrationError: There was no picture, or it is mirrored.
        SourceError: The camera or footage gave no pictures.
    """
    views: list[BoardView] = []
    last, before = None, None
    finder = _BoardFinder(square_m)
    for frame in _frames(camera, clip, BOARD_S, technician, "board"):
        last, width = frame, frame.rgb.shape[1]
        view = finder.find(frame.rgb)
        held = view is not None and before is not None and _apart(view, before) < STILL_SHARE * width
        if view is not None and held and all(_apart(view, v) > ANOTHER_SHARE * width for v in views):
            views.append(view)
            technician.say(f"view {len(views)} of the board taken")
            if len(views) == MOST_VIEWS:
                break
        before = view
    if last is None:
        raise CalibrationError(f"{clip or camera.shown_source} gave no picture.")
    return views, last


def laid_board(
    camera: Camera, clip: Path | None, square_m: float, technician: Technician
) -> tuple[BoardView, Frame]:
    """The board where it lies, with the most corners seen, and that frame.

    Raises:
        CalibrationError: It was not seen, or as in a mirror.
        SourceError: The camera or footage gave no pictures.
    """
    best: tuple[BoardView, Frame] | None = None
    finder = _BoardFinder(square_m)
    for frame in _frames(camera, clip, LOOK_S, technician, "board on the floor"):
        view = finder.find(frame.rgb)
        if view is not None and (best is None or len(view.corners_px) > len(best[0].corners_px)):
            best = view, frame
    if best is None:
        raise CalibrationError(
            "The board on the floor was not seen. Lay it face up where the camera sees all of it, in good light, and print it larger: "
            "a square must be 20 pixels wide in the picture, which at 2 m are about 5 cm."
        )
    return best


def _frames(
    camera: Camera, clip: Path | None, live_s: float, technician: Technician, looks_at: str
) -> Iterator[Frame]:
    """Pictures at least `LOOK_EVERY_S` apart: all of some footage, or so many seconds live."""
    source = open_source(camera) if clip is None else open_footage(camera, clip, rate_hz=camera.rate_hz)
    count = getattr(source, "frame_count", 0)
    begins_s = last_s = None
    try:
        with technician.progress(looks_at) as done:
            for frame in source:
                begins_s = frame.t_s if begins_s is None else begins_s
                since_s = frame.t_s - begins_s
                if clip is None:
                    done(min(since_s / (SETTLE_S + live_s), 1.0))
                    if since_s >= SETTLE_S + live_s:
                        return
                else:
                    done((frame.index + 1) / count if count else None)
                settled = clip is not None or since_s >= SETTLE_S
                if settled and (last_s is None or frame.t_s - last_s >= LOOK_EVERY_S - 1e-3):
                    last_s = frame.t_s
                    yield frame
    finally:
        source.close()


class _BoardFinder:
    """Finds the board, and notices where it is seen as in a mirror: its marks then are those of no board."""

    def __init__(self, square_m: float) -> None:
        self._square_m = square_m
        self._mirrored = 0

    def find(self, rgb: Pixels) -> BoardView | None:
        """The board in a picture; None when too little of it is seen.

        Raises:
            CalibrationError: The picture is mirrored.
        """
        view = board.find(rgb, self._square_m)
        if view is None and board.find(np.ascontiguousarray(rgb[:, ::-1]), self._square_m) is not None:
            self._mirrored += 1
            if self._mirrored == LEAST_LOOKS:
                raise CalibrationError(
                    "The board is seen as in a mirror. Set hflip = true for the camera in desk.toml (vflip = true where the picture stands "
                    "on its head too), or take out the one that is there."
                )
        return view


def size_of(frame: Frame) -> tuple[int, int]:
    """Width and height of its picture."""
    return frame.rgb.shape[1], frame.rgb.shape[0]


def _apart(view: BoardView, other: BoardView) -> float:
    """Mean distance between the corners that both show, in pixels; without any they are far apart."""
    others = {tuple(on): at for on, at in zip(other.corners_m.tolist(), other.corners_px, strict=True)}
    pairs = zip(view.corners_m.tolist(), view.corners_px, strict=True)
    apart = [float(np.linalg.norm(at - others[tuple(on)])) for on, at in pairs if tuple(on) in others]
    return float(np.mean(apart)) if apart else np.inf
