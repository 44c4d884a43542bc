"""Make sets up what is missing, and leaves alone what is there."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.not_tested import needs

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


def test_a_registry_that_cannot_be_reached_is_said_last_and_in_words(tmp_path: Path) -> None:
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        needs("a kernel that lets a test go without a network", "run the tests as root")
    for file in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    alone_with_pip = {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}
    done = subprocess.run(
        [*alone, "make", f"PYTHON={sys.executable}", ".venv/ready"],
        cwd=tmp_path,
        env=alone_with_pip,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "The package registry cannot be reached" in done.stderr.splitlines()[-2]
    assert not (tmp_path / ".venv" / "ready").exists()


def test_only_root_installs(tmp_path: Path) -> None:
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        needs("setpriv", "apt-get install util-linux")
    (tmp_path / "Makefile").write_bytes((PROJECT / "Makefile").read_bytes())
    visitor = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*visitor, "make", "--file", "-", "install-desk"],
        input=(tmp_path / "Makefile").read_text(),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "as root: sudo make install-desk" in done.stdout
