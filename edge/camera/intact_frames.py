"""Decodes a container's video into the frames that are whole, and keeps account of what is damaged between them."""

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import av.error

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MOST_READ_ERRORS = 100
"""Errors of reading in a row after which nothing more is read: FFmpeg reports one for each 64 KiB of zero bytes that follow some
recordings, and none of its readers needs more to find the next whole part."""

RECOVERED_AFTER_S = 10.0
"""After damage a decoder shows pictures made from lost ones until the next key frame. Streams that refresh part by part have none: they
count as whole again after this time, which is longer than their refresh (some seconds at most) and than cameras' usual key frame interval."""

WHOLE_PICTURES = frozenset({"gif"})
"""Codecs that may mark only their first picture as a key frame although the ones after damage are shown as they are."""

NUMBERED_BY_DECODING = frozenset({"avi"})
"""Containers that number packets in the order of decoding and state no order of showing: the smallest number that waits is the next
picture's."""

PICTURE_BY_PICTURE = frozenset({"mjpeg"})
"""Codecs whose decoder fills what is damaged of a picture with grey and reports nothing, unless it is told to be strict."""

STRICT = {"err_detect": "explode+crccheck+bitstream+buffer"}
"""FFmpeg then refuses a JPEG with any damage."""

HOLDS_BACK = frozenset({"h264"})
"""Codecs whose decoder gives nothing before it has a whole picture, and knows one better than its container does. Others begin with pictures
made from ones they never had: they are given nothing before the first key frame."""

CUT_BEGINNING = "the pictures before the first key frame are made from ones that were cut off"
"""The damage of a recording that begins amid a group of pictures."""

Shown = tuple["VideoFrame", float | None, str | None]
"""A frame, its time in the container's seconds (None where it states none), and what was damaged since the frame before."""


class IntactFrames:
    """The whole frames of one video stream, in the order in which they are shown.

    Args:
        container: Opened for reading.
        stream: One of its streams.
        damage: What is known to be damaged before its first picture; None: nothing.
    """

    def __init__(self, container: "InputContainer", stream: "VideoStream", damage: str | None = None) -> None:
        self.damage: str | None = damage
        """What is damaged since the last frame that came; after the last one, what is damaged at the end."""
        self.lost = 1 if damage else 0
        """Frames so far that did not come, as far as the decoder shows that there were any: those that cannot be decoded, and those made from
        lost ones."""
        self.begins_s: float | None = None
        """When the first picture would be shown of those that the file holds or held, as far as it says; None until the first frame came."""
        self._unshown: list[int] | None = []
        # The times of what came before the first frame; None once it did.
        self._keyed = False
        self._untimed = 0
        self._container = container
        self._stream = stream
        self._waits_for_key = False
        self._damaged_at_s: float | None = None
        self._sound: set[int] = set()
        # Times of the packets that went to the decoder before the damage: it may still hold their frames.
        self._numbers: list[int] = []
        self._last_key = 0
        self._numbered = container.format.name in NUMBERED_BY_DECODING
        if stream.codec_context.name in PICTURE_BY_PICTURE:
            stream.codec_context.options = STRICT
        # One thread decodes: the others would cost memory, and the models need the cores.
        stream.codec_context.thread_count = 1

    def __iter__(self) -> Iterator[Shown]:
        """The frames."""
        for frame in self._decoded():
            t_s = self._time_of(frame)
            self._begin(t_s)
            if frame.pts in self._sound and not frame.is_corrupt:
                self._sound.discard(frame.pts)
                yield frame, t_s, self._take_damage() if not self._waits_for_key else None
            elif self._is_whole(frame, t_s):
                yield frame, t_s, self._take_damage()
            else:
                self.lost += 1

    def _begin(self, first_s: float | None) -> None:
        """At the first frame: what should have been shown before it was lost."""
        if self._unshown is None:
            return
        base, unshown = self._stream.time_base, self._unshown
        times_s = [] if base is None else [float(number * base) for number in unshown]
        before_s = [t_s for t_s in times_s if first_s is not None and t_s < first_s]
        lost = len(before_s) + self._untimed
        if lost:
            self.lost += lost
            self.damage = self.damage or CUT_BEGINNING
        self.begins_s = min(before_s, default=first_s)
        self._unshown = None

    def _take_damage(self) -> str | None:
        damage, self.damage = self.damage, None
        return damage

    def _decoded(self) -> Iterator["VideoFrame"]:
        for packet in self._packets():
            try:
                if packet is None:
                    yield from self._stream.codec_context.decode(None)
                    continue
                if self._enter(packet):
                    yield from packet.decode()
            except av.error.FFmpegError as error:
                if packet is not None and packet.pts is not None:
                    self._sound.discard(packet.pts)
                self.lost += 1
                self._note(f"a frame cannot be decoded ({error.strerror})")

    def _enter(self, packet: "av.Packet[VideoStream]") -> bool:
        """Take account of a packet; whether it is for the decoder."""
        number = packet.dts if self._numbered else packet.pts
        self._keyed = self._keyed or packet.is_keyframe
        if self._unshown is not None and packet.size and not packet.is_discard:
            if number is not None:
                self._unshown.append(number)
            elif not self._keyed:
                self._untimed += 1
        if not self._keyed:
            # An empty packet has the decoder give what it still holds.
            return not packet.size or self._stream.codec_context.name in HOLDS_BACK or self._never_keyed()
        if packet.pts is not None and not self._waits_for_key:
            self._sound.add(packet.pts)
        if self._numbered and packet.dts is not None:
            heapq.heappush(self._numbers, packet.dts)
            self._last_key = packet.dts if packet.is_keyframe else self._last_key
        return True

    def _never_keyed(self) -> bool:
        """Whether no key frame is to be waited for: the stream refreshes part by part, or its container marks none."""
        base, unshown = self._stream.time_base, self._unshown
        if unshown and base is not None:
            self._keyed = float((max(unshown) - min(unshown)) * base) > RECOVERED_AFTER_S
        return self._keyed

    def _packets(self) -> Iterator["av.Packet[VideoStream] | None"]:
        """All packets, then None where reading broke off, so that the decoder gives what it still holds."""
        errors = 0
        while errors < MOST_READ_ERRORS:
            try:
                for packet in self._container.demux(self._stream):
                    errors = 0
                    if packet.is_corrupt:
                        self._note("a part is missing")
                    yield packet
            except BlockingIOError:
                errors += 1
            except av.error.InvalidDataError as error:
                errors += 1
                self._note(f"a part cannot be read ({error.strerror})")
            else:
                return
        yield None

    def _time_of(self, frame: "VideoFrame") -> float | None:
        if self._numbered:
            while (
                self._waits_for_key
                and self._numbers
                and self._numbers[0] < self._last_key
                and frame.key_frame
            ):
                heapq.heappop(self._numbers)  # of packets that gave no frame
            number: int | None = heapq.heappop(self._numbers) if self._numbers else None
        else:
            number = frame.pts
        base = self._stream.time_base
        return None if number is None or base is None else float(number * base)

    def _is_whole(self, frame: "VideoFrame", t_s: float | None) -> bool:
        if frame.is_corrupt:
            self._note("a frame is made from lost ones")
            self._sound.clear()  # The reader skipped something in silence: what followed it may be in the decoder already.
            return False
        if not self._waits_for_key:
            return True
        if self._damaged_at_s is None:
            self._damaged_at_s = t_s
        since_s = 0.0 if t_s is None or self._damaged_at_s is None else t_s - self._damaged_at_s
        shows_whole = frame.key_frame or self._stream.codec_context.name in WHOLE_PICTURES
        recovered = shows_whole or since_s > RECOVERED_AFTER_S
        if recovered:
            self._waits_for_key = False
            self._sound.clear()
        return recovered

    def _note(self, damage: str) -> None:
        self.damage = self.damage or damage
        self._waits_for_key = True
        self._damaged_at_s = None
