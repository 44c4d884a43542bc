"""A customer who approaches at known distances: a real portrait, scaled as the lens would show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from edge.arrays import AnyArray, Float32Array, FloatArray, Pixels
from edge.camera.frame import Frame

PORTRAIT_EYES_PX = ((203.0, 101.0), (247.0, 101.0))
"""The pupils in the 512 px portrait of scikit-image (measured by eye, +-1 px)."""
EYE_DISTANCE_M = 0.063
"""Mean distance between the pupils of adults; facts: median 59.9 mm for women and men, 63 mm in common rigs."""
EYE_HEIGHT_M = 1.60
"""Above the floor, of somebody 1.71 m tall in shoes: eyes lie some 0.11 m below the crown."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """Where the customer is at one time."""

    t_s: float
    distance_m: float
    sideways_m: float = 0.0


class ApproachingCustomer:
    """A frame source that shows the portrait walking along waypoints, as a camera of known geometry would see it.

    Example:
        >>> walk = [Waypoint(1.0, 5.0), Waypoint(4.0, 1.2), Waypoint(9.0, 1.2), Waypoint(12.0, 5.0)]
        >>> grey = np.full((512, 512, 3), 128, np.uint8)
        >>> len(ApproachingCustomer("customers", grey, walk, duration_s=14.0))
        210
    """

    live = False
    dropped = 0

    def __init__(
        self,
        camera: str,
        portrait: Pixels,
        walk: list[Waypoint],
        duration_s: float,
        size: tuple[int, int] = (1280, 720),
        rate_hz: float = 15.0,
        horizontal_view_deg: float = 66.0,
        camera_height_m: float = 1.3,
    ) -> None:
        self._camera = camera
        self._portrait = portrait
        self._walk = walk
        self._count = int(duration_s * rate_hz)
        self._width, self._height = size
        self._rate_hz = rate_hz
        self._focal_px = self._width / 2 / np.tan(np.radians(horizontal_view_deg / 2))
        self._camera_height_m = camera_height_m
        self._room = _room(size)
        self._outline = _outline(portrait.shape[0], portrait.shape[1])

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Frame]:
        for index in range(self._count):
            t_s = index / self._rate_hz
            yield Frame(t_s, self._camera, index, self.picture(self._place(t_s)))

    def close(self) -> None:
        """Nothing is held open; sources of frames can all be closed."""

    def _place(self, t_s: float) -> Waypoint | None:
        if not self._walk[0].t_s <= t_s <= self._walk[-1].t_s:
            return None
        times = [point.t_s for point in self._walk]
        distance_m = np.interp(t_s, times, [point.distance_m for point in self._walk])
        sideways_m = np.interp(t_s, times, [point.sideways_m for point in self._walk])
        return Waypoint(t_s, float(distance_m), float(sideways_m))

    def picture(self, place: Waypoint | None) -> Pixels:
        """The room with the customer at a place, or empty; [height, width, 3] RGB."""
        picture = self._room.copy()
        if place is None:
            return picture
        (left_x, eye_y), (right_x, _) = PORTRAIT_EYES_PX
        scale = self._focal_px * EYE_DISTANCE_M / place.distance_m / (right_x - left_x)
        shift_x = (
            self._width / 2
            + self._focal_px * place.sideways_m / place.distance_m
            - scale * (left_x + right_x) / 2
        )
        rise_m = EYE_HEIGHT_M - self._camera_height_m
        shift_y = self._height / 2 - self._focal_px * rise_m / place.distance_m - scale * eye_y
        onto = np.array([[scale, 0.0, shift_x], [0.0, scale, shift_y]])
        size = (self._width, self._height)
        smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        person = cv2.warpAffine(
            _reduced(self._portrait, scale), _for_reduced(onto, scale), size, flags=smooth
        )
        alpha = cv2.warpAffine(_reduced(self._outline, scale), _for_reduced(onto, scale), size, flags=smooth)[
            ..., None
        ]
        mixed = picture * (1.0 - alpha) + person * alpha
        return np.asarray(mixed, np.uint8)


def read_portrait(path: Path) -> Pixels:
    """The portrait, [512, 512, 3] RGB."""
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


def _reduced(image: AnyArray, scale: float) -> AnyArray:
    """Halve an image until the remaining scale does not alias (warpAffine has no area filter)."""
    for _ in range(_halvings(scale)):
        image = np.asarray(cv2.pyrDown(image))
    return image


def _halvings(scale: float) -> int:
    return max(0, int(np.floor(-np.log2(scale)))) if scale < 1 else 0


def _for_reduced(onto: FloatArray, scale: float) -> FloatArray:
    """The same map, from the halved image."""
    factor = 2.0 ** _halvings(scale)
    return onto @ np.diag([factor, factor, 1.0])


def _outline(height: int, width: int) -> Float32Array:
    """Share of the portrait in the mixture: 1 on the person, 0 on the studio behind her."""
    outline = np.zeros((height, width), np.float32)
    cv2.ellipse(outline, (228, 100), (80, 92), 0, 0, 360, 1.0, -1)
    body = np.array(
        [(150, 160), (300, 160), (375, 330), (512, 360), (512, 512), (15, 512), (15, 330), (80, 230)]
    )
    cv2.fillPoly(outline, [body], (1.0,))
    return np.asarray(cv2.GaussianBlur(outline, (0, 0), 4), np.float32)


def _room(size: tuple[int, int]) -> Pixels:
    """A wall and a floor, as plain as a showroom after closing."""
    width, height = size
    shade = np.linspace(205, 175, height)[:, None, None]
    room = np.broadcast_to(shade * np.array([1.0, 0.985, 0.95]), (height, width, 3)).astype(np.uint8).copy()
    room[int(height * 0.72) :] = (139, 115, 92)
    return room
