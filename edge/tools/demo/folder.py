"""The folder in which a demo leaves its results: nothing in it that no demo made is ever touched."""

from pathlib import Path

from protocol.errors import MendableError
from protocol.program import refusal

MARK = ".deskside-demo"
"""Says that a demo made the folder: only then may the next one replace what it finds there."""
MADE = (
    "spool.db*",
    "month.db*",
    "central.db*",
    "central.log",
    "central.toml",
    "broker.log",
    "mosquitto.conf",
    "report.html",
)
"""What a demo leaves; the databases with what SQLite keeps beside them."""


class DemoFolderError(MendableError):
    """The folder cannot be used for a demo; the text says why and what to do."""


def prepare(folder: Path) -> None:
    """Make the folder, or remove from an earlier demo's what that demo made.

    Raises:
        DemoFolderError: It holds something that no demo made, is no folder, or cannot be written.
    """
    try:
        folder.mkdir(exist_ok=True)
        mark = folder / MARK
        if not mark.exists() and any(folder.iterdir()):
            raise DemoFolderError(
                f"{folder} holds files that no demo made, and they are left alone: name a new or an empty folder with --keep"
            )
        mark.write_text("Made by `deskside demo`, which replaces its own files here each time it runs.\n")
        for pattern in MADE:
            for made in folder.glob(pattern):
                made.unlink()
    except FileNotFoundError:
        raise DemoFolderError(
            f"{folder} cannot be made: there is no folder {folder.parent}; make it, or name another with --keep"
        ) from None
    except FileExistsError:
        raise DemoFolderError(f"{folder} is a file: name a folder with --keep") from None
    except OSError as error:
        raise DemoFolderError(
            f"{error.filename or folder} cannot be written ({refusal(error)}): name another folder with --keep"
        ) from None
