"""A printed board that lies anywhere, as a camera of known geometry would picture it."""

import cv2
import numpy as np

from edge.arrays import FloatArray, Pixels
from edge.space.lens import rays
from edge.space.mount import position_m, to_desk
from edge.tools.calibrate import board
from edge.tools.calibrate.pinhole import Pinhole

FRAME = (960, 540)
SQUARE_M = 0.1
"""Printed large, so that a camera above a desk can read it on the floor."""
PX_PER_SQUARE = 80


def pictured(camera: Pinhole, middle_m: FloatArray, right: FloatArray, down: FloatArray) -> Pixels:
    """What a camera sees of a board that lies anywhere: each pixel's ray is followed to it."""
    print_ = board.printed(PX_PER_SQUARE)
    width, height = FRAME
    pixels = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2)
    flat = np.column_stack([rays(camera.lens, FRAME, pixels + 0.0), np.ones(len(pixels))])
    directions = flat @ to_desk(camera.mount).T
    normal = np.cross(right, down)
    to_board = middle_m - position_m(camera.mount)
    reach = (to_board @ normal) / (directions @ normal)
    hits = directions * reach[:, None] - to_board
    scale = PX_PER_SQUARE / SQUARE_M
    x = hits @ right * scale + print_.shape[1] / 2 - 0.5
    y = hits @ down * scale + print_.shape[0] / 2 - 0.5
    x[reach <= 0] = y[reach <= 0] = -1e4
    grey = cv2.remap(
        print_,
        x.reshape(height, width).astype(np.float32),
        y.reshape(height, width).astype(np.float32),
        cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(170,),
    )
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(grey, (3, 3), 0), cv2.COLOR_GRAY2RGB), np.uint8)
