"""A camera as calibration varies it: where it stands, where it looks, how wide it sees."""

from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.settings.desk_toml import Lens, Mount
from edge.space.lens import pixels, rays
from edge.space.mount import level_axes, position_m, to_desk


@dataclass(frozen=True, slots=True)
class Pinhole:
    """A lens on a mount."""

    lens: Lens
    mount: Mount

    def pixels(self, points_m: FloatArray, frame_size: tuple[int, int]) -> FloatArray:
        """Where points [n, 3] in the desk's frame fall in the picture: [n, 2] px.

        A point behind the camera falls far outside.
        """
        seen = (points_m - position_m(self.mount)) @ to_desk(self.mount)
        depth = np.maximum(seen[:, 2:], 1e-3)
        return pixels(self.lens, frame_size, seen[:, :2] / depth)

    def floor_m(self, pixel: FloatArray, frame_size: tuple[int, int]) -> tuple[float, float] | None:
        """The place on the floor that a pixel shows; None when it looks at no floor."""
        direction = to_desk(self.mount) @ np.append(rays(self.lens, frame_size, pixel), 1.0)
        if self.mount.height_m is None or direction[2] >= -1e-6:
            return None
        place = position_m(self.mount) - direction * self.mount.height_m / direction[2]
        return float(place[0]), float(place[1])

    def ahead_m(self, distance_m: float) -> FloatArray:
        """[3] the place on the floor so far ahead of the point below the camera, along its yaw."""
        yaw = np.radians(self.mount.yaw_deg)
        foot = position_m(self.mount) * (1.0, 1.0, 0.0)
        return np.asarray(foot + distance_m * np.array([np.sin(yaw), np.cos(yaw), 0.0]), np.float64)


def angles_deg(axes: FloatArray) -> tuple[float, float, float]:
    """Yaw, pitch and roll of a mount whose camera axes (right, down, forward) are the columns of `axes` in the desk's frame."""
    right, forward = axes[:, 0], axes[:, 2]
    yaw = float(np.degrees(np.arctan2(forward[0], forward[1])))
    pitch = float(np.degrees(np.arcsin(np.clip(forward[2], -1.0, 1.0))))
    level_right, up = level_axes(yaw, pitch)
    return yaw, pitch, float(np.degrees(np.arctan2(-right @ up, right @ level_right)))
