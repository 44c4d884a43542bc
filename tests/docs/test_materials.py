"""The bill of materials lists what the locks and the models hold, is what CycloneDX calls valid, and comes out the same each time."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = {"deskside": "requirements-run.lock", "deskside-central": "requirements-central.lock"}

pytestmark = pytest.mark.skipif(
    find_spec("cyclonedx") is None, reason="needs cyclonedx-python-lib: make .venv/ready"
)


def written(folder: Path, seed: str) -> dict[str, bytes]:
    """The files that a run writes, by their names."""
    command = [sys.executable, "-m", "docs.materials", str(folder)]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    first, second = (written(tmp_path_factory.mktemp("materials"), seed) for seed in ("1", "2"))
    assert first == second, "two runs write the same bytes"
    return {name.removesuffix(".cdx.json"): json.loads(text) for name, text in first.items()}


@pytest.mark.parametrize("program", LOCKS)
def test_every_line_of_the_lock_and_every_model_stands_in_it(lists: dict[str, Any], program: str) -> None:
    locked = re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", (PROJECT / LOCKS[program]).read_text(), re.MULTILINE)
    models = json.loads((PROJECT / "models" / "manifest.json").read_text())["models"]
    packages = [each for each in lists[program]["components"] if each["type"] == "library"]
    assert {(each["name"], each["version"]) for each in packages} == set(locked)
    assert all(each["hashes"] for each in packages)
    assert {each["name"] for each in lists[program]["components"] if each not in packages} == set(models)


@pytest.mark.parametrize("program", LOCKS)
def test_it_is_valid_and_tells_licences_and_who_needs_whom(lists: dict[str, Any], program: str) -> None:
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415  (only where it is installed)
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(lists[program])) is None
    (paho,) = (each for each in lists[program]["components"] if each["name"] == "paho-mqtt")
    assert paho["licenses"] == [{"expression": "EPL-2.0 OR BSD-3-Clause"}]
    needed = {each["ref"]: each.get("dependsOn", []) for each in lists[program]["dependencies"]}
    assert paho["bom-ref"] in needed[program]
    assert any(
        ref.startswith("pkg:pypi/pygments@")
        for ref in needed["pkg:pypi/rich@" + _version(lists[program], "rich")]
    )
    assert "timestamp" not in lists[program]["metadata"]


def _version(made: dict[str, Any], name: str) -> str:
    return next(str(each["version"]) for each in made["components"] if each["name"] == name)
