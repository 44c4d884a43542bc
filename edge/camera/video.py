"""Frames from a video file: anything FFmpeg decodes, animated GIFs too, at the times its container states."""

import os
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

if TYPE_CHECKING:
    from edge.arrays import Pixels

GIF_END = b"\x3b"
"""The last byte of a whole GIF (GIF89a, trailer)."""

LONGEST_TAIL_BYTES = 16 * 2**20
"""Zero bytes that may follow a GIF: what a recorder set aside on its card and did not fill."""

END_TOLERANCE_S = 0.5
"""A video that ends earlier than its container states by more is cut off. Less is rounding, and the last frame's duration, which not
every container states."""

NO_TIMESTAMPS = 0x0080
"""FFmpeg's mark of the formats that hold pictures one behind the other and nothing else (AVFMT_NOTIMESTAMPS)."""

PICTURES_ALONE = "_pipe"
"""FFmpeg's names of the formats of single pictures end so: one behind the other they state no times either, and FFmpeg takes 25 a second."""

TS_PACKET_BYTES = 188
"""MPEG transport streams are made of packets of this size (ISO/IEC 13818-1); one that ends within a packet was cut off."""

TS_ENDING_ZEROS = 16
"""More zero bytes at the end of a packet are no picture's: they were set aside on a card and not filled."""

JOINED_S = 1.0
"""Where times go back by more, another recording was joined on; by less, single frames were stamped out of order."""

REMEDY = "Copy the file again from where it came from; `ffmpeg -v error -i FILE -f null -` lists what is broken in it."
"""What to do about a file of which a part cannot be read."""


class VideoFile:
    """A video file as a camera.

    A damaged place gives no frames; the first whole frame behind it carries `Frame.damage`. A time counts from the first frame shown, so
    that segments of a long recording, whose times begin late, begin at 0 too.

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
        except (av.error.FFmpegError, OSError) as error:
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
        intact = IntactFrames(self._container, self._stream)
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
            first_s = stated_s if first_s is None else first_s
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
        if self._container.format.name == "mpegts" and _ends_within_a_packet(self.path):
            raise SourceError(f"{self.path}: cut off {where}: the file ends amid a packet. {REMEDY}")
        if self._container.format.name == "gif" and not _ends_with(self.path, GIF_END):
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


def upright_rgb(frame: "av.VideoFrame") -> "Pixels":
    """A frame's picture [height, width, 3] in RGB, turned as its container asks (telephones film sideways)."""
    rgb = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(rgb, quarters)) if quarters else rgb


def _ends_with(path: Path, end: bytes) -> bool:
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(-min(file.tell(), LONGEST_TAIL_BYTES), os.SEEK_END)
        return file.read().rstrip(b"\0").endswith(end)


def _ends_within_a_packet(path: Path) -> bool:
    """Whether the last packet of a transport stream is not all there."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(-min(size, LONGEST_TAIL_BYTES), os.SEEK_END)
        zeros = len(tail := file.read()) - len(tail.rstrip(b"\0"))
    missing = -(size - zeros) % TS_PACKET_BYTES
    return missing > (TS_ENDING_ZEROS if zeros >= missing else 0)
