"""Stands pictures upright that come upside down or mirrored, where the camera cannot do it itself."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.source import FrameSource


class FlippedSource:
    """A source all of whose frames are mirrored back.

    Args:
        source: The camera.
        flips: Whether to mirror left to right, and top to bottom; both are a half turn.
    """

    def __init__(self, source: FrameSource, flips: tuple[bool, bool]) -> None:
        self._source = source
        self._flips = flips

    @property
    def live(self) -> bool:
        """Whether the source is."""
        return self._source.live

    @property
    def dropped(self) -> int:
        """Frames that came but were not delivered, so far."""
        return self._source.dropped

    def __iter__(self) -> Iterator[Frame]:
        """The frames.

        Raises:
            SourceError: No more good frames will come.
        """
        for frame in self._source:
            yield replace(frame, rgb=flipped(frame.rgb, self._flips))

    def close(self) -> None:
        """Close the source."""
        self._source.close()


def flipped(rgb: Pixels, flips: tuple[bool, bool]) -> Pixels:
    """A picture [height, width, 3], mirrored; contiguous."""
    across, down = (slice(None, None, -1 if flip else 1) for flip in flips)
    return np.ascontiguousarray(rgb[down, across])
