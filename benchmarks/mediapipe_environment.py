"""MediaPipe in an environment of its own, to be compared with: it needs other versions than the project's."""

import subprocess
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
ENVIRONMENT = PROJECT / ".venv-mediapipe"
MEDIAPIPE = "mediapipe==0.10.21"


def mediapipe_python() -> Path:
    """The interpreter of MediaPipe's environment, made at the first run."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        print(f"making {ENVIRONMENT.name} with {MEDIAPIPE} ...", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--quiet", MEDIAPIPE], check=True)
        (ENVIRONMENT / "ready").touch()
    return python
