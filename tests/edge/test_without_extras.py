"""A desk holds only what it runs: nothing that the central service or a plot alone needs is reached while it works."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from protocol.program import EXTRAS

PROJECT = Path(__file__).resolve().parents[2]
TOLD = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DRAWING = ("edge.tools.replay.plot", "edge.tools.replay.drawing")
"""What only `deskside replay --plot` imports."""
WITHOUT = f"import sys; sys.modules |= dict.fromkeys({sorted(sum(EXTRAS.values(), ()))!r}); "
"""Begins a Python in which nothing of an extra can be imported."""


def modules() -> list[str]:
    files = (file.relative_to(PROJECT).with_suffix("") for file in (PROJECT / "edge").rglob("*.py"))
    names = (".".join(file.parts).removesuffix(".__init__") for file in files)
    return sorted(name for name in names if name not in DRAWING)


def python(code: str, *arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + code, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_every_part_of_a_desk_loads_without_what_the_extras_bring() -> None:
    done = python("import " + ", ".join(modules()))
    assert done.returncode == 0, done.stderr


def test_the_extras_are_known_by_what_is_imported_of_them() -> None:
    """What is said of a missing package names the extra that brings it."""
    brought = {
        module: {re.sub(r"[-_.]+", "-", package).lower() for package in packages}
        for module, packages in packages_distributions().items()
    }
    for extra, asked in TOLD["optional-dependencies"].items():
        names = {re.split(r"[^a-z0-9-]", wanted)[0] for wanted in asked}
        by_module = {module: brought.get(module, set()) & names for module in EXTRAS[extra]}
        assert [module for module, packages in by_module.items() if not packages] == []
        assert set().union(*by_module.values()) == names


@pytest.mark.parametrize(
    ("code", "arguments", "told"),
    [
        (
            "from central.cli import main; main()",
            ["desks", "list", "--db", "sqlite:///x.db"],
            "deskside[central]",
        ),
        ("from central.cli import main; main()", ["serve", "--no-pages"], "deskside[central]"),
        (
            "from edge.cli import main; main()",
            ["replay", "customers=clip.mp4", "--plot", "x.png"],
            "deskside[plot]",
        ),
    ],
)
def test_what_an_extra_brings_is_asked_for_in_words(
    code: str, arguments: list[str], told: str, tmp_path: Path
) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no film")
    done = python(f"sys.path.insert(0, {str(PROJECT)!r}); " + code, *arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"pip install '{told}'" in done.stderr
    assert "Traceback" not in done.stderr
