"""What a calibration found, and how good it is."""

import math
from dataclasses import dataclass

import numpy as np

from edge.settings.desk_toml import Lens, Mount
from edge.tools.calibrate.pinhole import Pinhole
from protocol.errors import MendableError

DRAWS = 200
"""Draws from the errors of a fit, to see what they do to a distance; their spread is then known to 5 %."""
REPORTED_M = (1.0, 2.0, 3.0, 5.0)
"""Distances of a customer whose error a calibration reports: at the desk, near, coming near, coming."""
GOOD_AT_M = {3.0: 0.25, 5.0: 0.75}
"""How well customers must be placed, by their distance: at 3 m, or "coming near" is not where the standard puts it, and at 5 m,
which marks that stand too close together leave open."""


class CalibrationError(MendableError):
    """A camera cannot be calibrated from this; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class LensFit:
    """A lens, from views of a board."""

    lens: Lens
    horizontal_view_se_deg: float
    residual_px: float
    """Root mean square distance of the board's corners from where the lens puts them."""
    views: int

    def report(self) -> tuple[str, ...]:
        """In words: what was found, and how good it is."""
        wide = f"{self.lens.horizontal_view_deg:.1f} ± {self.horizontal_view_se_deg:.1f} degrees wide"
        return (
            f"lens: {wide}, distortion {self.lens.k1:+.3f} {self.lens.k2:+.3f}",
            f"{self.views} views of the board, corners off by {self.residual_px:.2f} pixels",
        )


@dataclass(frozen=True, slots=True)
class MountFit:
    """A camera's height, tilt and, where it was fitted too, lens."""

    mount: Mount
    lens: Lens
    height_se_m: float
    pitch_se_deg: float
    roll_se_deg: float
    yaw_se_deg: float
    horizontal_view_se_deg: float
    residual_px: float
    distance_se_m: tuple[tuple[float, float], ...]
    """Distances from the camera over the floor, each with the standard error of a place there that this calibration leaves."""

    @property
    def good(self) -> bool:
        """Whether customers near and far are placed well enough."""
        return all(se <= GOOD_AT_M.get(at, se) for at, se in self.distance_se_m)

    def report(self) -> tuple[str, ...]:
        """In words: what was found, and how good it is."""
        mount = self.mount
        aims = " and ".join(f"{100 * se:.0f} cm at {at:g} m" for at, se in GOOD_AT_M.items())
        places = ", ".join(f"{at:g} m ± {100 * se:.0f} cm" for at, se in self.distance_se_m)
        return (
            f"height: {mount.height_m:.2f} ± {self.height_se_m:.2f} m",
            f"pitch: {mount.pitch_deg:+.1f} ± {self.pitch_se_deg:.1f} degrees (positive looks up)",
            f"roll: {mount.roll_deg:+.1f} ± {self.roll_se_deg:.1f} degrees",
            f"yaw: {mount.yaw_deg:+.1f} ± {self.yaw_se_deg:.1f} degrees (0 looks straight out, positive to the host's right)",
            f"lens: {self.lens.horizontal_view_deg:.1f} ± {self.horizontal_view_se_deg:.1f} degrees wide",
            f"what was seen is off by {self.residual_px:.1f} pixels from where this puts it",
            f"so feet on the floor are placed to {places}",
            "good enough"
            if self.good
            else f"not good enough: aim at {aims}. Add marks further apart, and stand with both feet on them.",
        )


def distance_errors(
    best: Pinhole, draws: list[Pinhole], frame_size: tuple[int, int], distances_m: tuple[float, ...]
) -> tuple[tuple[float, float], ...]:
    """What the errors of a fit do to places on the floor straight ahead of the camera.

    Args:
        best: The fit.
        draws: The same within its errors.
        frame_size: Width and height of the picture in px.
        distances_m: Over the floor, from the point below the camera.
    """
    found = []
    for distance_m in distances_m:
        ahead = best.ahead_m(distance_m)
        pixel = best.pixels(ahead[None], frame_size)[0]
        placed = [draw.floor_m(pixel, frame_size) for draw in draws]
        off = [math.dist(place, ahead[:2]) for place in placed if place is not None]
        lost = len(draws) - len(off)
        found.append(
            (distance_m, math.inf if lost > len(draws) / 10 else float(np.sqrt(np.mean(np.square(off)))))
        )
    return tuple(found)
