"""Whether a point of the picture lies in a zone of it."""

import cv2
import numpy as np

from edge.settings.desk_toml import Polygon


def inside(zone: Polygon, point: tuple[float, float]) -> bool:
    """Whether a point, in picture shares, is in a polygon or on its edge; points outside the picture count as on its border."""
    x, y = (min(1.0, max(0.0, share)) for share in point)
    return bool(cv2.pointPolygonTest(np.array(zone, np.float32), (x, y), measureDist=False) >= 0)
