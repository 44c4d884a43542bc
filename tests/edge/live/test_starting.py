"""A desk that starts says so before it loads what takes seconds."""

import os
import subprocess
import sys
from pathlib import Path

from protocol.shipped import STANDARDS

PROJECT = Path(__file__).resolve().parents[3]
DESK = """
[desk]
device = "desk-3"

[lights]
host = {{ kind = "separate", red = 17, amber = 27, green = 22 }}

[storage]
spool = "{folder}/spool.db"
"""
LOOK = """
import sys, time
from pathlib import Path
from gpiozero.devices import Device
from gpiozero.pins.mock import MockFactory
from edge.live.starting import beginning

Device.pin_factory = MockFactory()
amber = Device.pin_factory.pin(27)
with beginning(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])) as began:
    until_s = time.monotonic() + 30.0
    while not amber.state and time.monotonic() < until_s:
        time.sleep(0.01)
    heavy = [name for name in ("onnxruntime", "cv2", "av", "scipy", "paho") if name in sys.modules]
    print("lit" if amber.state else "dark", *heavy)
print("lit" if amber.state else "dark")
"""


def test_the_starting_light_is_lit_before_any_model_or_camera_is_loaded(tmp_path: Path) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text(DESK.format(folder=tmp_path))
    command = [sys.executable, "-c", LOOK, str(desk), str(STANDARDS), str(tmp_path)]
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.splitlines() == ["lit", "dark"], done.stdout + done.stderr
