"""Bodies of known size at known places, as a camera of known geometry would sight them."""

from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.space.lens import pixels
from edge.space.mount import position_m, to_desk
from edge.vision.sightings import BodySighting, FaceSighting

SIZE = (1280, 720)
ON_THE_DESK = Camera(
    name="front",
    watches="customers",
    lens=Lens(horizontal_view_deg=66.0),
    mount=Mount(height_m=1.35, pitch_deg=-8.0),
)
"""A camera at the height of a monitor's top, a little bowed, so that feet are in view from 2.3 m on."""
AT_EYE_HEIGHT = Camera(name="front", watches="customers", mount=Mount(height_m=1.5))
UNKNOWN = Camera(name="front", watches="customers")
"""What desk.toml says of `AT_EYE_HEIGHT` where nobody has measured its height."""


# In metres of somebody 1.69 m tall: to their left, forward, up. COCO order.
_JOINTS = np.array(
    [
        (0.0, 0.113, 1.535),
        (0.0315, 0.08, 1.57),
        (-0.0315, 0.08, 1.57),
        (0.07, 0.0, 1.55),
        (-0.07, 0.0, 1.55),
        (0.1675, 0.0, 1.369),
        (-0.1675, 0.0, 1.369),
        (0.2, 0.0, 1.08),
        (-0.2, 0.0, 1.08),
        (0.2, 0.05, 0.84),
        (-0.2, 0.05, 0.84),
        (0.1, 0.0, 0.896),
        (-0.1, 0.0, 0.896),
        (0.1, 0.0, 0.48),
        (-0.1, 0.0, 0.48),
        (0.1, 0.0, 0.076),
        (-0.1, 0.0, 0.076),
    ]
)
_SITS_LOWER_M, _KNEES_AHEAD_M, _FEET_AHEAD_M = 0.40, 0.45, 0.45
"""How much lower the trunk of somebody is who sits, and how far before it are knees and feet."""
_KNEES = slice(13, 15)
_ANKLES = slice(15, 17)
_TOP_M = 1.69
_NECK_M = 1.45
_HEAD = np.array([0.0, 0.0, 1.55])
"""Middle of the head."""


@dataclass(frozen=True)
class Somebody:
    """A person who stands upright, or sits so."""

    x_m: float = 0.0
    y_m: float = 3.0
    stature_m: float = 1.69
    head_size: float = 1.0
    """Of the head, as a multiple of the mean one; it hardly goes with the stature."""
    turned_deg: float = 0.0
    """0 faces the desk; 180 has their back to it."""
    feet_up_m: float | None = None
    """Of somebody who sits, how high their feet are: 0 before a chair, 0.15 on the plates of a wheelchair. None for who stands."""

    @property
    def scale(self) -> float:
        return self.stature_m / _TOP_M

    def points_m(self, parts: FloatArray) -> FloatArray:
        """Rows of left, forward, up in the desk's frame."""
        angle = np.radians(self.turned_deg)
        forward = np.array([np.sin(angle), -np.cos(angle), 0.0])
        left = np.array([np.cos(angle), np.sin(angle), 0.0])
        place = np.array([self.x_m, self.y_m, 0.0])
        up = np.array([0.0, 0.0, 1.0])
        of_head = (parts[:, 2:] > _NECK_M) & (parts[:, 2:] < _TOP_M)
        sized = np.where(of_head, _HEAD * self.scale + (parts - _HEAD) * self.head_size, parts * self.scale)
        if self.feet_up_m is not None:
            sized = sized - np.array([0.0, 0.0, _SITS_LOWER_M * self.scale])
        own = sized[:, :1] * left + sized[:, 1:2] * forward + sized[:, 2:] * up
        return np.asarray(place + own, np.float64)


def _joints(who: Somebody) -> FloatArray:
    """The joints of somebody of mean stature who stands or sits as `who` does."""
    if who.feet_up_m is None:
        return _JOINTS
    sits = _JOINTS.copy()
    sits[_KNEES] = [
        (0.12, _KNEES_AHEAD_M, 0.52 + _SITS_LOWER_M),
        (-0.12, _KNEES_AHEAD_M, 0.52 + _SITS_LOWER_M),
    ]
    up_m = 0.076 + who.feet_up_m / who.scale + _SITS_LOWER_M
    sits[_ANKLES] = [(0.12, _FEET_AHEAD_M, up_m), (-0.12, _FEET_AHEAD_M, up_m)]
    return sits


def sight(
    who: Somebody,
    camera: Camera,
    size: tuple[int, int] = SIZE,
    jitter_px: float = 0.0,
    seed: int = 0,
    score: float = 0.5,
) -> BodySighting:
    """The body of `who`, with every keypoint that falls into the picture seen well and the others hardly."""
    points = project(who.points_m(_joints(who)), camera, size)
    points = points + np.random.default_rng(seed).normal(0.0, jitter_px, points.shape)
    width, height = size
    inside = (points >= 0).all(axis=1) & (points[:, 0] < width) & (points[:, 1] < height)
    scores = np.where(inside, 0.6, 0.05)
    soles = (
        (0.0, 0.0) if who.feet_up_m is None else (_FEET_AHEAD_M, who.feet_up_m / who.scale + _SITS_LOWER_M)
    )
    corners = np.array([(0.25, *soles), (-0.25, *soles), (0.0, 0.0, _TOP_M)])
    around = np.vstack([points, project(who.points_m(corners), camera, size)])
    left, top = np.clip(around.min(axis=0), 0, size)
    right, bottom = np.clip(around.max(axis=0), 0, size)
    box = (float(left), float(top), float(right), float(bottom))
    return BodySighting(box, score, np.column_stack([points, scores]).astype(np.float32))


def face_of(
    who: Somebody, camera: Camera, size: tuple[int, int] = SIZE, jitter_px: float = 0.0, seed: int = 0
) -> FaceSighting:
    """The face of `who` as a detector finds it."""
    mouth = np.array([[0.0, 0.095, 1.505]])
    nose, left_eye, right_eye, left_ear, right_ear = _JOINTS[:5]
    parts = np.vstack([right_eye, left_eye, nose, mouth, right_ear, left_ear])
    points = project(who.points_m(parts), camera, size)
    points = points + np.random.default_rng(seed).normal(0.0, jitter_px, points.shape)
    middle, half = points.mean(axis=0), 0.09 * np.hypot(*(points[0] - points[1])) / 0.063
    box = (*(middle - half).tolist(), *(middle + half).tolist())
    return FaceSighting(box, 0.9, points.astype(np.float32))


def project(points_m: FloatArray, camera: Camera, size: tuple[int, int]) -> FloatArray:
    """Pixels of points in the desk's frame."""
    seen = (points_m - position_m(camera.mount)) @ to_desk(camera.mount)
    return pixels(camera.lens, size, seen[:, :2] / seen[:, 2:])
