"""Stands in for the display library that picamera2 imports and a desk's service never uses."""


class _AnyFormat(type):
    def __getattr__(cls, name: str) -> str:
        return name


class PixelFormat(metaclass=_AnyFormat):
    """Has whatever format is asked for."""
