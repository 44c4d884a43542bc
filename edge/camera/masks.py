"""Paints privacy masks over frames, before anything else sees them."""

from collections.abc import Sequence

import cv2
import numpy as np

from edge.arrays import IntArray, Pixels
from edge.camera.frame import Frame
from edge.camera.source import EditedSource, FrameSource
from edge.settings.desk_toml import Polygon

BLACK = (0, 0, 0)
"""RGB of a masked part: the networks find nothing in it."""


class PrivacyMasks:
    """Parts of the picture that nobody shall see, not even the models."""

    def __init__(self, polygons: Sequence[Polygon]) -> None:
        self._polygons = polygons
        self._corners: dict[tuple[int, int], list[IntArray]] = {}

    def paint(self, rgb: Pixels) -> None:
        """Blacken the masked parts of a picture, in place."""
        height, width = rgb.shape[:2]
        if (width, height) not in self._corners:
            size = np.array([width, height])
            self._corners[width, height] = [
                np.rint(np.array(each) * size).astype(np.int32) for each in self._polygons
            ]
        # One by one: drawn together, OpenCV would leave free where two of them overlap.
        for corners in self._corners[width, height]:
            cv2.fillPoly(rgb, [corners], BLACK)


class MaskedSource(EditedSource):
    """A source all of whose frames have their masks on."""

    def __init__(self, source: FrameSource, polygons: Sequence[Polygon]) -> None:
        self._masks = PrivacyMasks(polygons)
        super().__init__(source, self._masked)

    def _masked(self, frame: Frame) -> Frame:
        self._masks.paint(frame.rgb)
        return frame
