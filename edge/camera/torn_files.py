"""What the first and last bytes of a video file tell of a beginning or an end that is missing."""

import os
from pathlib import Path

AMID_A_PICTURE = "the file begins amid a picture: its beginning was cut off"
"""The damage of a file that does not begin as its kind does."""

NO_INDEX = (
    "is an MP4 or MOV file that was cut off before its index (moov), which is written last and without which no picture in it can be found: "
    "copy it again from where it came from, or let `untrunc` rebuild the index after a whole file of the same camera; a recorder that may "
    "lose its power writes MKV or TS, which need none."
)
"""What an MP4 without its index is, and what to do."""

TS_SYNC = b"\x47"
"""The first byte of each packet of a transport stream."""

FIRST_BYTES = {
    "mjpeg": (b"\xff\xd8\xff",),
    "jpeg_pipe": (b"\xff\xd8\xff",),
    "h264": (b"\0\0\1", b"\0\0\0\1"),
    "hevc": (b"\0\0\1", b"\0\0\0\1"),
    "mpegts": (TS_SYNC,),
}
"""With what a whole file of a kind begins, by FFmpeg's name of the kind: start of image (JPEG, ITU-T T.81 B.1), start code (H.264 and H.265,
annex B), sync byte (ISO/IEC 13818-1)."""

REST_SWALLOWS_NEXT = frozenset({"mjpeg", "jpeg_pipe"})
"""Kinds of which FFmpeg takes the rest of a picture and the whole one behind it for one."""

BLU_RAY_STAMP_BYTES = 4
"""Recorders of discs and some cameras write a time before each packet of a transport stream (.m2ts)."""

LONGEST_PICTURE_BYTES = 16 * 2**20
"""How far into a file the next picture is looked for; a JPEG of 50 megapixels has fewer bytes."""

LONGEST_TAIL_BYTES = 16 * 2**20
"""Zero bytes that may follow a GIF or a transport stream: what a recorder set aside on its card and did not fill."""

TS_PACKET_BYTES = 188
"""MPEG transport streams are made of packets of this size (ISO/IEC 13818-1); one that ends within a packet was cut off."""

TS_ENDING_ZEROS = 16
"""More zero bytes at the end of a packet are no picture's: they were set aside on a card and not filled."""


def bytes_before(beginnings: tuple[bytes, ...], path: Path) -> int:
    """How many bytes stand before the first picture that begins in a file; 0 where it begins with one, or where none is found."""
    with path.open("rb") as file:
        head = file.read(LONGEST_PICTURE_BYTES)
    stamped = [head[at : at + 1] for at in (BLU_RAY_STAMP_BYTES, 2 * BLU_RAY_STAMP_BYTES + TS_PACKET_BYTES)]
    if head.startswith(beginnings) or stamped == [TS_SYNC, TS_SYNC]:
        return 0
    found = [at for first in beginnings if (at := head.find(first)) >= 0]
    return min(found, default=0)


def lacks_index(path: Path) -> bool:
    """Whether a file is an MP4 or MOV without its index (ISO/IEC 14496-12, 4.2: boxes of a size and a kind)."""
    kinds = set()
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        at = 0
        while at < size:
            file.seek(at)
            head = file.read(16)
            kinds.add(head[4:8])
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:], "big")
            if length < 8:  # To the end of the file, or no box.
                break
            at += length
    return bool(kinds & {b"ftyp", b"mdat"}) and b"moov" not in kinds


def ends_with(path: Path, end: bytes) -> bool:
    """Whether a file ends with these bytes; zero bytes may follow."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(-min(file.tell(), LONGEST_TAIL_BYTES), os.SEEK_END)
        return file.read().rstrip(b"\0").endswith(end)


def ends_within_a_packet(path: Path) -> bool:
    """Whether the last packet of a transport stream is not all there."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(-min(size, LONGEST_TAIL_BYTES), os.SEEK_END)
        zeros = len(tail := file.read()) - len(tail.rstrip(b"\0"))
    missing = -(size - zeros) % TS_PACKET_BYTES
    return missing > (TS_ENDING_ZEROS if zeros >= missing else 0)
