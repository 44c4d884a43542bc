"""The Raspberry Pi's camera modules: what each sees, by the name of its sensor."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

_STEPS = 20
"""Steps that take distortion out of a ray; each leaves a tenth of the error of the one before, with the strongest distortion below."""


@dataclass(frozen=True, slots=True)
class CameraModule:
    """One kind of camera module."""

    title: str
    """As it is sold."""
    horizontal_view_deg: float | None
    """Angle of view across; None where the lens is bought apart."""
    full_view_size: tuple[int, int] | None
    """Width and height of the smallest of the sensor's modes that shows all of its width. Asked for a small picture, picamera2 chooses the
    mode next to it in size, which on most sensors shows only the middle half to two thirds."""
    k1: float = 0.0
    """Radial distortion, second order, in OpenCV's model."""

    def view_deg(self, picture: tuple[int, int]) -> float | None:
        """The angle of view along the longer side of a picture of this width and height; None where the lens is bought apart.

        The camera cuts a picture of another shape than its sensor's out of the middle: one of 4:3 from a sensor of 16:9 is as high as the
        sensor, and less wide.
        """
        if self.horizontal_view_deg is None or self.full_view_size is None:
            return self.horizontal_view_deg
        sensor_width, sensor_height = self.full_view_size
        width, height = picture
        scale = min(sensor_width / width, sensor_height / height)
        share = scale * max(picture) / sensor_width
        edge = math.tan(math.radians(self.horizontal_view_deg) / 2)
        cut = share * edge * (1.0 + self.k1 * edge**2)
        ray = cut
        for _ in range(_STEPS):
            ray = cut / (1.0 + self.k1 * ray**2)
        return 2.0 * math.degrees(math.atan(ray))


MODULES: Mapping[str, CameraModule] = {
    "ov5647": CameraModule("Camera Module 1", 53.5, (1296, 972)),
    "imx219": CameraModule("Camera Module 2", 62.2, (1640, 1232)),
    "imx219_noir": CameraModule("Camera Module 2 NoIR", 62.2, (1640, 1232)),
    "imx708": CameraModule("Camera Module 3", 66.0, (2304, 1296)),
    "imx708_noir": CameraModule("Camera Module 3 NoIR", 66.0, (2304, 1296)),
    # Its focal length of 2.75 mm and 4608 pixels of 1.4 um would be 99 degrees without distortion; at the edge's tangent of 1.235 the
    # difference to 102 degrees is this k1.
    "imx708_wide": CameraModule("Camera Module 3 Wide", 102.0, (2304, 1296), -0.033),
    "imx708_wide_noir": CameraModule("Camera Module 3 Wide NoIR", 102.0, (2304, 1296), -0.033),
    "imx477": CameraModule("High Quality Camera", None, (2028, 1080)),
    "imx296": CameraModule("Global Shutter Camera", None, None),
}
"""By the name that libcamera gives the camera. Angles, focal lengths and pixels: Raspberry Pi's documentation, "Camera hardware"; modes: its
table of modes there, and picamera2's choice: `Picamera2._make_libcamera_config`."""

VIEW_TOLERANCE = 0.08
"""Share by which a measured angle of view may differ from the module's: lenses differ by some percent, and so do calibrations."""


def may_see(own_deg: float, horizontal_view_deg: float) -> bool:
    """Whether a module whose angle of view is `own_deg` can have been measured to see `horizontal_view_deg`."""
    return abs(horizontal_view_deg / own_deg - 1.0) <= VIEW_TOLERANCE
