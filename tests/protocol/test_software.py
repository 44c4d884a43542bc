import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.software import COMMIT_DIGITS, UNKNOWN_VERSION, commit_of, running_software

PROJECT = Path(__file__).resolve().parents[2]


def _git(tree: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=tree, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    tree = tmp_path / "checkout"
    tree.mkdir()
    _git(tree, "init", "--quiet")
    (tree / "file").write_text("first")
    _git(tree, "add", "file")
    _git(tree, "commit", "--quiet", "--message", "Begin")
    return tree


def test_a_checkout_is_named_by_its_present_commit(checkout: Path) -> None:
    assert commit_of(checkout) == _git(checkout, "rev-parse", "HEAD")[:COMMIT_DIGITS]


def test_a_tag_does_not_hide_the_commit(checkout: Path) -> None:
    _git(checkout, "tag", "v1.0.0")
    assert commit_of(checkout) == _git(checkout, "rev-parse", "HEAD")[:COMMIT_DIGITS]


def test_a_changed_checkout_says_so(checkout: Path) -> None:
    (checkout / "file").write_text("second")
    assert commit_of(checkout) == _git(checkout, "rev-parse", "HEAD")[:COMMIT_DIGITS] + "-dirty"


def test_a_hook_of_another_repository_does_not_lend_its_commit(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = commit_of(checkout)
    monkeypatch.setenv("GIT_DIR", str(PROJECT / ".git"))
    assert commit_of(checkout) == expected


def test_outside_a_checkout_the_build_has_written_the_commit(tmp_path: Path) -> None:
    (tmp_path / "protocol").mkdir()
    (tmp_path / "protocol" / "commit.txt").write_text("g6633b54f3")
    assert commit_of(tmp_path) == "6633b54f3"


@pytest.mark.parametrize("written", ["None", "", None])
def test_a_tree_of_unknown_origin_has_no_commit(written: str | None, tmp_path: Path) -> None:
    (tmp_path / "protocol").mkdir()
    if written is not None:
        (tmp_path / "protocol" / "commit.txt").write_text(written)
    assert commit_of(tmp_path) is None


def test_a_repository_that_git_cannot_read_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere")
    assert commit_of(tmp_path) is None


def test_a_tree_without_git_and_never_installed_runs_and_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "protocol").mkdir()
    for name in ("__init__.py", "software.py"):
        shutil.copy(PROJECT / "protocol" / name, tmp_path / "protocol" / name)
    program = "from protocol.software import running_software; print(running_software())"
    # -S leaves the installed packages out.
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == UNKNOWN_VERSION


def test_what_runs_is_short_enough_for_a_birth() -> None:
    assert 0 < len(str(running_software())) <= 100
