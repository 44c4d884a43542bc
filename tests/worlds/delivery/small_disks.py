"""Real file systems of a few megabytes, and others that fill them."""

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.not_tested import needs


@contextmanager
def mounted(kind: str, size_mb: int, below: Path) -> Iterator[Path]:
    """A file system of a kind and size, mounted in a folder of its own; the test is skipped where it cannot be."""
    folder = below / f"{kind}-{size_mb}"
    folder.mkdir()
    if kind == "tmpfs":
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", str(folder)]
    else:
        image = below / f"{kind}-{size_mb}.img"
        with image.open("wb") as file:
            file.truncate(size_mb * 2**20)
        _made(kind, image)
        command = ["mount", "-t", kind, "-o", "loop", str(image), str(folder)]
    mount = subprocess.run(command, capture_output=True, check=False)
    if mount.returncode != 0:
        needs(f"the right to mount a small {kind}", f"run it as root; {mount.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _made(kind: str, image: Path) -> None:
    program = shutil.which(f"mkfs.{kind}", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        needs(f"mkfs.{kind}", "apt-get install dosfstools" if kind == "vfat" else "apt-get install e2fsprogs")
    # Without blocks that only root may take, so that what runs out for root runs out for the desk.
    options = ["-q", "-F", "-m", "0"] if kind == "ext4" else []
    subprocess.run([program, *options, str(image)], check=True, capture_output=True)


FS_IOC_SHUTDOWN = 0x8004587D
"""Linux lets a file system fail at once, as with a card that is pulled out: _IOR('X', 125, __u32)."""


def die(folder: Path) -> None:
    """Let the ext4 that is mounted at a folder fail: whatever is read, written or opened from now on is an input/output error."""
    below = os.open(folder, os.O_RDONLY)
    fcntl.ioctl(below, FS_IOC_SHUTDOWN, struct.pack("I", 0))
    os.close(below)


class Others:
    """Whoever else writes to a disk until it is full; what they took they keep."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "others"

    def fill(self) -> None:
        """Take all the room there is, to the last byte."""
        with self._file.open("ab", buffering=0) as file:
            for size in (2**20, 4096, 512, 1):
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass
            with suppress(OSError):
                os.fsync(file.fileno())

    def leave(self) -> None:
        """Give back what they took."""
        self._file.unlink()
