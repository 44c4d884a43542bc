"""What is said of a camera whose picture is stretched, and its mend."""

from edge.observation import Estimate, FrameSeen

MEND = "give it a width and height of its own shape (4:3 or 16:9), or mend its menu; where a coin is round in it, set true_shape = true"
"""What to do about a camera whose picture is stretched."""


def how_it_looks(stretch: Estimate) -> str:
    """What is wrong with a picture that shows things so many times too wide."""
    return f"it is stretched: {stretch.value:.2f} ± {stretch.se:.2f} times too wide"


class StretchedPictures:
    """Which cameras' pictures are stretched, as of their latest faces."""

    def __init__(self) -> None:
        self._told: dict[str, Estimate] = {}

    def observe(self, frame: FrameSeen) -> None:
        """Take a frame into account; one without a face changes nothing."""
        if frame.host is None or frame.host.px_per_cm is None:
            return
        if frame.host.picture_stretch is None:
            self._told.pop(frame.camera, None)
        else:
            self._told[frame.camera] = frame.host.picture_stretch

    @property
    def notes(self) -> tuple[str, ...]:
        """What is wrong with each, and what to do about it."""
        return tuple(f"camera {name}: {how_it_looks(told)}; {MEND}" for name, told in self._told.items())
