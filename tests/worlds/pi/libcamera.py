"""Stands in for libcamera's names where there is no libcamera."""

from typing import Any


class ColorSpace:
    @staticmethod
    def Smpte170m() -> str:  # noqa: N802 - libcamera's name
        return "SMPTE170M"


class Transform:
    def __init__(self, *, hflip: bool = False, vflip: bool = False, **_: Any) -> None:
        self.hflip, self.vflip = hflip, vflip
