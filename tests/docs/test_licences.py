"""A package under a licence that is not on the list is refused wherever it lies among the others."""

import subprocess
import sys
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    find_spec("license_expression") is None, reason="needs license-expression: make .venv/ready"
)


def check(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "docs.licences", *options]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def planted(folder: Path, packages: dict[str, list[str]]) -> str:
    """The packages of a fresh environment into which some were installed, each with its lines of metadata."""
    venv.create(folder / "environment", with_pip=False)
    wheels = []
    for name, told in packages.items():
        file = name.replace("-", "_")
        wheels.append(folder / f"{file}-1.0-py3-none-any.whl")
        with zipfile.ZipFile(wheels[-1], "w") as made:
            metadata = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *told, ""]
            made.writestr(f"{file}-1.0.dist-info/METADATA", "\n".join(metadata))
            made.writestr(
                f"{file}-1.0.dist-info/WHEEL",
                "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            )
            made.writestr(f"{file}-1.0.dist-info/RECORD", "")
    python = folder / "environment" / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
    ]
    subprocess.run([*pip, *map(str, wheels)], check=True, capture_output=True)
    (packages_of,) = (folder / "environment").glob("lib/python3*/site-packages")
    return str(packages_of)


def test_every_package_that_is_worked_with_is_under_a_licence_on_the_list() -> None:
    done = check()
    assert done.returncode == 0, done.stderr


def test_a_package_under_another_licence_or_an_unknown_one_is_refused_by_name(tmp_path: Path) -> None:
    refused = {
        "of-gpl": ["License-Expression: GPL-3.0-or-later"],
        "of-both": ["License-Expression: MIT AND AGPL-3.0-only"],
        "of-short-name": ["License: GPLv3"],
        "of-classifier": ["Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)"],
        "of-words": ["License: MIT-like, ask us"],
        "of-mpl": ["License-Expression: MPL-2.0"],
        "of-text": ["License: Copyright somebody", "        All rights reserved."],
        "of-nothing": [],
    }
    done = check("--path", planted(tmp_path, {**refused, "of-mit": ["License-Expression: MIT"]}))
    assert done.returncode == 1
    told = [
        line.partition(" is under a licence that is not on the list: ") for line in done.stderr.splitlines()
    ]
    assert [name for name, _, _ in told] == sorted(f"{name} 1.0" for name in refused)
    assert all("decide" in what for _, _, what in told)


def test_a_package_that_says_in_any_usual_way_that_it_is_permissive_is_taken(tmp_path: Path) -> None:
    taken = {
        "of-either": ["License-Expression: GPL-2.0-only OR MIT"],
        "of-exception": ["License-Expression: Apache-2.0 WITH LLVM-exception"],
        "of-library": ["License-Expression: LGPL-3.0-or-later"],
        "of-short-name": ["License: BSD 3-Clause License"],
        "of-both": [
            "License: A text",
            "        of some lines.",
            "Classifier: License :: OSI Approved :: MIT License",
        ],
    }
    done = check("--all", "--path", planted(tmp_path, taken))
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[:-1]] == sorted(taken)
