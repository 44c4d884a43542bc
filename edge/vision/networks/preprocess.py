"""Brings pixels into a network's input: resized and turned as bytes by OpenCV, made into numbers once, in a buffer that is kept."""

import cv2
import numpy as np

from edge.arrays import Float32Array, IntArray, Pixels
from edge.vision.networks.crops import Letterbox, Square

# Networks run on one core each; OpenCV's own threads would only fight them for it.
cv2.setNumThreads(1)


class ByteCanvas:
    """An input of whole numbers 0..255, as MoveNet takes it; the picture stands at its top left."""

    def __init__(self, width: int, height: int) -> None:
        self.tensor = np.zeros((1, height, width, 3), np.int32)
        self._bytes = np.zeros((height, width, 3), np.uint8)

    def place(self, rgb: Pixels, box: Letterbox) -> IntArray:
        """Fill the input with a picture; what the picture does not reach stays black.

        Returns:
            [1, height, width, 3], valid until the next call.
        """
        part = self._bytes[box.top : box.top + box.height, box.left : box.left + box.width]
        _shrink(rgb, part)
        np.copyto(self.tensor[0], self._bytes)
        return self.tensor


class FloatCanvas:
    """A square input of fractions, 0..1 or -1..1."""

    def __init__(self, side: int, *, low: float, high: float) -> None:
        self.tensor = np.zeros((1, side, side, 3), np.float32)
        self.side = side
        self._bytes = np.zeros((side, side, 3), np.uint8)
        self._step = np.float32((high - low) / 255)
        self._low = np.float32(low)

    def place(self, rgb: Pixels, box: Letterbox) -> Float32Array:
        """Fill the input with a whole picture in its letterbox.

        Returns:
            [1, side, side, 3], valid until the next call.
        """
        self._bytes.fill(0)
        _shrink(rgb, self._bytes[box.top : box.top + box.height, box.left : box.left + box.width])
        return self._numbers()

    def cut(self, rgb: Pixels, square: Square, border: int = cv2.BORDER_REPLICATE) -> Float32Array:
        """Fill the input with a turned square of a picture.

        Args:
            rgb: The picture.
            square: Which part of it; may reach outside.
            border: OpenCV's rule for what lies outside: BORDER_REPLICATE repeats the edge, BORDER_CONSTANT is black.

        Returns:
            [1, side, side, 3], valid until the next call.
        """
        cv2.warpAffine(
            rgb,
            square.affine(self.side),
            (self.side, self.side),
            dst=self._bytes,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=border,
        )
        return self._numbers()

    def _numbers(self) -> Float32Array:
        np.multiply(self._bytes, self._step, out=self.tensor[0])
        if self._low:
            np.add(self.tensor, self._low, out=self.tensor)
        return self.tensor


def _shrink(rgb: Pixels, into: Pixels) -> None:
    """Resize without aliasing: halve (averaging, and fast) as often as it goes, then interpolate.

    OpenCV's INTER_AREA at a factor that is no whole number costs 5 ms from 720p to 384 columns; this 0.7 ms.
    """
    height, width = into.shape[:2]
    while rgb.shape[1] >= 2 * width and rgb.shape[0] >= 2 * height:
        half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
        rgb = cv2.resize(rgb, half, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    cv2.resize(rgb, (width, height), dst=into, interpolation=cv2.INTER_LINEAR)
