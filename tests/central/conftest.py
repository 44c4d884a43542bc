"""An empty database of each kind that the service keeps measurements in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from central.database.engine import migrate, open_for_migration, open_for_writing


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A SQLite file that is not there yet, and a database of a real PostgreSQL server with the service's tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/central.db"
    url: str = request.getfixturevalue("postgresql").new_database()
    """A database of either kind, brought up to date."""
    engine = open_for_migration(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database of either kind, brought up to date."""
    engine = open_for_writing(database_url)
    yield engine
    engine.dispose()
