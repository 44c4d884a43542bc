"""What a camera sees, shown to whoever calibrates it: the floor's metres drawn on the picture, and the picture as text.

Nothing here stores a picture: it is drawn in memory, shown, and gone.
"""

import cv2
import numpy as np

from edge.arrays import Pixels
from edge.tools.calibrate.pinhole import Pinhole

LINES_M = (1.0, 2.0, 3.0, 4.0, 5.0)
"""Lines across the floor, so far ahead of the desk."""
_ASIDE_M = 1.5
"""Half the length of a line: about as far aside as people stand before a desk."""
_STEPS = 13
"""Points of a line, a quarter of a metre apart: a lens' bend shows no corners."""
_COLOUR, _EDGE = (255, 200, 0), (0, 0, 0)
"""Red, green and blue of the lines and of their border, which shows on any floor."""
_UPPER_HALF = "▀"


def with_floor_grid(rgb: Pixels, camera: Pinhole) -> Pixels:
    """The picture with lines on the floor at whole metres from the desk: they should lie on the marks.

    Args:
        rgb: [height, width, 3]; not changed.
        camera: As calibrated.
    """
    drawn = np.ascontiguousarray(rgb.copy())
    size = (rgb.shape[1], rgb.shape[0])
    across = np.linspace(-_ASIDE_M, _ASIDE_M, _STEPS)
    for ahead_m in LINES_M:
        line = camera.pixels(np.column_stack([across, np.full(_STEPS, ahead_m), np.zeros(_STEPS)]), size)
        if np.abs(line).max() > 10 * max(size):
            continue
        points = [np.round(line).astype(np.int32)]
        for colour, width in ((_EDGE, 4), (_COLOUR, 2)):
            cv2.polylines(drawn, points, isClosed=False, color=colour, thickness=width, lineType=cv2.LINE_AA)
        x, y = (int(value) for value in points[0][_STEPS // 2])
        for colour, width in ((_EDGE, 4), (_COLOUR, 2)):
            cv2.putText(drawn, f"{ahead_m:g} m", (x + 6, y - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, width)
    return np.asarray(drawn, np.uint8)


def in_terminal(rgb: Pixels, columns: int) -> str:
    """The picture as text for a terminal with 24-bit colour: each character two pixels, one above the other.

    Args:
        rgb: [height, width, 3].
        columns: How wide the terminal is, in characters.
    """
    rows = max(2 * round(columns * rgb.shape[0] / rgb.shape[1] / 2), 2)
    small = cv2.resize(rgb, (columns, rows), interpolation=cv2.INTER_AREA)
    lines = []
    for upper, lower in zip(small[::2].tolist(), small[1::2].tolist(), strict=True):
        cells = [
            f"\x1b[38;2;{a[0]};{a[1]};{a[2]}m\x1b[48;2;{b[0]};{b[1]};{b[2]}m{_UPPER_HALF}"
            for a, b in zip(upper, lower, strict=True)
        ]
        lines.append("".join(cells) + "\x1b[0m")
    return "\n".join(lines)
