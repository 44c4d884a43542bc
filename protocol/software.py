"""Which software this is: its version and the commit it was made from."""

import importlib.metadata
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DISTRIBUTION = "deskside"
UNKNOWN_VERSION = "0.0.0"
"""The version of a tree that was never installed; a build without git history has it too (pyproject.toml)."""
COMMIT_DIGITS = 12
"""Enough to name one commit among many millions."""
GIT_PATIENCE_S = 5.0
"""Git answers in some 10 ms; a hung network disk must not keep a desk from measuring."""

_NODE = re.compile(r"g([0-9a-f]{7,40})")
_TREE = Path(__file__).resolve().parents[1]
_BUILT_FROM = Path("protocol", "commit.txt")
"""Written by the build (pyproject.toml) for software that runs outside a checkout: ``g`` and the commit, or ``None``."""


@dataclass(frozen=True, slots=True)
class Software:
    """What runs.

    Example:
        >>> print(Software("0.2.0", commit="1dd37c7a9c2e"))
        0.2.0 (commit 1dd37c7a9c2e)
        >>> print(Software("0.2.0", commit=None))
        0.2.0
    """

    version: str
    """As installed: made from the git tag when it was built."""
    commit: str | None
    """Start of the commit's hash, followed by ``-dirty`` when files of the checkout were changed; None if unknown."""

    def __str__(self) -> str:
        return self.version if self.commit is None else f"{self.version} (commit {self.commit})"


@cache
def running_software() -> Software:
    """The software that this process runs; in a git checkout its present commit, else the one that was built."""
    try:
        version = importlib.metadata.version(DISTRIBUTION)
    except (importlib.metadata.PackageNotFoundError, OSError):
        version = UNKNOWN_VERSION
    return Software(version, commit_of(_TREE))


def commit_of(tree: Path) -> str | None:
    """The commit of the source tree (or of the folder of installed packages) ``tree``; None if unknown."""
    try:
        if (tree / ".git").exists():
            return _checked_out(tree)
        built_from = _NODE.fullmatch((tree / _BUILT_FROM).read_text(encoding="utf-8").strip())
    except OSError:
        return None
    return built_from[1] if built_from else None


def _checked_out(tree: Path) -> str | None:
    # A git that runs us (as a hook) sets variables that name its own repository and index.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [
        # A desk's service does not own the files it runs; git would refuse to read them.
        *("git", "-c", f"safe.directory={tree}", "-C", str(tree)),
        *("describe", "--always", "--dirty", "--exclude=*", f"--abbrev={COMMIT_DIGITS}"),
    ]
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=GIT_PATIENCE_S,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
