"""A Pi with a camera, for tests on machines that are none."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest


def plug_in(monkeypatch: pytest.MonkeyPatch, **camera: Any) -> Any:
    """Let picamera2 find a camera as `picamera2.Plugged` describes it, with these of its values; returns what was plugged in."""
    for name in ("picamera2", "libcamera"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    plugged = importlib.import_module("picamera2").Plugged
    importlib.import_module("libcamera")
    for key, value in camera.items():
        setattr(plugged, key, value)
    return plugged
