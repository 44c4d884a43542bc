"""The wheel is the whole product: installed anywhere, both programs work far from a checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.not_tested import needs

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both programs, installed in an environment of their own; what they depend on is this machine's."""
    environment = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    (site,) = environment.glob("lib/python3*/site-packages")
    # Not as a .pth of site.addsitedir's: that one would take in the editable install of the checkout too.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


def run(programs: Path, home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program as a user runs it who never saw the checkout."""
    work = home / "elsewhere"
    work.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "XDG_CACHE_HOME")}
    return subprocess.run(
        [str(programs / command[0]), *command[1:]],
        cwd=work,
        env={**kept, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_broker_for_trying_comes_with_the_extra_that_brings_the_pages(wheel: Path) -> None:
    """`deskside-central serve --with-broker` needs no mosquitto where the package was installed with its extra."""
    with zipfile.ZipFile(wheel) as packed:
        (metadata,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        asked = packed.read(metadata).decode().splitlines()
    assert [
        line for line in asked if line.startswith("Requires-Dist: amqtt") and "extra == 'central'" in line
    ]
    assert "\namqtt==" in (PROJECT / "requirements-central.lock").read_text(encoding="utf-8")


def test_the_wheel_carries_what_the_programs_read_and_what_the_law_asks(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "licenses/LICENSE",
        "licenses/NOTICE",
        "licenses/models/LICENSE",
        "licenses/models/NOTICE",
        "models/manifest.json",
        "models/movenet_multipose.onnx",
        "firmware_config/desk.toml",
        "firmware_config/standards/eight-teeth.toml",
        "firmware_config/broker/mosquitto.conf",
        "edge/cadence/cadences.toml",
        "central/reports/templates/day.html.j2",
        "lib/systemd/system/deskside.service",
        "lib/systemd/system/deskside-central.service",
        "lib/sysusers.d/deskside.conf",
        "lib/tmpfiles.d/deskside-central.conf",
    ):
        assert any(name.endswith(needed) for name in names), needed
    assert not [name for name in names if name.startswith(("tests/", "models/build", "benchmarks/"))]


def test_nothing_of_the_checkout_is_used(programs: Path, tmp_path: Path) -> None:
    where = "import edge, protocol.shipped as s; print(edge.__path__, s.STANDARDS.exists(), s.CHECKOUT)"
    said = run(programs, tmp_path, "python", "-c", where).stdout
    assert str(programs.parent) in said
    assert said.endswith("True None\n")


@pytest.mark.parametrize("program", ["deskside", "deskside-central"])
def test_a_program_tells_its_version_and_what_it_can(programs: Path, tmp_path: Path, program: str) -> None:
    assert run(programs, tmp_path, program, "--version").stdout.startswith(f"{program} ")
    assert "Commands" in run(programs, tmp_path, program, "--help").stdout


def test_the_desk_finds_its_models_and_the_settings_to_copy(programs: Path, tmp_path: Path) -> None:
    said = run(programs, tmp_path, "deskside", "doctor", "--desk", "desk.toml").stdout
    assert "every hash as in the manifest" in " ".join(said.split())
    assert (programs.parent / "lib" / "systemd" / "system" / "deskside.service").exists()


def test_the_centre_lists_its_standards(programs: Path, tmp_path: Path) -> None:
    assert "eight-teeth" in run(programs, tmp_path, "deskside-central", "standards", "list").stdout


def test_the_demo_runs_and_leaves_its_results_where_it_was_started(programs: Path, tmp_path: Path) -> None:
    media = PROJECT / "build" / "demo-media"
    if not (media / "host.mp4").exists():
        needs("the demo's footage", "make demo")
    cache = tmp_path / ".cache" / "deskside"
    cache.mkdir(parents=True)
    (cache / "demo-media").symlink_to(media)
    done = run(programs, tmp_path, "deskside", "demo")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "elsewhere" / "deskside-demo" / "report.html").exists()
    assert done.stderr == ""
