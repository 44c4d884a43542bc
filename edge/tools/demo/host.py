"""The host's clip stretched over the demo: its first picture held until it begins, its last one after."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from edge.camera.frame import Frame
from edge.camera.video import VideoFile


class HeldClip:
    """A frame source that plays a short clip once, and stands still before and after.

    Args:
        path: The clip.
        camera: The camera's name, put on every frame.
        begins_s: When the clip begins to play.
        duration_s: How long the source delivers.
        rate_hz: Frames per second.
    """

    live = False
    dropped = 0

    def __init__(
        self, path: Path, camera: str, begins_s: float, duration_s: float, rate_hz: float = 15.0
    ) -> None:
        video = VideoFile(path, camera)
        self._frames = list(video)
        video.close()
        self._begins_s = begins_s
        self._rate_hz = rate_hz
        self._count = int(duration_s * rate_hz)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Frame]:
        for index in range(self._count):
            t_s = index / self._rate_hz
            yield replace(self._shown(t_s - self._begins_s), t_s=t_s, index=index)

    def close(self) -> None:
        """Nothing is held open."""

    def _shown(self, clip_s: float) -> Frame:
        """The clip's newest frame at a time of its own timeline."""
        begun = [frame for frame in self._frames if frame.t_s <= max(clip_s, 0.0)]
        return begun[-1] if begun else self._frames[0]
