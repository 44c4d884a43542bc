"""What every test can ask for: real footage, a real broker, and properties tried on the same examples in every run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.not_tested import needs, pytest_terminal_summary
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.postgresql import PostgreSQL

__all__ = ["pytest_terminal_summary"]

# How long an example takes tells nothing on a machine that does something else, too: no deadline.
settings.register_profile("same-every-run", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile("same-every-run")

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DESKSIDE_SHARED", PROJECT.parent / "shared"))


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        needs(
            f"the footage of {path}",
            "it lives beside the project, never in it; DESKSIDE_SHARED names another place",
        )
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
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Mosquitto(folder)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running PostgreSQL server of the tests' own; every test asks it for a database of its own."""
    pytest.importorskip("psycopg", reason="needs psycopg: make, which installs the lock")
    server = PostgreSQL()
    server.make()
    server.start()
    yield server
    server.remove()
