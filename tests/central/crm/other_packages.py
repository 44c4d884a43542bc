"""Packages of other programs that a test runs beside the project: each in a folder of its own below ``build/``, installed once."""

import fcntl
import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[3] / "build"


def installed(requirement: str) -> Path | None:
    """The folder with a package, to stand on PYTHONPATH; None where it cannot be had."""
    folder = BUILD / requirement.replace("==", "-")
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f"{folder.name}.lock").open("w") as lock:
        # Workers that ask at the same time wait for the first one.
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / "ready"
        if ready.exists():
            return folder
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), requirement]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return None
        ready.touch()
    return folder
