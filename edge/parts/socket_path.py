"""Sockets that are files: their addresses, of which the kernel takes no long one however deep their folder lies, and their coming and going."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def reachable(file: Path) -> Iterator[str]:
    """An address of the socket that is short enough: the kernel takes 107 bytes (unix(7))."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)


@contextmanager
def socket_file(file: Path, kind: socket.SocketKind) -> Iterator[socket.socket]:
    """A socket that never waits, to which its user and group may write; its file goes with it.

    Every step touches the disk, which may hang: on a thread of its own only.

    Args:
        file: Of the socket; what a desk before this one left there is taken away.
        kind: ``SOCK_DGRAM`` or ``SOCK_STREAM``.

    Raises:
        OSError: It cannot be made there.
    """
    with socket.socket(socket.AF_UNIX, kind | socket.SOCK_NONBLOCK) as opened:
        file.unlink(missing_ok=True)
        with reachable(file) as address:
            opened.bind(address)
        try:
            file.chmod(0o660)
            yield opened
        finally:
            with suppress(OSError):
                file.unlink(missing_ok=True)
