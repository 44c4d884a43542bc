"""Both programs answer at once what they are and what they can do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = {"deskside": "edge", "deskside-central": "central"}
HEAVY = {
    "numpy", "cv2", "scipy", "onnxruntime", "matplotlib", "shapely", "gpiozero", "paho", "pydantic", "sqlalchemy",
    "alembic", "jinja2", "tomlkit", "sqlite3", "ssl",
}  # fmt: skip
"""What only a command needs: each takes a tenth of a second or more to load on a Pi."""


def run(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        f"from {package}.cli import main\n"
        "main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize("package", PROGRAMS.values())
@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_what_a_program_is_and_can_is_said_without_loading_what_it_works_with(
    package: str, asked: str
) -> None:
    loaded = set(run(package, asked).stderr.split())
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(("program", "package"), PROGRAMS.items())
def test_a_program_names_its_version(program: str, package: str) -> None:
    assert re.match(rf"{program} \d+\.\d+", run(package, "--version").stdout)


@pytest.mark.parametrize(("program", "package"), PROGRAMS.items())
def test_a_program_runs_as_a_module_too(program: str, package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"{package}.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"{program} ")


def test_no_terminal_of_either_program_reads_markup_in_names_and_paths() -> None:
    project = Path(__file__).resolve().parents[1]
    consoles = [
        (file.name, found[1])
        for room in PROGRAMS.values()
        for file in (project / room).rglob("*.py")
        for found in re.finditer(r"\bConsole\(([^)]*)\)", file.read_text(encoding="utf-8"))
    ]
    assert consoles
    assert [each for each in consoles if "markup=False" not in each[1] or "emoji=False" not in each[1]] == []
