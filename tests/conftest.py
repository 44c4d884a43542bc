"""Where the tests find real footage, and why they skip without it."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DESKSIDE_SHARED", PROJECT.parent / "shared"))


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {path}: real footage and references live beside the project, never in it")
    return path


@pytest.fixture(scope="session")
def clips() -> Path:
    """The folder of labelled clips."""
    return _shared("clips")


@pytest.fixture(scope="session")
def stills() -> Path:
    """The folder of labelled stills."""
    return _shared("stills")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference models."""
    return _shared("reference")
