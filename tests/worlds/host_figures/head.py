"""A head of known size, place and pose, seen by a camera: what every measurement of the host can be held against."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from edge.arrays import FloatArray
from edge.face.face_frame import _STABLE
from edge.settings.desk_toml import Camera
from edge.space.lens import focal_px
from edge.space.mount import position_m, to_desk
from edge.vision.sightings import MeshSighting

INNER_LIP = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
OUTER_LIP = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
NOSE_BASE = (0.0, -2.089, 6.058)
EYE = (3.151, 2.62, 3.47)
"""Middle between the corners of the left eye, in face units; the right one mirrors it."""
EYE_WIDTH = 2.59
"""From corner to corner, in face units."""
RIGHT_LIDS = ((159, 145), (158, 153), (160, 144))
LEFT_LIDS = ((386, 374), (385, 380), (387, 373))
CHIN = (0.0, -8.7, 4.264)
"""Where the model draws it on the mean of fourteen faces."""
IRIS_DRAWN_HIGH = 0.86
"""Height of an iris over its width as the model draws it between the lids."""
CORNER = (2.456, -4.343, 4.284)
IRIS_RADIUS_CM = 0.585
IRIS_DEPTH_CM = 0.98
IRIS_ABOVE_CORNERS_CM = 0.12
DRAWN_ASIDE, DRAWN_UP = 0.74, 0.67
"""Of a head's turn the model draws so much (twelve stills turned in place)."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head in the desk's frame."""

    place_m: tuple[float, float, float] = (0.0, -0.6, 1.25)
    """Between the eyes."""
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    eyes_right_deg: float = 0.0
    """How far the eyes are turned in the head, towards the person's right."""
    eyes_up_deg: float = 0.0
    lids_open_share: float = 0.27
    """Opening of the lids over the eye's width."""
    unit_cm: float = 0.95
    lift_left_cm: float = 0.0
    lift_right_cm: float = 0.0
    wider_cm: float = 0.0
    """How much wider the mouth is than at rest."""
    open_cm: float = 0.0

    def smiling(self, lift_cm: float) -> "Head":
        """The same head with its mouth's corners raised, and the mouth wider by as much as smiles make it."""
        return replace(self, lift_left_cm=lift_cm, lift_right_cm=lift_cm, wider_cm=2 * lift_cm)


def axes(head: Head) -> FloatArray:
    """[3, 3]: the head's left, up and outward axes as columns, in the desk's frame."""
    yaw, pitch, roll = np.radians([head.yaw_deg, head.pitch_deg, head.roll_deg])
    out = np.array([np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    right = np.array([np.cos(yaw), -np.sin(yaw), 0.0])
    up = np.cross(right, out)
    leaning_right = np.cos(roll) * right - np.sin(roll) * up
    leaning_up = np.cos(roll) * up + np.sin(roll) * right
    return np.column_stack([-leaning_right, leaning_up, out])


def gaze(head: Head) -> FloatArray:
    """[3] where the eyes look, in the desk's frame."""
    return axes(head) @ _in_head(head)


def mesh(head: Head, camera: Camera, frame_size: tuple[int, int]) -> MeshSighting:
    """What the model would see of the head if it erred in nothing but how far it turns it: depths along the line of sight, as of a face cut out of the picture; points that nothing here measures lie between the eyes.

    Args:
        head: The head.
        camera: Its lens and mount.
        frame_size: Width and height of the frame in px.
    """
    points = np.zeros((478, 3))
    points[:] = (0.0, EYE[1], 4.0)
    for index, row in _STABLE.items():
        points[index] = row[:3]
    points[2], points[152] = NOSE_BASE, CHIN
    _mouth(points, head)
    _eyes(points, head)
    place = (np.array(head.place_m) - position_m(camera.mount)) @ to_desk(camera.mount)
    turned = _drawn(to_desk(camera.mount).T @ axes(head), place)
    seen = (points - (0.0, EYE[1], EYE[2])) * head.unit_cm / 100 @ turned.T + place
    focal = focal_px(camera.lens, frame_size)
    eyes = seen[[33, 133, 362, 263]].mean(axis=0)
    picture = seen[:, :2] / seen[:, 2:] * focal + np.array(frame_size) / 2
    behind = (seen - eyes) @ eyes / np.linalg.norm(eyes)
    return MeshSighting(np.column_stack([picture, behind * focal / eyes[2]]).astype(np.float32), presence=1.0)


def _drawn(turned: FloatArray, place: FloatArray) -> FloatArray:
    """A head's axes [3, 3] as the model draws them: turned less from the line of sight than the head is.

    Args:
        turned: [3, 3] columns are the head's left, up and outward axes, in camera axes.
        place: [3] where the head is, in camera axes.
    """
    ahead = place / np.linalg.norm(place)
    right = np.cross((0.0, 1.0, 0.0), ahead)
    right /= np.linalg.norm(right)
    sight = np.column_stack([right, np.cross(ahead, right), ahead])
    x, y, z = sight.T @ turned[:, 2]
    yaw, pitch = np.arctan2(x, -z) * DRAWN_ASIDE, np.arctan2(-y, np.hypot(x, z)) * DRAWN_UP
    out = sight @ (np.sin(yaw) * np.cos(pitch), -np.sin(pitch), -np.cos(yaw) * np.cos(pitch))
    turn, _ = Rotation.align_vectors(out[None], turned[:, 2][None])
    return np.asarray(turn.as_matrix() @ turned)


def _mouth(points: FloatArray, head: Head) -> None:
    unit = head.unit_cm
    wide = CORNER[0] + head.wider_cm / 2 / unit
    left_up, right_up = CORNER[1] + head.lift_left_cm / unit, CORNER[1] + head.lift_right_cm / unit
    middle = (left_up + right_up) / 2
    for outline, upper, lower, width in (
        (INNER_LIP, middle, middle - head.open_cm / unit, 0.9 * wide),
        (OUTER_LIP, middle + 0.8, middle - 0.9 - head.open_cm / unit, wide),
    ):
        for step, index in enumerate(outline):
            along = np.cos(np.pi * (1 - step / 10))
            bulge = np.sqrt(max(1 - along**2, 0.0))
            corner = left_up if along > 0 else right_up
            level = corner + ((upper if step <= 10 else lower) - corner) * bulge
            points[index] = (along * width, level, CORNER[2] + bulge)


def _eyes(points: FloatArray, head: Head) -> None:
    look = _in_head(head)
    side = np.cross((0.0, 1.0, 0.0), look)
    side /= np.linalg.norm(side)
    above = np.cross(look, side)
    for side_sign, iris, lids in ((-1.0, 468, RIGHT_LIDS), (1.0, 473, LEFT_LIDS)):
        eye = np.array([side_sign * EYE[0], 2.6245, 3.4655])
        for upper, lower in lids:
            for index, sign in ((upper, 1.0), (lower, -1.0)):
                points[index] = eye
                points[index, 1:] += (sign * head.lids_open_share * EYE_WIDTH / 2, 0.6)
        rest = eye + np.array([0.0, IRIS_ABOVE_CORNERS_CM, 0.0]) / head.unit_cm
        centre = rest + (look - (0.0, 0.0, 1.0)) * IRIS_DEPTH_CM / head.unit_cm
        radius = IRIS_RADIUS_CM / head.unit_cm
        points[iris] = centre
        for offset, direction in enumerate((-side, above, side, -above)):
            high = IRIS_DRAWN_HIGH if offset % 2 else 1.0
            points[iris + 1 + offset] = centre + high * radius * direction


def _in_head(head: Head) -> FloatArray:
    right, up = np.radians([head.eyes_right_deg, head.eyes_up_deg])
    return np.array([-np.sin(right) * np.cos(up), np.sin(up), np.cos(right) * np.cos(up)])
