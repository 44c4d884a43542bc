"""Where the tests find real footage, and why they skip without it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mosquitto import MOSQUITTO, Mosquitto

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


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A running broker of the test's own, which lets anybody in."""
    if MOSQUITTO is None:
        pytest.skip("needs mosquitto (apt-get install mosquitto): delivery is tested against a real broker")
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Mosquitto(folder)
    broker.start()
    yield broker
    broker.kill()
