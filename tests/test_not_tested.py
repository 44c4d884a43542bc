"""A run says at its end what it did not test, and how to get what it lacks."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TESTS = """
import pytest
from tests.not_tested import needs

@pytest.mark.parametrize("number", range(3))
def test_of_a_broker(number):
    needs("a broker", "apt-get install broker")

@pytest.fixture
def disk():
    needs("a disk", "buy one")

def test_of_a_disk(disk):
    pass

@pytest.mark.skipif(True, reason="needs a bird")
def test_of_a_bird():
    pass

def test_of_nothing():
    pass
"""


def run(folder: Path, tests: str, *options: str) -> list[str]:
    (folder / "test_parts.py").write_text(tests)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.not_tested",
        "-p",
        "no:cacheprovider",
        *options,
        str(folder),
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("options", [(), ("--numprocesses", "2")], ids=["in one process", "in several"])
def test_every_reason_to_skip_is_said_once_with_its_number_of_tests(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = [line for line in run(tmp_path, TESTS, *options) if line.startswith("not tested")]
    assert said[0] == "not tested: 3 tests need a broker: apt-get install broker"
    assert set(said[1:]) == {"not tested: 1 test needs a disk: buy one", "not tested: 1 test needs a bird"}


def test_a_run_that_tested_everything_says_nothing_of_it(tmp_path: Path) -> None:
    assert not [line for line in run(tmp_path, "def test_of_nothing(): pass") if "not tested" in line]
