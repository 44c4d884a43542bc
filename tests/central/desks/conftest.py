"""A registry in which two desks are entered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults, register


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(f"sqlite:///{tmp_path}/central.db")
    with Session(engine) as session:
        register(session, {"desk-1": 0.0, "desk-2": 0.0}, DeskDefaults())
        yield session
    engine.dispose()
