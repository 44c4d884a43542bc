"""Runs the checks of virtual_root/ inside a root with the real picamera2, where there is one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.not_tested import needs

CHECKS = Path(__file__).parent / "virtual_root" / "check_picamera.py"
PROJECT = Path(__file__).resolve().parents[3]
VARIABLE = "DESKSIDE_CAMERA_ROOT"
ENTER = """
mount --bind /dev "$0/dev" && mount --bind /sys "$0/sys" && mount -t proc proc "$0/proc" &&
exec chroot "$0" env LD_PRELOAD=/harness/dma_buffers.so PYTHONPATH=/harness:/harness/project PYTHONDONTWRITEBYTECODE=1 \
  /harness/venv/bin/python -m pytest -q -p no:cacheprovider --import-mode=importlib \
  --rootdir /harness "/harness/project/tests/edge/camera/virtual_root/check_picamera.py::$1"
"""


@pytest.fixture(scope="module")
def root() -> Path:
    """The root, with the project as it is now and pictures for its camera."""
    if VARIABLE not in os.environ:
        needs(
            "a root with picamera2", f"tests/edge/camera/virtual_root/make_root.sh DIR, then {VARIABLE}=DIR"
        )
    root = Path(os.environ[VARIABLE])
    project = root / "harness" / "project"
    shutil.rmtree(project, ignore_errors=True)
    for part in ("protocol", "edge", "tests/edge/camera"):
        shutil.copytree(PROJECT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    frames = root / "harness" / "frames"
    for number in range(10):
        picture = np.zeros((720, 1280, 3), np.uint8)
        for channel, left in ((2, 0), (1, 427), (0, 853)):
            picture[:, left : left + 427, channel] = 120 + 12 * number
        assert cv2.imwrite(str(frames / f"{number:03}.jpg"), picture)
    return root


@pytest.mark.parametrize("check", re.findall(r"^def (test_\w+)", CHECKS.read_text(), re.MULTILINE))
def test_our_camera_on_the_real_picamera2(check: str, root: Path) -> None:
    enter = ["unshare", "-m", "sh", "-c", ENTER, str(root), check]
    finished = subprocess.run(enter, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
