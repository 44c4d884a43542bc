"""Pictures as a worse camera, a worse light or a turned head would have given them."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial.transform import Rotation

from edge.arrays import Float32Array, Pixels

Degrade = Callable[[Pixels], Pixels]

_SRGB_GAMMA = 2.2


def half_resolution(rgb: Pixels) -> Pixels:
    """Half as many pixels each way, by area."""
    return np.asarray(cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg_40(rgb: Pixels) -> Pixels:
    """Compressed with JPEG quality 40."""
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 40])
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def stop_more(rgb: Pixels) -> Pixels:
    """Exposed one stop longer: highlights are lost."""
    return _exposed(rgb, 2.0)


def stop_less(rgb: Pixels) -> Pixels:
    """Exposed one stop shorter."""
    return _exposed(rgb, 0.5)


def dimmed(share: float) -> Degrade:
    """A picture whose levels are that share of what they were: exposed shorter, and nothing done about it."""
    return lambda rgb: np.asarray(cv2.convertScaleAbs(rgb, alpha=share), np.uint8)


def paled(share: float) -> Degrade:
    """A picture with that share of its colours; 0 is grey."""

    def pale(rgb: Pixels) -> Pixels:
        grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        return np.asarray(cv2.addWeighted(rgb, share, grey, 1 - share, 0.0), np.uint8)

    return pale


def as_it_is(rgb: Pixels) -> Pixels:
    """The picture itself."""
    return rgb


LIGHTS: Mapping[str, Degrade] = {
    "as it is": as_it_is,
    "half as bright": dimmed(0.5),
    "a quarter as bright": dimmed(0.25),
    "an eighth as bright": dimmed(0.12),
    "a quarter of its colours": paled(0.25),
    "grey": paled(0.0),
    "JPEG 40": jpeg_40,
}
"""Light and camera settings in which the colours of teeth and lips are ever harder to tell apart."""

PICTURES: Mapping[str, Degrade] = {
    "half resolution": half_resolution,
    "JPEG 40": jpeg_40,
    "1 stop more": stop_more,
    "1 stop less": stop_less,
}
"""What can happen to a picture without moving anybody."""


def turned(rgb: Pixels, mesh: Float32Array, right_deg: float, up_deg: float) -> Pixels:
    """The picture with its face turned in place, by drawing the skin between the mesh's points anew.

    Args:
        rgb: [height, width, 3].
        mesh: [478, 3] px, the face in it.
        right_deg: How far to turn the face to the person's right (the picture's left).
        up_deg: How far to turn it up.
    """
    height, width = rgb.shape[:2]
    skin = mesh[:468].astype(np.float64)
    centre = skin.mean(axis=0)
    # Camera axes are right, down, away: to the picture's left is about -y of "down", up is about x of "right".
    turn = Rotation.from_euler("yx", [right_deg, -up_deg], degrees=True).as_matrix()
    moved = (skin - centre) @ turn.T + centre
    reach = 0.75 * float(np.ptp(skin[:, :2], axis=0).max())
    around = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = centre[:2] + reach * 1.25 * np.column_stack([np.cos(around), np.sin(around)])
    corners = np.array([[-1.0, -1.0], [width, -1.0], [-1.0, height], [width, height]])
    to = np.vstack([moved[:, :2], ring, corners])
    source = np.vstack([skin[:, :2], ring, corners])
    low = np.clip(np.floor(ring.min(axis=0)), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(ring.max(axis=0)), 0, (width, height)).astype(int)
    grid = np.stack(np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1])), axis=-1)
    drawn = LinearNDInterpolator(to, source)(grid)
    drawn = np.where(np.isnan(drawn), grid, drawn).astype(np.float32)
    picture = rgb.copy()
    picture[low[1] : high[1], low[0] : high[0]] = cv2.remap(
        rgb, drawn[..., 0], drawn[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return picture


def _exposed(rgb: Pixels, gain: float) -> Pixels:
    levels = 255 * np.clip(gain * (np.arange(256) / 255) ** _SRGB_GAMMA, 0, 1) ** (1 / _SRGB_GAMMA)
    return np.asarray(cv2.LUT(rgb, np.round(levels).astype(np.uint8)), np.uint8)
