"""Stands pictures upright that come upside down or mirrored, where the camera cannot do it itself."""

from dataclasses import replace

import numpy as np

from edge.arrays import Pixels
from edge.camera.source import EditedSource, FrameSource


class FlippedSource(EditedSource):
    """A source all of whose frames are mirrored back.

    Args:
        source: The camera.
        flips: Whether to mirror left to right, and top to bottom; both are a half turn.
    """

    def __init__(self, source: FrameSource, flips: tuple[bool, bool]) -> None:
        super().__init__(source, lambda frame: replace(frame, rgb=flipped(frame.rgb, flips)))


def flipped(rgb: Pixels, flips: tuple[bool, bool]) -> Pixels:
    """A picture [height, width, 3], mirrored; contiguous."""
    across, down = (slice(None, None, -1 if flip else 1) for flip in flips)
    return np.ascontiguousarray(rgb[down, across])
