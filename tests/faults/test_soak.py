"""A minute in which everything goes wrong: what 50 desks put is in the database, each measurement once."""

from pathlib import Path

import pytest

from tests.faults.soak import soak

MINUTES = 0.75
"""``make soak`` takes a quarter of an hour; each fault comes once in this."""


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_whatever_goes_wrong_all_that_was_put_is_stored_exactly_once(tmp_path: Path, database: str) -> None:
    assert soak(MINUTES, tmp_path, postgresql=database == "PostgreSQL")
