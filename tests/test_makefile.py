"""Make sets up what is missing, and leaves alone what is there."""

import subprocess
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def test_make_keeps_an_environment_as_it_was_made(tmp_path: Path) -> None:
    for file in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    venv.create(tmp_path / ".venv", system_site_packages=True, symlinks=True)
    planned = subprocess.run(
        ["make", "--dry-run", ".venv/ready"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "pip install" in planned.stdout
    assert "-m venv" not in planned.stdout
