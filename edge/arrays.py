"""The NumPy arrays of the desk by what they hold: one name for each element type."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""8-bit samples of light: a picture [height, width, 3] in RGB unless stated otherwise, a part of one, or a camera's raw buffer."""
Mask = NDArray[np.bool_]
"""Which elements of another array are meant; of the same leading shape."""
FloatArray = NDArray[np.float64]
"""Metres, degrees, seconds: what geometry and statistics compute with."""
Float32Array = NDArray[np.float32]
"""What the networks take and give."""
IntArray = NDArray[np.int32]
"""Whole numbers as OpenCV and MoveNet take them."""
IndexArray = NDArray[np.intp]
"""Places in another array."""
AnyFloatArray = NDArray[np.floating]
"""Numbers of either width."""
AnyArray = NDArray[Any]
"""Elements of any type."""
