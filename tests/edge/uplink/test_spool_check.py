"""The spool's folder is checked without writing to it."""

import os
from pathlib import Path

import pytest

from edge.settings.desk_toml import Storage
from edge.uplink.spool_check import check_spool


def test_a_folder_yet_to_be_made_is_good_where_it_can_be_made(tmp_path: Path) -> None:
    found = check_spool(Storage(spool=tmp_path / "state" / "deskside" / "spool.db"))
    assert found.verdict == "good"
    assert not (tmp_path / "state").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user who is not root: root may write anywhere")
def test_a_folder_that_may_not_be_written_is_bad(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    found = check_spool(Storage(spool=tmp_path / "spool.db"))
    assert found.verdict == "bad"
    assert str(tmp_path) in found.to_do
