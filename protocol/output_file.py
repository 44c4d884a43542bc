"""Files that a command is told to write: one that holds something else is left alone."""

from pathlib import Path

from protocol.errors import MendableError
from protocol.program import refusal

_LOOKED_AT = 65536
"""Bytes of a file's first line that are looked at; the header of a recording is some 3 kB."""


class NotReplacedError(MendableError):
    """The file holds something that no such command wrote; the text names it and says what to do."""


def check_replaceable(path: Path, mark: bytes, what: str) -> None:
    """Refuse to write over a file that holds something else; what is not there, empty, or no plain file may be written.

    Args:
        path: Where a command is to write.
        mark: What stands in the first line of each file that the command writes.
        what: What it writes, in words.

    Raises:
        NotReplacedError: The file is there, and is no such file or may not be looked at.
    """
    try:
        if not path.is_file() or path.stat().st_size == 0:
            return
        with path.open("rb") as file:
            line = file.readline(_LOOKED_AT)
    except PermissionError as error:
        # Said before the work is done, not when it is to be written.
        raise NotReplacedError(f"{path} cannot be written: {refusal(error)}") from None
    except OSError:
        return  # Whoever writes it is told the same.
    if mark not in line:
        raise NotReplacedError(
            f"{path} is there already and is no {what}: it is left as it is; name another file"
        )
