"""What the user can mend has one root, so that no command line keeps a list of exceptions."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("program", "arguments", "told"),
    [
        ("edge", ["replay", "nowhere.jsonl"], "nowhere.jsonl"),
        ("edge", ["phone", "watch", "--desk", "nowhere.toml"], "nowhere.toml"),
        ("edge", ["replay", "left=right.mp4"], "customers"),
        ("central", ["report", "--db", "sqlite:///nowhere.db"], "there is no database"),
        ("central", ["desks", "list", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_the_user_can_mend_ends_a_program_with_words(
    program: str, arguments: list[str], told: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"from {program}.cli import main; main()", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
