"""A picture on a sheet of paper, as a PDF, in its true size: written out here, for no desk has a library that draws."""

import zlib

from edge.arrays import Pixels

A4_ACROSS_M = (0.297, 0.210)
"""Width and height of a sheet that lies on its side (ISO 216)."""
POINTS_PER_M = 72 / 0.0254
"""PDF counts in points, 72 to the inch (ISO 32000-1, 8.3.2.3)."""


def sheet_of_a4(picture: Pixels, m_per_px: float) -> bytes:
    """A PDF of one picture, in the middle of a sheet of A4 across.

    Args:
        picture: Of shape (height, width), grey.
        m_per_px: How large a pixel is on the paper.
    """
    height, width = picture.shape
    sheet = [size_m * POINTS_PER_M for size_m in A4_ACROSS_M]
    shown = [size_px * m_per_px * POINTS_PER_M for size_px in (width, height)]
    left, low = ((whole - part) / 2 for whole, part in zip(sheet, shown, strict=True))
    place = f"q {shown[0]:.4f} 0 0 {shown[1]:.4f} {left:.4f} {low:.4f} cm /Picture Do Q"
    return _file(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            (
                f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet[0]:.4f} {sheet[1]:.4f}] "
                "/Resources <</XObject <</Picture 4 0 R>>>> /Contents 5 0 R>>"
            ).encode(),
            _stream(
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 "
                "/Interpolate false /Filter /FlateDecode",
                zlib.compress(picture.tobytes(), 9),
            ),
            _stream("", place.encode()),
        ]
    )


def _stream(told: str, content: bytes) -> bytes:
    return f"<<{told} /Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, and the table of where each begins (ISO 32000-1, 7.5)."""
    written = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    begins = []
    for number, content in enumerate(objects, 1):
        begins.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    entries = len(objects) + 1
    written_to = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%b" % (entries, table)
    return written + b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (entries, written_to)
