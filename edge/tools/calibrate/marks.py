"""A camera's height, tilt and lens from a person who stands at known marks on the floor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from edge.arrays import FloatArray
from edge.observation import Estimate
from edge.settings.desk_toml import Camera
from edge.space.anthropometry import FACE_HEIGHT_SHARE, STATURE_M
from edge.space.foot import ankle_foot_px
from edge.space.joints import EYES, SEEN_SCORE
from edge.space.lens import focal_px
from edge.tools.calibrate.fit import DRAWS, REPORTED_M, CalibrationError, MountFit, distance_errors
from edge.tools.calibrate.pinhole import Pinhole
from edge.vision.sightings import BodySighting

Px = tuple[float, float]

LEAST_MARKS = 3
"""Two distances cannot tell height from tilt and lens."""
LEAST_LOOKS = 5
"""A median of fewer pictures follows one bad one."""
STANDS_SE_M = 0.05
"""How well somebody stands on a mark."""
POINT_SE_PX = 3.0
"""How well feet and eyes are found, once the frames at one mark are averaged: what is left is the same on all of them."""
NOMINAL_VIEW_SE_DEG = 2.0
"""How well a lens' stated angle of view is true for the mode the camera runs in."""
ROLL_SE_DEG = 3.0
"""A camera is screwed on about level."""
YAW_SE_DEG = 10.0
"""How well `yaw_deg` in desk.toml is true before anything was measured: it was set by eye."""
MISFIT = 3.0
"""Residuals so many times larger than they should be mean a wrong mark, or somebody else in the picture."""
MIRRORED = 4.0
"""A fit that costs so many times what that of the mirrored picture costs is one of a mirrored picture: residuals of twice the size."""
LEAST_COST = 2.0
"""What a good fit may cost by chance: half the sum of some squares of one."""
_SAFE_VIEW_DEG = (12.0, 165.0)
"""Inside what desk.toml takes for a horizontal view (10 to 170 degrees), so that a fit never leaves it."""
_STEP = 1e-4
"""Of each number, for the slope of the residuals: far above a float's 1e-16, far below what can be measured."""
_SCALES = (1.0, 0.1, 1.0, 1.0, 1.0, 0.1)
"""By how much each number of the fit typically moves, in the order of `_Problem.start`: angles by degrees, heights by
tenths of a metre."""
_START_HEIGHTS_M, _START_PITCHES_DEG = (0.9, 1.4, 2.2), (0.0, -20.0)
"""Cameras stand on a desk, on a pole or under a ceiling, and look level or down: from one of these the search ends well."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who stands at a mark, as the camera sees them."""

    x_m: float
    y_m: float
    """The mark, in the desk's frame."""
    foot_px: Px
    eyes_px: Px | None


def standing(x_m: float, y_m: float, looks: Sequence[BodySighting], frame_size: tuple[int, int]) -> Standing:
    """Where a person at a mark is seen, as the median of some looks at them.

    Raises:
        CalibrationError: Their feet were not seen often enough.
    """
    feet = [foot for body in looks if (foot := ankle_foot_px(body, frame_size)) is not None]
    if len(feet) < LEAST_LOOKS:
        raise CalibrationError(
            f"At the mark {y_m:g} m ahead and {x_m:g} m aside the feet were seen in {len(feet)} of {len(looks)} pictures. "
            "Stand where the camera sees them, a step back, and without anything before them."
        )
    eyes = [
        body.keypoints[list(EYES), :2].mean(axis=0)
        for body in looks
        if float(body.keypoints[list(EYES), 2].min()) >= SEEN_SCORE
    ]
    foot = np.median(np.array(feet), axis=0)
    middle = np.median(np.array(eyes), axis=0) if len(eyes) >= LEAST_LOOKS else None
    return Standing(
        x_m,
        y_m,
        (float(foot[0]), float(foot[1])),
        None if middle is None else (float(middle[0]), float(middle[1])),
    )


def mount_from_marks(
    standings: Sequence[Standing],
    camera: Camera,
    frame_size: tuple[int, int],
    stature_m: Estimate = STATURE_M,
    view_se_deg: float = NOMINAL_VIEW_SE_DEG,
) -> MountFit:
    """Height, tilt, direction and angle of view that put feet and eyes where they are seen.

    Least squares on the picture, with what is known beforehand as further measurements: the lens' stated angle, the person's stature, that
    a camera hangs about level and looks about where desk.toml says. Its x and y are taken from there.

    Args:
        standings: The same person at some marks.
        camera: As desk.toml has it so far.
        frame_size: Width and height of the picture in px.
        stature_m: The person's; measured, it makes the height of the camera much surer.
        view_se_deg: How well the lens is known: `NOMINAL_VIEW_SE_DEG`, or what a board left.

    Raises:
        CalibrationError: Too few marks, or what was seen fits no camera.
    """
    if len(standings) < LEAST_MARKS or len({s.y_m for s in standings}) < LEAST_MARKS - 1:
        raise CalibrationError(
            f"{len(standings)} marks are too few: stand at {LEAST_MARKS} or more, such as 2.5, 3.5 and 5 m ahead of the desk."
        )
    problem = _Problem(tuple(standings), camera, frame_size, stature_m, view_se_deg)
    best, cost = _fitted(problem)
    in_mirror = replace(problem, standings=tuple(_mirrored(who, frame_size[0]) for who in standings))
    if cost > MIRRORED * max(_fitted(in_mirror)[1], LEAST_COST):
        raise CalibrationError(
            "Marks on one side of the camera are seen on the other: its picture is mirrored. Set hflip = true for it in desk.toml, or take "
            "out the one that is there; if it is not mirrored, check the signs of the marks' first number (positive is to the host's right)."
        )
    misfit = math.sqrt(float(np.mean(problem.seen(best) ** 2)))
    if misfit > MISFIT:
        raise CalibrationError(
            f"What was seen is off by {misfit:.0f} times more than it should be. Check the marks' distances from the desk's front edge, that "
            "only one person is in the picture, and the camera's x_m and y_m in desk.toml."
        )
    slopes = _slopes(problem, best)
    covariance = np.linalg.inv(slopes.T @ slopes) * max(misfit, 1.0) ** 2
    errors = np.sqrt(np.diag(covariance))
    found = problem.pinhole(best)
    drawn = np.random.default_rng(0).multivariate_normal(best, covariance, DRAWS)
    return MountFit(
        mount=found.mount,
        lens=found.lens,
        height_se_m=float(errors[1]),
        pitch_se_deg=float(errors[2]),
        roll_se_deg=float(errors[3]),
        yaw_se_deg=float(errors[4]),
        horizontal_view_se_deg=float(errors[0]),
        residual_px=problem.residual_px(best),
        distance_se_m=distance_errors(found, [problem.pinhole(x) for x in drawn], frame_size, REPORTED_M),
    )


def _fitted(problem: "_Problem") -> tuple[FloatArray, float]:
    """The values of the best fit, and its cost."""
    fits = [
        least_squares(problem.residuals, problem.start(height_m, pitch_deg), loss="soft_l1", x_scale=_SCALES)
        for height_m in _START_HEIGHTS_M
        for pitch_deg in _START_PITCHES_DEG
    ]
    best = min(fits, key=lambda fit: float(fit.cost))
    return np.asarray(best.x, np.float64), float(best.cost)


def _mirrored(who: Standing, width: int) -> Standing:
    """The same person as a mirrored picture would show them."""
    eyes = who.eyes_px and (width - who.eyes_px[0], who.eyes_px[1])
    return replace(who, foot_px=(width - who.foot_px[0], who.foot_px[1]), eyes_px=eyes)


def _slopes(problem: "_Problem", at: FloatArray) -> FloatArray:
    """[residuals, unknowns] how the residuals change, without the robust loss that found the fit."""
    columns = []
    for index in range(len(at)):
        step = np.zeros(len(at))
        step[index] = _STEP
        columns.append((problem.residuals(at + step) - problem.residuals(at - step)) / (2 * _STEP))
    return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is known, as residuals of [angle of view, height, pitch, roll, yaw, height of the eyes]."""

    standings: tuple[Standing, ...]
    camera: Camera
    frame_size: tuple[int, int]
    stature_m: Estimate
    view_se_deg: float

    @property
    def eyes_m(self) -> float:
        """Height of the person's eyes, as expected."""
        return FACE_HEIGHT_SHARE * self.stature_m.value

    def start(self, height_m: float, pitch_deg: float) -> FloatArray:
        """Where a search may begin."""
        view, yaw = self.camera.lens.horizontal_view_deg, self.camera.mount.yaw_deg
        return np.array([view, height_m, pitch_deg, 0.0, yaw, self.eyes_m])

    def pinhole(self, unknown: FloatArray) -> Pinhole:
        """The camera of some values."""
        view, height, pitch, roll, yaw, _ = (float(value) for value in unknown)
        low, high = _SAFE_VIEW_DEG
        return Pinhole(
            self.camera.lens.model_copy(update={"horizontal_view_deg": min(max(view, low), high)}),
            self.camera.mount.model_copy(
                update={
                    "height_m": max(height, 0.05),
                    "pitch_deg": pitch,
                    "roll_deg": roll,
                    "yaw_deg": (yaw + 180.0) % 360.0 - 180.0,
                }
            ),
        )

    def residuals(self, unknown: FloatArray) -> FloatArray:
        """What was seen and what was known, each against these values, in standard errors."""
        view, _, _, roll, yaw, eyes = unknown
        known = [
            (view - self.camera.lens.horizontal_view_deg) / self.view_se_deg,
            roll / ROLL_SE_DEG,
            ((yaw - self.camera.mount.yaw_deg + 180.0) % 360.0 - 180.0) / YAW_SE_DEG,
            (eyes - self.eyes_m) / (FACE_HEIGHT_SHARE * self.stature_m.se),
        ]
        return np.concatenate([self.seen(unknown), known])

    def seen(self, unknown: FloatArray) -> FloatArray:
        """What was seen alone, in standard errors."""
        off, se = self._off_px(unknown)
        return np.asarray((off / se[:, None]).ravel(), np.float64)

    def residual_px(self, unknown: FloatArray) -> float:
        """Root mean square distance of what was seen from where these values put it."""
        off, _ = self._off_px(unknown)
        return float(np.sqrt(np.mean(np.sum(off**2, axis=1))))

    def _off_px(self, unknown: FloatArray) -> tuple[FloatArray, FloatArray]:
        pinhole = self.pinhole(unknown)
        points, seen = [], []
        for who in self.standings:
            points.append((who.x_m, who.y_m, 0.0))
            seen.append(who.foot_px)
            if who.eyes_px is not None:
                points.append((who.x_m, who.y_m, float(unknown[5])))
                seen.append(who.eyes_px)
        places = np.array(points)
        away = np.hypot(places[:, 0] - pinhole.mount.x_m, places[:, 1] - pinhole.mount.y_m).clip(0.5)
        wanders = STANDS_SE_M * focal_px(pinhole.lens, self.frame_size) / away
        return pinhole.pixels(places, self.frame_size) - np.array(seen), np.hypot(POINT_SE_PX, wanders)
