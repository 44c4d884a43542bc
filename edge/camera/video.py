"""Frames from a video file: anything FFmpeg decodes, animated GIFs too, at the times its container states."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np

from edge.camera.frame import Frame
from edge.camera.intact_frames import IntactFrames
from edge.camera.source import SourceError
from edge.camera.torn_files import (
    AMID_A_PICTURE,
    FIRST_BYTES,
    NO_INDEX,
    REST_SWALLOWS_NEXT,
    bytes_before,
    ends_with,
    ends_within_a_packet,
    lacks_index,
)

if TYPE_CHECKING:
    from edge.arrays import Pixels

GIF_END = b"\x3b"
"""The last byte of a whole GIF (GIF89a, trailer)."""

END_TOLERANCE_S = 0.5
"""A video that ends earlier than its container states by more is cut off. Less is rounding, and the last frame's duration, which not
every container states."""

NO_TIMESTAMPS = 0x0080
"""FFmpeg's mark of the formats that hold pictures one behind the other and nothing else (AVFMT_NOTIMESTAMPS)."""

PICTURES_ALONE = "_pipe"
"""FFmpeg's names of the formats of single pictures end so: one behind the other they state no times either, and FFmpeg takes 25 a second."""

JOINED_S = 1.0
"""Where times go back by more, another recording was joined on; by less, single frames were stamped out of order."""

REMEDY = "Copy the file again from where it came from; `ffmpeg -v error -i FILE -f null -` lists what is broken in it."
"""What to do about a file of which a part cannot be read."""


class VideoFile:
    """A video file as a camera.

    A damaged place gives no frames; the first whole frame behind it carries `Frame.damage`: the very first one too, where the recording
    begins amid a picture or before its first key frame. A time counts from the first picture that the file says it holds, so that segments
    of a long recording, whose times begin late, begin at 0 too.

    Args:
        path: The file.
        camera: The camera's name, put on every frame.
        offset_s: When the file begins on the rig's timeline.
        rate_hz: Frames a second of a raw stream, which states no times; else not used.

    Raises:
        SourceError: It is no video, cannot be read, or states no times and no rate is given.
    """

    live = False

    def __init__(self, path: Path, camera: str, offset_s: float = 0.0, rate_hz: float | None = None) -> None:
        self.path = path
        self.dropped = 0
        self._camera = camera
        self._offset_s = offset_s
        self._closed = False
        # FFmpeg must not free a container while another thread reads it.
        self._reading = Lock()
        if not path.is_file():
            raise SourceError(f"{path}: there is no such video file. Check the path.")
        try:
            self._container = av.open(str(path))
            self._cut_beginning = self._begin_at_a_picture()
        except (av.error.FFmpegError, OSError) as error:
            if lacks_index(path):
                raise SourceError(f"{path}: {NO_INDEX}") from error
            raise SourceError(
                f"{path}: is no video that can be read, or is cut off ({error.strerror}). {REMEDY}"
            ) from error
        if not self._container.streams.video:
            self._container.close()
            raise SourceError(f"{path}: holds no video. {REMEDY}")
        self._stream = self._container.streams.video[0]
        self._given_hz = self._rate_of_raw(rate_hz)
        self.frame_count = self._stream.frames
        """Frames that the container claims to hold; 0 when it does not say."""
        rate = self._stream.average_rate
        self.rate_hz = self._given_hz or (float(rate) if rate else None)
        """Mean frame rate, as given or as the container states it."""

    def __iter__(self) -> Iterator[Frame]:
        """The frames. Those whose time does not grow are left out and counted; where times go back, that is damage.

        Raises:
            SourceError: After the last good frame, when the file ends damaged or earlier than it should, or another recording begins.
        """
        intact = IntactFrames(self._container, self._stream, self._cut_beginning)
        shown = iter(intact)
        index, first_s, last_s, length_s = 0, None, -np.inf, 0.0
        back: str | None = None
        while (decoded := self._next(shown)) is not None:
            stated_s, rgb, damage, duration_s = decoded
            # A lost frame took its time too.
            stated_s = (index + intact.lost) / self._given_hz if self._given_hz else stated_s
            if stated_s is None:
                self.dropped += 1
                back = back or "frames have no time"
                continue
            if first_s is None:
                first_s = 0.0 if self._given_hz else _earlier_s(stated_s, intact.begins_s)
            t_s = stated_s - first_s
            if t_s < last_s - JOINED_S:
                raise SourceError(
                    f"{self.path}: times go back from {last_s:.2f} to {t_s:.2f} s after frame {index}: another recording begins there. "
                    "Cut the file in two."
                )
            if t_s <= last_s:
                self.dropped += 1
                back = back or (f"times go back from {last_s:.2f} to {t_s:.2f} s" if t_s < last_s else None)
                continue
            yield Frame(self._offset_s + t_s, self._camera, index, rgb, damage or back)
            index, last_s, length_s, back = index + 1, t_s, t_s + duration_s, None
        if not self._closed:
            self._check_end(index, last_s, length_s, intact.damage or back)

    def close(self) -> None:
        """Close the file; another thread may be reading it."""
        with self._reading:
            if not self._closed:
                self._closed = True
                self._container.close()

    def _begin_at_a_picture(self) -> str | None:
        """Pass over the rest of a picture with which the file begins, and say so."""
        kind = self._container.format.name
        if kind not in FIRST_BYTES:
            return None
        lost = bytes_before(FIRST_BYTES[kind], self.path)
        if lost and kind in REST_SWALLOWS_NEXT:
            self._container.close()
            self._container = av.open(f"subfile,,start,{lost},end,0,,:{self.path}")
        return AMID_A_PICTURE if lost else None

    def _rate_of_raw(self, rate_hz: float | None) -> float | None:
        kind = self._container.format
        if not kind.flags & NO_TIMESTAMPS and not kind.name.endswith(PICTURES_ALONE):
            return None
        if rate_hz is None:
            self._container.close()
            raise SourceError(
                f"{self.path}: is a raw stream ({kind.name}) and states no times. Say how many frames it shows a second: "
                "--rate 30 for `deskside replay`, rate_hz in desk.toml."
            )
        return rate_hz

    def _next(
        self, shown: "Iterator[tuple[av.VideoFrame, float | None, str | None]]"
    ) -> "tuple[float | None, Pixels, str | None, float] | None":
        """Time, picture, damage before it and duration of the next frame; None at the end, or when it was closed."""
        with self._reading:
            if self._closed:
                return None
            frame, t_s, damage = next(shown, (None, None, None))
            if frame is None:
                return None
            base = self._stream.time_base
            return t_s, upright_rgb(frame), damage, float(frame.duration * base) if base else 0.0

    def _check_end(self, frames: int, last_s: float, length_s: float, damage: str | None) -> None:
        where = f"after frame {frames} at {last_s:.2f} s" if frames else "before the first frame"
        stated_s = self._stated_length_s()
        if stated_s is not None and length_s < stated_s - END_TOLERANCE_S:
            cause = f"; {damage}" if damage else ""
            raise SourceError(
                f"{self.path}: cut off {where}: it should be {stated_s:.2f} s long{cause}. {REMEDY}"
            )
        if damage is not None or not frames:
            raise SourceError(f"{self.path}: damaged {where}: {damage or 'no frame can be read'}. {REMEDY}")
        if self._container.format.name == "mpegts" and ends_within_a_packet(self.path):
            raise SourceError(f"{self.path}: cut off {where}: the file ends amid a packet. {REMEDY}")
        if self._container.format.name == "gif" and not ends_with(self.path, GIF_END):
            raise SourceError(f"{self.path}: cut off {where}: the GIF has no end. {REMEDY}")

    def _stated_length_s(self) -> float | None:
        """How long the container says its video is; None where it does not, or where sound may be the longer part."""
        stream, base = self._stream, self._stream.time_base
        if stream.duration is not None and base is not None:
            return float(stream.duration * base)
        start_s = float((stream.start_time or 0) * (base or 0))
        if (tag := stream.metadata.get("DURATION")) is not None:
            hours, minutes, seconds = tag.split(":")
            return 3600 * int(hours) + 60 * int(minutes) + float(seconds) - start_s
        alone = len(self._container.streams) == 1
        return (
            self._container.duration / av.time_base - start_s if alone and self._container.duration else None
        )


def _earlier_s(stated_s: float, begins_s: float | None) -> float:
    return stated_s if begins_s is None else min(stated_s, begins_s)


def upright_rgb(frame: "av.VideoFrame") -> "Pixels":
    """A frame's picture [height, width, 3] in RGB, turned as its container asks (telephones film sideways)."""
    rgb = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(rgb, quarters)) if quarters else rgb
