"""The units say nothing that systemd does not know, and shut their programs in; tests/test_walk.py looks at them at work."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.not_tested import needs

UNITS = Path(__file__).resolve().parents[2] / "systemd"
MOST_EXPOSED = {"deskside-kiosk.service": 2.5}
"""Beyond `ELSE_MOST`: a browser needs a sandbox of its own, a seat and memory that it writes programs into."""
ELSE_MOST = 1.5


@pytest.fixture(params=sorted(path.name for path in UNITS.glob("*.service")))
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A unit whose program is on this machine."""
    if shutil.which("systemd-analyze") is None:
        needs("systemd-analyze", "apt-get install systemd")
    text = (UNITS / str(request.param)).read_text(encoding="utf-8")
    copy = tmp_path / str(request.param)
    copy.write_text(re.sub(r"(/opt/deskside/bin/|/usr/bin/cage)\S*", "/bin/true", text), encoding="utf-8")
    return copy


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *words]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_systemd_knows_every_word_of_it(unit: Path) -> None:
    verified = analyze("verify", "--man=no", str(unit))
    if "Failed to" in verified.stderr and unit.name not in verified.stderr:
        needs("a systemd-analyze that works here", verified.stderr.strip()[-200:])
    # Of a key that it does not know it only warns.
    assert [line for line in verified.stderr.splitlines() if unit.name in line] == []
    assert verified.returncode == 0


def test_little_of_the_machine_is_open_to_it(unit: Path) -> None:
    said = analyze("security", "--offline=yes", str(unit)).stdout
    exposure = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", said)
    assert exposure is not None, said
    assert float(exposure[1]) <= MOST_EXPOSED.get(unit.name, ELSE_MOST), said


def test_a_desk_may_open_what_cameras_and_pins_need() -> None:
    text = (UNITS / "deskside.service").read_text(encoding="utf-8")
    devices = set(re.findall(r"^DeviceAllow=(\S+) rw$", text, re.MULTILINE))
    assert {"char-video4linux", "char-media", "char-dma_heap", "char-gpiochip"} <= devices
    assert "DeviceAllow=char-input r\n" in text, "it reads a badge reader's keys"
    assert "PrivateDevices=" not in text, "it would hide the cameras"
    assert "ProcSubset=" not in text, "the desk reads /proc/locks, and libcamera the processor's kind"


def test_no_other_machine_reaches_the_page_or_is_reached_by_its_browser() -> None:
    for name in ("deskside-page.service", "deskside-kiosk.service"):
        text = (UNITS / name).read_text(encoding="utf-8")
        assert "IPAddressDeny=any\nIPAddressAllow=localhost\n" in text
        assert "LimitCORE=0\n" in text
        assert re.search(r"^User=deskside-(page|kiosk)$", text, re.MULTILINE)


def test_nothing_that_the_kiosks_browser_keeps_reaches_a_disk() -> None:
    text = (UNITS / "deskside-kiosk.service").read_text(encoding="utf-8")
    assert "--user-data-dir=/run/deskside-kiosk/profile" in text
    assert "--disk-cache-dir=/dev/null" in text
    assert "HOME=/run/deskside-kiosk" in text
    assert "ReadWritePaths" not in text
