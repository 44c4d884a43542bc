"""A registry in which two desks are entered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.registry import DeskRow


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(f"sqlite:///{tmp_path}/central.db")
    with Session(engine) as session:
        for device in ("desk-1", "desk-2"):
            session.add(
                DeskRow(
                    device=device, company="", showroom="", label="", timezone="UTC", registered_wall_s=0.0
                )
            )
        session.flush()
        yield session
    engine.dispose()
