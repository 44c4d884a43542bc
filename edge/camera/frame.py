"""A frame: one picture of one camera, with the time its light arrived."""

from dataclasses import dataclass

from edge.arrays import Pixels


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture."""

    t_s: float
    """Monotonic seconds at which the light arrived (sensor timestamp), or seconds on the replay's timeline."""
    camera: str
    index: int
    rgb: Pixels
    """[height, width, 3], RGB."""
    damage: str | None = None
    """What of the footage could not be read between the frame before and this one, in words; None when all could."""
    colour_gains: tuple[float, float] | None = None
    """Gains of red and blue with which the camera balanced the picture's white; None where it does not say."""
